-- A timer knows when it begins by its chain's clock. `due_at` is when that is by the database's: so
-- much earlier as the test clock of a sandbox chain is ahead, and the same everywhere else.
ALTER TABLE timers ADD COLUMN starts_at timestamptz;
UPDATE timers SET starts_at = due_at;
ALTER TABLE timers ALTER COLUMN starts_at SET NOT NULL, ADD CHECK (due_at <= starts_at);
