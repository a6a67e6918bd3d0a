-- For whom a membership was imported, the owner first: asked again, they may be one with others.
ALTER TABLE memberships ADD COLUMN imported_for uuid[];
UPDATE memberships SET imported_for = owner_client_id || shared_client_ids
WHERE reference IS NOT NULL;
ALTER TABLE memberships
    ADD CONSTRAINT imported_for_whom CHECK ((reference IS NULL) = (imported_for IS NULL));
