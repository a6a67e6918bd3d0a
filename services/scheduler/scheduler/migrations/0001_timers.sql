-- One timer per appointment and kind. `revision` is that of the appointment's plan: an older one
-- never changes the row. `payload` is what is said when it fires, as it was told.
CREATE TABLE timers (
    appointment_id uuid        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('start')),
    revision       integer     NOT NULL,
    chain_id       uuid        NOT NULL,
    location_id    uuid        NOT NULL,
    due_at         timestamptz NOT NULL,
    state          text        NOT NULL CHECK (state IN ('waiting', 'fired', 'void')),
    fired_at       timestamptz,
    payload        text        NOT NULL,
    PRIMARY KEY (appointment_id, kind),
    CHECK (state <> 'fired' OR fired_at >= due_at)
);

-- What is due, and when the next one is. Nothing but waiting timers is in it.
CREATE INDEX timers_by_due_at ON timers (due_at) WHERE state = 'waiting';
