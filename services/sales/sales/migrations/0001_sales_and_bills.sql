-- Money is in minor units of `currency`.

-- Sales of memberships. `command_id` waits for the answer while the sale is pending.
CREATE TABLE sales (
    sale_id              uuid        PRIMARY KEY,
    command_id           uuid        NOT NULL UNIQUE,
    chain_id             uuid        NOT NULL,
    location_id          uuid        NOT NULL,
    client_id            uuid        NOT NULL,
    membership_type_id   uuid        NOT NULL,
    membership_type_name text        NOT NULL,
    price                bigint      NOT NULL CHECK (price >= 0),
    currency             text        NOT NULL,
    payment              text        NOT NULL CHECK (payment IN ('cash', 'card')),
    sold_at              timestamptz NOT NULL,
    state                text        NOT NULL CHECK (state IN ('pending', 'completed', 'refused')),
    membership_id        uuid,
    CHECK ((state = 'completed') = (membership_id IS NOT NULL))
);

-- One bill per visit: the lock of everything about the visit. There is no currency, and revision 0,
-- until booking has told what the visit costs.
CREATE TABLE bills (
    visit_id       uuid    PRIMARY KEY,
    chain_id       uuid    NOT NULL,
    location_id    uuid    NOT NULL,
    client_id      uuid    NOT NULL,
    revision       integer NOT NULL DEFAULT 0,
    currency       text,
    total          bigint  NOT NULL DEFAULT 0,
    debited        bigint  NOT NULL DEFAULT 0 CHECK (debited >= 0),
    paid           bigint  NOT NULL DEFAULT 0 CHECK (paid >= 0),
    owed           bigint  NOT NULL DEFAULT 0 CHECK (owed >= 0),
    payment_status text    NOT NULL DEFAULT 'paid'
        CHECK (payment_status IN ('unpaid', 'paid_partially', 'paid')),
    CHECK (owed = total - debited - paid),
    CHECK ((revision = 0) = (currency IS NULL))
) WITH (fillfactor = 80);

-- What booking and membership said of an appointment, each in the newest revision heard.
CREATE TABLE appointments (
    appointment_id      uuid    PRIMARY KEY,
    visit_id            uuid    NOT NULL REFERENCES bills,
    plan_revision       integer,
    standing            text    CHECK (standing IN ('accepted', 'charged', 'cancelled')),
    start               timestamptz,
    currency            text,
    settlement_revision integer,
    CHECK (num_nulls(plan_revision, standing, start, currency) IN (0, 4))
) WITH (fillfactor = 80);

CREATE INDEX appointments_by_visit ON appointments (visit_id);

-- The lines of an appointment's plan.
CREATE TABLE lines (
    appointment_id     uuid    NOT NULL REFERENCES appointments,
    line_id            uuid    NOT NULL,
    ordinal            integer NOT NULL,
    service_name       text    NOT NULL,
    price              bigint  NOT NULL CHECK (price >= 0),
    automatic_debiting boolean NOT NULL,
    PRIMARY KEY (appointment_id, line_id)
);

-- The lines that a session paid by the newest settlement, and of which membership it was.
CREATE TABLE debits (
    appointment_id uuid NOT NULL REFERENCES appointments,
    line_id        uuid NOT NULL,
    membership_id  uuid,
    PRIMARY KEY (appointment_id, line_id)
);
