-- Who read a name before its erasure was committed may have a later number than the erasure itself:
-- what counts is when the erasure was seen to be committed, which is not so of a row without.
ALTER TABLE erasures RENAME COLUMN erased_by TO seen_by;
ALTER TABLE erasures
    ALTER COLUMN seen_by DROP NOT NULL,
    ALTER COLUMN seen_by DROP DEFAULT;
UPDATE erasures SET seen_by = NULL;
