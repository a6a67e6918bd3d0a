-- Online payments, each of one booking. Money is in minor units of `currency`. `expires_at` is by the
-- chain's clock, everything else by the database's.
CREATE TABLE payments (
    payment_id         uuid        PRIMARY KEY,
    booking_id         uuid        NOT NULL UNIQUE,
    chain_id           uuid        NOT NULL,
    location_id        uuid        NOT NULL,
    client_id          uuid        NOT NULL,
    amount             bigint      NOT NULL CHECK (amount > 0),
    currency           text        NOT NULL,
    description        text        NOT NULL,
    expires_at         timestamptz NOT NULL,
    session_expires_at timestamptz NOT NULL,
    state              text        NOT NULL
        CHECK (state IN ('created', 'open', 'paid', 'failed', 'expired', 'refunded')),
    revision           integer     NOT NULL,
    session_id         text,
    checkout_url       text,
    CHECK (state <> 'open' OR num_nulls(session_id, checkout_url) = 0)
) WITH (fillfactor = 80);

CREATE INDEX payments_by_chain ON payments (chain_id);

-- What a payment pays, and how far that is given back. `visit_id` is as the client asked for it.
CREATE TABLE payment_lines (
    payment_id     uuid   NOT NULL REFERENCES payments,
    line_id        uuid   NOT NULL,
    appointment_id uuid   NOT NULL,
    visit_id       uuid   NOT NULL,
    amount         bigint NOT NULL CHECK (amount >= 0),
    refund         text   NOT NULL CHECK (refund IN ('none', 'asked', 'done')),
    PRIMARY KEY (payment_id, line_id)
);

-- What the payment provider is asked to do. The id is the provider's idempotency key. While a try is
-- under way `due_at` is when there may be another; a crash changes nothing in that.
CREATE TABLE errands (
    errand_id  uuid        PRIMARY KEY,
    payment_id uuid        NOT NULL REFERENCES payments,
    kind       text        NOT NULL CHECK (kind IN ('open', 'close', 'refund')),
    line_ids   uuid[]      NOT NULL,
    amount     bigint      NOT NULL,
    due_at     timestamptz NOT NULL,
    attempts   integer     NOT NULL DEFAULT 0,
    state      text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    problem    text
) WITH (fillfactor = 80);

CREATE INDEX errands_by_due_at ON errands (due_at) WHERE state = 'waiting';
CREATE INDEX errands_by_payment ON errands (payment_id);

-- Bookings that do not stand: a payment for one of them, heard before or after, is given back.
CREATE TABLE refused_bookings (
    booking_id uuid        PRIMARY KEY,
    refused_at timestamptz NOT NULL DEFAULT now()
);

-- What money paid of an appointment's lines and was not given back, in the payment's newest revision.
ALTER TABLE appointments ADD COLUMN receipt_revision integer;
CREATE TABLE receipts (
    appointment_id uuid   NOT NULL REFERENCES appointments,
    line_id        uuid   NOT NULL,
    amount         bigint NOT NULL CHECK (amount > 0),
    PRIMARY KEY (appointment_id, line_id)
);

ALTER TABLE lines ADD COLUMN paid_online boolean NOT NULL DEFAULT false;
