-- Whether what was cancelled is charged (A2): its start still counts.
ALTER TABLE appointments ADD COLUMN charged boolean NOT NULL DEFAULT false;
