"""Load many, save many: one query a table."""
