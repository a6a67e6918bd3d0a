-- Whoever was erased has neither name nor phone; nor has a name who was merged into another client.
-- The number of that one stays, as one more of the other's: it is unique in the chain as all are.
ALTER TABLE clients
    ALTER COLUMN name DROP NOT NULL,
    ALTER COLUMN phone DROP NOT NULL,
    ADD COLUMN erased_at timestamptz,
    ADD CHECK (erased_at IS NULL OR (name IS NULL AND phone IS NULL));
CREATE INDEX clients_by_name ON clients (chain_id, lower(left(name, 100)), client_id)
    WHERE name IS NOT NULL;

-- Clients who turned out to be the same person as another. An alias never ends, and always names a
-- client who is none. Ids that were written before stay where they are, and are read through it.
CREATE TABLE client_aliases (
    alias_id  uuid PRIMARY KEY REFERENCES clients,
    client_id uuid NOT NULL REFERENCES clients,
    CHECK (alias_id <> client_id)
);
CREATE INDEX ON client_aliases (client_id);

-- Erasures of which copies may be left: in what transactions wrote that were under way then, and in
-- the topics. A row is there until they are gone, too.
CREATE TABLE erasures (
    client_id uuid PRIMARY KEY REFERENCES clients,
    erased_by bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
);
