-- The life of issued memberships: limits of freezing, a freeze that ends by itself, the freezes that
-- were (a start is judged by the state at its instant, rule A14), and the history with who and why.

ALTER TABLE membership_types
    ADD COLUMN freezing_times integer CHECK (freezing_times >= 0), -- null: no limit
    ADD COLUMN freezing_days integer CHECK (freezing_days >= 0);

ALTER TABLE memberships
    ADD COLUMN freezing_times integer CHECK (freezing_times >= 0),
    ADD COLUMN freezing_days integer CHECK (freezing_days >= 0),
    ADD COLUMN frozen_until date, -- it is unfrozen as this local day begins
    ADD COLUMN past_freezes timestamptz[] NOT NULL DEFAULT '{}', -- since, until, since, until, …
    ADD CONSTRAINT until_while_frozen CHECK (frozen_until IS NULL OR state = 'frozen'),
    ADD CONSTRAINT freezes_end CHECK (cardinality(past_freezes) % 2 = 0);

CREATE INDEX memberships_frozen_until ON memberships (frozen_until) WHERE frozen_until IS NOT NULL;

-- What was done with a membership, one row a revision; what nobody did has no principal.
CREATE TABLE membership_changes (
    change_id     uuid PRIMARY KEY, -- derived from membership and revision
    membership_id uuid NOT NULL REFERENCES memberships,
    revision      integer NOT NULL,
    kind          text NOT NULL CHECK (kind IN (
        'issued', 'imported', 'activated', 'frozen', 'unfrozen', 'extended', 'adjusted', 'voided',
        'shared', 'unshared', 'merged'
    )),
    at            timestamptz NOT NULL,
    principal_id  uuid,
    role          text,
    reason        text,
    client_id     uuid, -- with whom it was shared
    sessions      integer, -- that were adjusted, with their sign
    bucket_id     uuid,
    expires_on    date, -- from then on
    CHECK ((principal_id IS NULL) = (role IS NULL)),
    UNIQUE (membership_id, revision)
);

CREATE TRIGGER membership_changes_are_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON membership_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Which service a session was used for, and on which visit's bill it is (rule S3).
ALTER TABLE ledger ADD COLUMN service_id uuid, ADD COLUMN visit_id uuid;

-- "Used in sales" in pages, however many there are.
CREATE INDEX ledger_uses ON ledger (membership_id, revision DESC) WHERE kind = 'debited';

-- Issued memberships in pages, and those of clients.
CREATE INDEX memberships_issued ON memberships (chain_id, issued_at DESC, membership_id DESC);
CREATE INDEX memberships_owner ON memberships (owner_client_id);
CREATE INDEX memberships_shared ON memberships USING gin (shared_client_ids);
