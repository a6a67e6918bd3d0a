-- Chains whose clock can be moved.
ALTER TABLE chains ADD COLUMN sandbox boolean NOT NULL DEFAULT false;

-- Groups of services throughout a chain.
CREATE TABLE categories (
    category_id uuid PRIMARY KEY,
    chain_id    uuid NOT NULL REFERENCES chains,
    name        text NOT NULL
);
CREATE INDEX ON categories (chain_id);

ALTER TABLE locations
    ADD COLUMN individual_payment text NOT NULL DEFAULT 'off' -- online (G2)
        CHECK (individual_payment IN ('off', 'optional', 'mandatory')),
    ADD COLUMN group_payment text NOT NULL DEFAULT 'off'
        CHECK (group_payment IN ('off', 'optional', 'mandatory')),
    ADD COLUMN phone_confirmation boolean NOT NULL DEFAULT false,
    ADD COLUMN widget_color text NOT NULL DEFAULT '#3b5bdb',
    ADD COLUMN widget_mode text NOT NULL DEFAULT 'auto'
        CHECK (widget_mode IN ('light', 'dark', 'auto'));

ALTER TABLE services
    ADD COLUMN category_id uuid REFERENCES categories,
    ADD COLUMN online_prepayment boolean NOT NULL DEFAULT false;

-- The three arrays are the time off, entry by entry, by start.
ALTER TABLE team_members
    ADD COLUMN off_ids uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN off_starts timestamptz[] NOT NULL DEFAULT '{}',
    ADD COLUMN off_ends timestamptz[] NOT NULL DEFAULT '{}',
    ADD CHECK (cardinality(off_ids) = cardinality(off_starts)
               AND cardinality(off_starts) = cardinality(off_ends));

ALTER TABLE events
    ADD COLUMN series_id uuid,
    ADD COLUMN cancelled boolean NOT NULL DEFAULT false;
