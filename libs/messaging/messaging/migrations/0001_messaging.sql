-- What every service keeps about its messages.

-- The ids of requests and events that this service has handled. They are kept: the public streams
-- are kept for ever too, and a group that lost its offsets reads them from the beginning.
CREATE TABLE inbox (
    message_id  uuid PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
);

-- Commands and their answers. `principal` is the id of who asked.
CREATE TABLE operations (
    command_id   uuid PRIMARY KEY,
    request_hash text NOT NULL,
    principal    uuid,
    state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'refused')),
    status       integer,
    result       jsonb,
    problem      jsonb,
    created_at   timestamptz NOT NULL DEFAULT now(),
    concluded_at timestamptz,
    CHECK ((state = 'pending') = (concluded_at IS NULL)),
    CHECK ((state = 'pending') = (status IS NULL)),
    CHECK ((state = 'refused') = (problem IS NOT NULL))
);

CREATE INDEX operations_concluded ON operations (concluded_at) WHERE concluded_at IS NOT NULL;

-- What the committed transactions said, until the broker has it.
CREATE TABLE outbox (
    id           bigserial PRIMARY KEY,
    message_id   uuid NOT NULL UNIQUE,
    topic        text NOT NULL,
    key          text NOT NULL,
    headers      jsonb NOT NULL,
    body         text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;

-- Messages that could not be handled, as they came, until a person has decided about them.
CREATE TABLE dead_letters (
    id            uuid PRIMARY KEY, -- the same for every copy of the message
    topic         text NOT NULL,
    partition     integer NOT NULL,
    "offset"      bigint NOT NULL,
    appended_at   timestamptz NOT NULL,
    key           bytea,
    message_id    uuid,
    type          text,
    header_names  text[] NOT NULL,
    header_values bytea[] NOT NULL,
    body          bytea,
    reason        text NOT NULL,
    detail        text NOT NULL,
    state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'replayed', 'discarded')),
    at            timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX dead_letters_open ON dead_letters (at) WHERE state = 'open';
