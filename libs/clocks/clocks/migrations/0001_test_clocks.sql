-- By how much the clocks of sandbox chains are ahead; empty where test clocks are off.
CREATE TABLE test_clocks (
    chain_id uuid PRIMARY KEY,
    revision integer NOT NULL,
    ahead    interval NOT NULL CHECK (ahead >= interval '0')
);

-- What time it is in a chain.
CREATE FUNCTION chain_now(chain uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT now() + coalesce((SELECT ahead FROM test_clocks WHERE chain_id = chain), interval '0')
$$;
