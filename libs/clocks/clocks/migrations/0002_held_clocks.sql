-- The clocks of some chains, which nobody sets until the transaction that reads them ends: by them it
-- computes when its rows are due, and a clock that was set meanwhile would not move those. What is
-- read is what was committed before the lock was given, since the function is volatile.
CREATE FUNCTION held_test_clocks(chains uuid[]) RETURNS TABLE (chain uuid, is_ahead interval)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(each::text, 7264013))
    FROM unnest(chains) AS each;
    RETURN QUERY SELECT chain_id, ahead FROM test_clocks WHERE chain_id = ANY(chains);
END $$;

CREATE FUNCTION lock_test_clock(chain uuid) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(chain::text, 7264013))
$$;
