-- Membership types, wallets, memberships, the ledger of buckets, holds and settlements.

CREATE TABLE membership_types (
    membership_type_id uuid PRIMARY KEY,
    chain_id           uuid NOT NULL,
    name               text NOT NULL,
    price              bigint NOT NULL CHECK (price >= 0), -- minor units
    currency           text NOT NULL,
    buckets            jsonb NOT NULL, -- [{"sessions": 8, "service_ids": ["…"]}]; null: unlimited
    validity_count     integer CHECK (validity_count > 0),
    validity_unit      text CHECK (validity_unit IN ('days', 'weeks', 'months', 'years')),
    activation         text NOT NULL CHECK (activation IN ('on_sale', 'on_first_visit')),
    auto_deduction     boolean NOT NULL,
    CHECK ((validity_count IS NULL) = (validity_unit IS NULL))
);

CREATE INDEX membership_types_chain ON membership_types (chain_id, name);

-- What is locked: clients and memberships that owning and sharing connect. A client's first wallet
-- has the client's id. Wallets are joined, never split; one that was joined to another stays as an
-- empty row, for those who wait for its lock.
CREATE TABLE wallets (
    wallet_id uuid PRIMARY KEY
);

CREATE TABLE clients (
    client_id uuid PRIMARY KEY,
    wallet_id uuid NOT NULL REFERENCES wallets
);

CREATE INDEX clients_wallet ON clients (wallet_id);

CREATE TABLE memberships (
    membership_id      uuid PRIMARY KEY,
    wallet_id          uuid NOT NULL REFERENCES wallets,
    revision           integer NOT NULL CHECK (revision >= 1),
    chain_id           uuid NOT NULL,
    membership_type_id uuid NOT NULL REFERENCES membership_types,
    sale_id            uuid NOT NULL UNIQUE, -- a sale is issued once
    name               text NOT NULL,
    owner_client_id    uuid NOT NULL REFERENCES clients,
    shared_client_ids  uuid[] NOT NULL,
    state              text NOT NULL CHECK (state IN ('issued', 'active', 'frozen', 'voided')),
    time_zone          text NOT NULL, -- of the location where it was sold
    issued_at          timestamptz NOT NULL,
    activated_on       date,
    expires_on         date,
    validity_count     integer,
    validity_unit      text,
    auto_deduction     boolean NOT NULL,
    frozen_at          timestamptz,
    CHECK ((state = 'frozen') = (frozen_at IS NOT NULL))
);

CREATE INDEX memberships_wallet ON memberships (wallet_id);

-- One count of sessions, or unlimited (granted is null). `debited` counts what was not reversed.
-- Nothing is decided by running into these walls: they catch mistakes (rule X1).
CREATE TABLE buckets (
    bucket_id     uuid PRIMARY KEY,
    membership_id uuid NOT NULL REFERENCES memberships,
    ordinal       integer NOT NULL,
    service_ids   uuid[] NOT NULL,
    granted       integer CHECK (granted > 0),
    debited       integer NOT NULL CHECK (debited >= 0),
    held          integer NOT NULL CHECK (held >= 0),
    expired       integer NOT NULL CHECK (expired >= 0),
    adjusted      integer NOT NULL,
    entries       integer NOT NULL CHECK (entries >= 1), -- in the ledger
    UNIQUE (membership_id, ordinal),
    CONSTRAINT never_overdrawn CHECK (debited + held + expired <= granted + adjusted)
) WITH (fillfactor = 70);

-- Sessions set aside, one row a line. A hold that was debited names the bucket that paid.
CREATE TABLE holds (
    line_id            uuid PRIMARY KEY,
    booking_id         uuid NOT NULL,
    appointment_id     uuid NOT NULL,
    revision           integer NOT NULL,
    client_id          uuid NOT NULL,
    service_id         uuid NOT NULL,
    starts_at          timestamptz NOT NULL,
    automatic_debiting boolean NOT NULL,
    bucket_id          uuid NOT NULL REFERENCES buckets,
    state              text NOT NULL CHECK (state IN ('held', 'debited', 'released'))
) WITH (fillfactor = 80);

CREATE INDEX holds_open ON holds (bucket_id) WHERE state = 'held';

-- Every change of a balance, for ever. `sessions` is a count whose direction is the kind's;
-- an adjustment has a sign, and an unlimited bucket is granted 0.
CREATE TABLE ledger (
    entry_id            uuid PRIMARY KEY, -- derived from the decision
    membership_id       uuid NOT NULL,
    bucket_id           uuid NOT NULL REFERENCES buckets,
    revision            integer NOT NULL, -- counts the entries of the membership
    kind                text NOT NULL
        CHECK (kind IN ('granted', 'debited', 'reversed', 'expired', 'adjusted')),
    sessions            integer NOT NULL CHECK (sessions > 0 OR kind IN ('granted', 'adjusted')),
    balance             integer CHECK (balance >= 0), -- of the bucket, after this entry
    recorded_at         timestamptz NOT NULL,
    automatic           boolean NOT NULL,
    client_id           uuid, -- who used the session (rule S3)
    appointment_id      uuid,
    line_id             uuid,
    settlement_revision integer,
    UNIQUE (membership_id, revision)
);

-- A line is debited, reversed and expired once in each settlement of its appointment.
CREATE UNIQUE INDEX ledger_decision ON ledger (line_id, settlement_revision, kind)
    WHERE line_id IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The outcome of an appointment's automatic debiting: one row, at its newest revision.
CREATE TABLE settlements (
    appointment_id       uuid PRIMARY KEY,
    revision             integer NOT NULL CHECK (revision >= 1),
    appointment_revision integer NOT NULL,
    booking_id           uuid NOT NULL,
    visit_id             uuid NOT NULL,
    chain_id             uuid NOT NULL,
    location_id          uuid NOT NULL,
    client_id            uuid NOT NULL,
    outcome              text NOT NULL CHECK (outcome IN ('debited', 'not_debited', 'reversed')),
    lines                jsonb NOT NULL, -- [[line_id, membership_id, bucket_id, reason]]
    shortfall            integer NOT NULL CHECK (shortfall >= 0),
    start                timestamptz NOT NULL,
    settled_at           timestamptz NOT NULL,
    delay_ms             bigint NOT NULL
);

-- Appointments that ended, whichever of their messages comes first (rule A15).
CREATE TABLE ended_appointments (
    appointment_id uuid PRIMARY KEY,
    revision       integer NOT NULL,
    how            text NOT NULL CHECK (how IN ('cancelled', 'charged', 'refused'))
);

-- Buckets that do not equal their ledger, or whose held sessions do not equal their holds: none.
CREATE VIEW inconsistent_buckets AS
SELECT bucket.bucket_id, bucket.membership_id
FROM buckets AS bucket
LEFT JOIN LATERAL (
    SELECT count(*) AS entries,
        coalesce(sum(sessions) FILTER (WHERE kind = 'granted'), 0) AS granted,
        coalesce(sum(sessions) FILTER (WHERE kind = 'debited'), 0)
            - coalesce(sum(sessions) FILTER (WHERE kind = 'reversed'), 0) AS debited,
        coalesce(sum(sessions) FILTER (WHERE kind = 'expired'), 0) AS expired,
        coalesce(sum(sessions) FILTER (WHERE kind = 'adjusted'), 0) AS adjusted
    FROM ledger
    WHERE ledger.membership_id = bucket.membership_id AND ledger.bucket_id = bucket.bucket_id
) AS entry ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS held FROM holds
    WHERE holds.bucket_id = bucket.bucket_id AND holds.state = 'held'
) AS hold ON true
WHERE (coalesce(bucket.granted, 0), bucket.debited, bucket.expired, bucket.adjusted,
       bucket.entries, bucket.held)
    IS DISTINCT FROM
      (entry.granted, entry.debited, entry.expired, entry.adjusted, entry.entries, hold.held);
