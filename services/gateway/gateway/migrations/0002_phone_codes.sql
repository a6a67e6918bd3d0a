-- Codes that show that a client has a phone. The code itself is not here, not even a hash of it: it
-- is the keyed hash of its row's id, whose key the database does not know. Numbers and callers are
-- keyed hashes, too; the number stands here for the minute that sending it takes.
CREATE TABLE phone_codes (
    id            uuid PRIMARY KEY,
    location_id   uuid NOT NULL,
    location_name text NOT NULL,
    phone_hash    bytea NOT NULL,
    caller_hash   bytea NOT NULL,
    phone         text,
    tries         smallint NOT NULL DEFAULT 0 CHECK (tries <= 5),
    asked_at      timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL DEFAULT now() + interval '5 minutes',
    confirmed_at  timestamptz,
    send_at       timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX phone_codes_by_phone ON phone_codes (phone_hash, asked_at);
CREATE INDEX phone_codes_by_caller ON phone_codes (caller_hash, asked_at);
CREATE INDEX phone_codes_by_age ON phone_codes (asked_at);
CREATE INDEX phone_codes_to_send ON phone_codes (send_at) WHERE phone IS NOT NULL;
