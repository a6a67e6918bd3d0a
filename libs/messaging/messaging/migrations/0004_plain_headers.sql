-- Headers are written and read as they are, never looked into: parsing them cost time for every row.
ALTER TABLE outbox ALTER COLUMN headers TYPE text USING headers::text;
