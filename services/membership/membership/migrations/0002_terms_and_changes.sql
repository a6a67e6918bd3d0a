-- Terms that come with a membership: categories, locations, a stricter gate, activation on a date.
-- Rescheduling, and what a hold needs to know to be moved, announced and released.

ALTER TABLE membership_types
    ADD COLUMN valid_on_visit_day boolean NOT NULL DEFAULT false,
    ADD COLUMN not_while_frozen boolean NOT NULL DEFAULT false,
    ADD COLUMN location_ids uuid[] NOT NULL DEFAULT '{}', -- none: the whole chain
    DROP CONSTRAINT membership_types_activation_check,
    ADD CONSTRAINT membership_types_activation_check
        CHECK (activation IN ('on_sale', 'on_first_visit', 'on_date'));

ALTER TABLE memberships
    ADD COLUMN valid_on_visit_day boolean NOT NULL DEFAULT false,
    ADD COLUMN not_while_frozen boolean NOT NULL DEFAULT false,
    ADD COLUMN location_ids uuid[] NOT NULL DEFAULT '{}';

ALTER TABLE buckets ADD COLUMN category_ids uuid[] NOT NULL DEFAULT '{}';

-- Holds of before are in no category and at no known location; their visit's day is that in UTC.
-- What was held for another time alone ends when that is refused: `reschedule_id`.
ALTER TABLE holds
    ADD COLUMN category_id uuid,
    ADD COLUMN location_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    ADD COLUMN visit_day date,
    ADD COLUMN reschedule_id uuid;

-- What nobody will debit by itself, by the day on which it is released (rule X6).
CREATE INDEX holds_by_hand ON holds (starts_at) WHERE state = 'held' AND NOT automatic_debiting;

-- The newest plan of an appointment that was rescheduled: starts of older ones are void (rule A15).
CREATE TABLE moved_appointments (
    appointment_id uuid PRIMARY KEY,
    revision       integer NOT NULL
);

-- Other times that were refused, whichever of their messages comes first.
CREATE TABLE refused_reschedules (
    reschedule_id uuid PRIMARY KEY
);
