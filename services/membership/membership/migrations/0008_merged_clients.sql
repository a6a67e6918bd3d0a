-- Clients who turned out to be another mean that one, for ever; chains of merges are collapsed:
-- whoever is named here is named by nobody as merged.
ALTER TABLE clients ADD COLUMN merged_into uuid REFERENCES clients;
