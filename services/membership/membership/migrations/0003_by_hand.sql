-- Debits by hand, claims, and all that a settlement is explained by.

-- `lines`: [[line_id, membership_id, bucket_id, reason, by_hand, undone_at,
--   [line_id, service_id, category_id, automatic_debiting, membership_booking, paid_online],
--   [[membership_id, expires_on, reason], …] in the order of rule A5], …]
ALTER TABLE settlements
    ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
    ADD COLUMN has_begun boolean NOT NULL DEFAULT true, -- the start was settled
    DROP CONSTRAINT settlements_outcome_check,
    ADD CONSTRAINT settlements_outcome_check
        CHECK (outcome IN ('planned', 'debited', 'not_debited', 'reversed'));

-- The newest plan is an array of its fields; of what was moved before, only the revision is known.
ALTER TABLE moved_appointments ADD COLUMN plan jsonb;
UPDATE moved_appointments SET plan = jsonb_build_array(
    appointment_id, revision, zero.id, zero.id, zero.id, zero.id, 'UTC', zero.id,
    '1970-01-01T00:00:00+00:00', '[]'::jsonb
) FROM (SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id) AS zero;
ALTER TABLE moved_appointments ALTER COLUMN plan SET NOT NULL;

-- Lines that money is taken for (rule A16). One that was returned before it came has no lines.
CREATE TABLE claims (
    claim_id       uuid PRIMARY KEY,
    appointment_id uuid NOT NULL,
    line_ids       uuid[] NOT NULL,
    returned_at    timestamptz
);

CREATE INDEX claims_appointment ON claims (appointment_id);

-- What people set last (rule A13).
CREATE TABLE visit_statuses (
    appointment_id  uuid PRIMARY KEY,
    status_revision integer NOT NULL,
    visit_status    text NOT NULL
);

-- What is held for an appointment is explained by its id.
CREATE INDEX holds_appointment ON holds (appointment_id);
