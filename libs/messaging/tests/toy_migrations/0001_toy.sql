-- Nothing here is unique by message: an effect that happens twice is to be seen.
CREATE TABLE counters (
    counter_id uuid PRIMARY KEY,
    total      bigint NOT NULL CHECK (total >= 0),
    revision   bigint NOT NULL
);

CREATE TABLE effects (
    id         bigserial PRIMARY KEY,
    message_id uuid NOT NULL,
    counter_id uuid NOT NULL,
    amount     bigint NOT NULL
);
