-- Whether a session is set aside for a line; and what booking said of an appointment, word for word:
-- membership is told it where it has to plan or to debit.
ALTER TABLE lines ADD COLUMN membership_booking boolean NOT NULL DEFAULT false;
ALTER TABLE appointments ADD COLUMN document text;

-- Money taken at the counter. `command_id` waits for the answer while it is pending.
CREATE TABLE counter_payments (
    payment_id uuid        PRIMARY KEY,
    command_id uuid        NOT NULL UNIQUE,
    visit_id   uuid        NOT NULL REFERENCES bills,
    method     text        NOT NULL CHECK (method IN ('cash', 'card')),
    currency   text        NOT NULL,
    taken_at   timestamptz NOT NULL,
    state      text        NOT NULL CHECK (state IN ('pending', 'taken', 'refused', 'undone'))
) WITH (fillfactor = 80);

-- What it pays of each line. Membership is asked for a claim where a session might pay.
CREATE TABLE counter_payment_lines (
    payment_id     uuid    NOT NULL REFERENCES counter_payments,
    line_id        uuid    NOT NULL,
    appointment_id uuid    NOT NULL REFERENCES appointments,
    amount         bigint  NOT NULL CHECK (amount > 0),
    claim          text    NOT NULL CHECK (claim IN ('needless', 'asked', 'granted', 'refused')),
    claim_id       uuid,
    stands         boolean NOT NULL,
    PRIMARY KEY (payment_id, line_id),
    CHECK ((claim = 'needless') = (claim_id IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX counter_payment_lines_by_appointment ON counter_payment_lines (appointment_id);
CREATE INDEX counter_payment_lines_by_claim ON counter_payment_lines (claim_id)
    WHERE claim_id IS NOT NULL;
-- A line is paid once (rule A16).
CREATE UNIQUE INDEX counter_payment_lines_that_stand ON counter_payment_lines (line_id) WHERE stands;

-- Debits by hand. `command_id` waits for the answer while it is under way.
CREATE TABLE hand_debits (
    debit_id            uuid    PRIMARY KEY,
    command_id          uuid    NOT NULL UNIQUE,
    visit_id            uuid    NOT NULL REFERENCES bills,
    appointment_id      uuid    NOT NULL REFERENCES appointments,
    line_ids            uuid[]  NOT NULL,
    membership_id       uuid,
    state               text    NOT NULL CHECK (state IN ('pending', 'debited', 'done', 'refused')),
    settlement_revision integer
) WITH (fillfactor = 80);

CREATE INDEX hand_debits_under_way ON hand_debits (appointment_id)
    WHERE state IN ('pending', 'debited');
