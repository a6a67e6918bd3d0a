-- Who decided what about a dead letter; one that was replayed may be open again.
CREATE TABLE dead_letter_decisions (
    id             bigserial PRIMARY KEY,
    dead_letter_id uuid NOT NULL REFERENCES dead_letters,
    decision       text NOT NULL CHECK (decision IN ('replayed', 'discarded')),
    reason         text,
    decided_by     text NOT NULL,
    decided_at     timestamptz NOT NULL DEFAULT now(),
    CHECK (decision <> 'discarded' OR reason <> '')
);

CREATE INDEX dead_letter_decisions_letter ON dead_letter_decisions (dead_letter_id);
