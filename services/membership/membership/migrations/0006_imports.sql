-- Memberships that were issued elsewhere: their name there, and a digest of all that was told.
ALTER TABLE memberships
    ALTER COLUMN sale_id DROP NOT NULL, -- nobody sold it here
    ADD COLUMN reference text,
    ADD COLUMN import_digest text,
    ADD CONSTRAINT sold_or_imported CHECK ((sale_id IS NULL) = (reference IS NOT NULL)),
    ADD CONSTRAINT imported_whole CHECK ((reference IS NULL) = (import_digest IS NULL));

CREATE UNIQUE INDEX memberships_reference ON memberships (chain_id, reference);

-- Nothing may be left of what is imported.
ALTER TABLE buckets
    DROP CONSTRAINT buckets_granted_check,
    ADD CONSTRAINT buckets_granted_check CHECK (granted >= 0);
