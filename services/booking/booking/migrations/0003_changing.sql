-- Bookings that are paid online wait for the payment. `decide_by` is then when it must have come by
-- the database's clock, and `pay_until` the same by the clock of the chain.
ALTER TABLE bookings
    ADD COLUMN pay_until timestamptz,
    DROP CONSTRAINT bookings_state_check,
    ADD CONSTRAINT bookings_state_check
        CHECK (state IN ('requested', 'awaiting_payment', 'accepted', 'refused'));
DROP INDEX bookings_undecided;
CREATE INDEX bookings_undecided ON bookings (decide_by)
    WHERE state IN ('requested', 'awaiting_payment');
CREATE INDEX ON bookings (client_id);

ALTER TABLE appointment_lines
    ADD COLUMN category_id uuid,
    ADD COLUMN paid_online boolean NOT NULL DEFAULT false, -- or to be, while it is not accepted (A16)
    ADD COLUMN hold_released boolean NOT NULL DEFAULT false; -- nothing is set aside any more (X6)

-- New times that wait for membership, at most one an appointment; gone when they are decided (G11).
-- Their slots and spots are taken beside those of the old times.
CREATE TABLE reschedules (
    reschedule_id           uuid PRIMARY KEY,
    command_id              uuid NOT NULL,
    booking_id              uuid NOT NULL REFERENCES bookings,
    asked_at                timestamptz NOT NULL, -- the effective time
    decide_by               timestamptz NOT NULL, -- by the database's clock (X7)
    event_id                uuid,
    appointment_id          uuid NOT NULL UNIQUE REFERENCES appointments,
    start_at                timestamptz NOT NULL,
    end_at                  timestamptz NOT NULL,
    free_cancellation_until timestamptz NOT NULL,
    owed                    bigint NOT NULL,
    revision                integer NOT NULL -- of the appointment, if it is accepted
);
CREATE INDEX ON reschedules (decide_by);
CREATE INDEX ON reschedules (booking_id);
CREATE INDEX ON reschedules (event_id) WHERE event_id IS NOT NULL;

-- The settings are those of the time when it was asked for (A17).
CREATE TABLE reschedule_lines (
    reschedule_id      uuid NOT NULL REFERENCES reschedules ON DELETE CASCADE,
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
    required           boolean NOT NULL,
    category_id        uuid,
    paid_online        boolean NOT NULL,
    PRIMARY KEY (reschedule_id, ordinal)
);
