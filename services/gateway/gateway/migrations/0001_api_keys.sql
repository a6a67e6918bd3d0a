-- Who may call. Of the key itself only a hash is kept.
CREATE TABLE api_keys (
    id          uuid PRIMARY KEY,
    key_hash    bytea NOT NULL UNIQUE,
    role        text NOT NULL CHECK (role IN ('platform', 'gateway', 'operator', 'widget', 'reader')),
    chain_id    uuid,
    location_id uuid,
    name        text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    revoked_at  timestamptz,
    CHECK ((role = 'platform') = (chain_id IS NULL)),
    CHECK ((role IN ('operator', 'widget')) = (location_id IS NOT NULL))
);

CREATE INDEX api_keys_by_chain ON api_keys (chain_id);

-- Commands that were not answered in time: their callers got an address to ask at, which must not
-- say "not found" while the command still waits in its topic.
CREATE TABLE late_operations (
    command_id uuid PRIMARY KEY,
    principal  uuid NOT NULL,
    asked_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX late_operations_by_age ON late_operations (asked_at);
