-- Which appointments changed, for those who follow a calendar. Written by the statement that changes
-- them. Nobody waits for anybody: a row is known by the transaction that wrote it, and whoever reads
-- goes on from the oldest transaction that was still under way, so no order of commits hides a row.
CREATE TABLE calendar_changes (
    location_id    uuid NOT NULL,
    appointment_id uuid NOT NULL,
    changed_by     bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    changed_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON calendar_changes (location_id, changed_by);
CREATE INDEX ON calendar_changes USING brin (changed_at) WITH (pages_per_range = 16);

-- Old changes are forgotten; those of transactions from `since` on are all there. One row.
CREATE TABLE calendar_changes_kept (since bigint NOT NULL);
INSERT INTO calendar_changes_kept VALUES (0);
