"""Load many, save many: the only SQL that writes."""
