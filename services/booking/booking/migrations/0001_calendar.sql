-- What is offered.

CREATE TABLE chains (
    chain_id uuid PRIMARY KEY,
    name     text NOT NULL
);

CREATE TABLE locations (
    location_id uuid PRIMARY KEY,
    chain_id    uuid NOT NULL REFERENCES chains,
    name        text NOT NULL,
    time_zone   text NOT NULL, -- IANA
    currency    text NOT NULL, -- ISO 4217
    region      text NOT NULL  -- of phone numbers without a prefix, ISO 3166
);
CREATE INDEX ON locations (chain_id);

CREATE TABLE services (
    service_id              uuid PRIMARY KEY,
    location_id             uuid NOT NULL REFERENCES locations,
    name                    text NOT NULL,
    kind                    text NOT NULL CHECK (kind IN ('individual', 'group')),
    duration_minutes        integer NOT NULL CHECK (duration_minutes > 0),
    price                   bigint NOT NULL CHECK (price >= 0), -- minor units
    membership_booking      boolean NOT NULL,
    automatic_debiting      boolean NOT NULL,
    free_cancellation_hours integer NOT NULL CHECK (free_cancellation_hours >= 0)
);
CREATE INDEX ON services (location_id);

-- The three arrays are the working hours, entry by entry, in local time.
CREATE TABLE team_members (
    team_member_id uuid PRIMARY KEY,
    location_id    uuid NOT NULL REFERENCES locations,
    name           text NOT NULL,
    service_ids    uuid[] NOT NULL,
    weekdays       smallint[] NOT NULL, -- Monday is 1
    opens          time[] NOT NULL,
    closes         time[] NOT NULL,
    CHECK (cardinality(weekdays) = cardinality(opens) AND cardinality(opens) = cardinality(closes))
);
CREATE INDEX ON team_members (location_id);
CREATE INDEX ON team_members USING gin (service_ids);

CREATE TABLE events (
    event_id       uuid PRIMARY KEY,
    location_id    uuid NOT NULL REFERENCES locations,
    service_id     uuid NOT NULL REFERENCES services,
    team_member_id uuid REFERENCES team_members,
    start_at       timestamptz NOT NULL,
    end_at         timestamptz NOT NULL,
    capacity       integer NOT NULL,
    spots_taken    integer NOT NULL DEFAULT 0,
    CHECK (spots_taken BETWEEN 0 AND capacity) -- X2
) WITH (fillfactor = 50);
CREATE INDEX ON events (location_id, start_at);

-- The only home of names and phones.
CREATE TABLE clients (
    client_id uuid PRIMARY KEY,
    chain_id  uuid NOT NULL REFERENCES chains,
    name      text NOT NULL,
    phone     text NOT NULL CHECK (phone ~ '^\+[0-9]+$'), -- E.164
    UNIQUE (chain_id, phone)
);

-- What is booked. A booking's row is the lock of all that belongs to it.

CREATE TABLE bookings (
    booking_id   uuid PRIMARY KEY,
    command_id   uuid NOT NULL,
    location_id  uuid NOT NULL,
    client_id    uuid NOT NULL,
    event_id     uuid,
    submitted_at timestamptz NOT NULL, -- the effective time
    decide_by    timestamptz NOT NULL, -- by the database's clock (X7)
    state        text NOT NULL CHECK (state IN ('requested', 'accepted', 'refused'))
) WITH (fillfactor = 80);
CREATE INDEX bookings_undecided ON bookings (decide_by) WHERE state = 'requested';

CREATE TABLE appointments (
    appointment_id          uuid PRIMARY KEY,
    booking_id              uuid NOT NULL REFERENCES bookings,
    location_id             uuid NOT NULL,
    start_at                timestamptz NOT NULL,
    end_at                  timestamptz NOT NULL,
    free_cancellation_until timestamptz NOT NULL,
    state                   text NOT NULL
        CHECK (state IN ('requested', 'accepted', 'refused', 'cancelled')),
    revision                integer NOT NULL,
    accepted_at             timestamptz,
    visit_status            text NOT NULL
        CHECK (visit_status IN ('pending', 'confirmed', 'arrived', 'no_show')),
    status_revision         integer NOT NULL,
    debit_status            text
        CHECK (debit_status IN ('automatic_debiting', 'debited', 'not_debited')),
    booked_with_membership  boolean NOT NULL,
    settlement_revision     integer NOT NULL, -- the newest one heard of membership
    bill_revision           integer NOT NULL, -- the newest one heard of sales
    payment_status          text NOT NULL
        CHECK (payment_status IN ('unpaid', 'paid_partially', 'paid')),
    owed                    bigint NOT NULL -- minor units of the location's currency
) WITH (fillfactor = 60);
CREATE INDEX ON appointments (booking_id);
CREATE INDEX ON appointments (location_id, start_at);

-- The settings are those of the booking (A17).
CREATE TABLE appointment_lines (
    appointment_id     uuid NOT NULL REFERENCES appointments,
    ordinal            integer NOT NULL,
    line_id            uuid NOT NULL,
    service_id         uuid NOT NULL,
    service_name       text NOT NULL,
    team_member_id     uuid,
    start_at           timestamptz NOT NULL,
    end_at             timestamptz NOT NULL,
    price              bigint NOT NULL,
    membership_booking boolean NOT NULL,
    automatic_debiting boolean NOT NULL,
    required           boolean NOT NULL, -- the gate demands a membership (G4)
    membership_id      uuid,
    debit_status       text
        CHECK (debit_status IN ('automatic_debiting', 'debited', 'not_debited')),
    PRIMARY KEY (appointment_id, ordinal)
) WITH (fillfactor = 70);

-- A team member's time in cells of 5 minutes, counted from 1970 (X2).
-- `taken_by` is an appointment or an event.
CREATE TABLE slot_cells (
    team_member_id uuid NOT NULL,
    cell           integer NOT NULL,
    taken_by       uuid NOT NULL,
    PRIMARY KEY (team_member_id, cell)
);
