-- Services that were merged into others (A11). An alias never ends, and always names a service that
-- is offered. Ids that were written before the merge stay where they are, and are read through it.
CREATE TABLE service_aliases (
    alias_id   uuid PRIMARY KEY REFERENCES services,
    service_id uuid NOT NULL REFERENCES services,
    CHECK (alias_id <> service_id)
);
CREATE INDEX ON service_aliases (service_id);

-- All ids that mean one of the services asked for.
CREATE FUNCTION meaning_the_same(asked uuid[]) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    WITH meant AS (
        SELECT coalesce(alias.service_id, id) AS service_id
        FROM unnest(asked) AS id LEFT JOIN service_aliases AS alias ON alias.alias_id = id
    )
    SELECT coalesce(array_agg(same.service_id), '{}')
    FROM (
        SELECT service_id FROM meant
        UNION
        SELECT alias.alias_id FROM meant JOIN service_aliases AS alias USING (service_id)
    ) AS same
$$;
