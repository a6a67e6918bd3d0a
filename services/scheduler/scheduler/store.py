"""Timers in the database: the only SQL that writes."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from postgres import Transaction
from scheduler.domain.timers import Change, Fired, Kind, State, Timer

CHANNEL: Final = "timers"
"""Who listens here is woken when a timer is stored that is due soon."""

# The columns of a locked row are read after the wait for its lock.
_LOCK_AND_LOAD = """
SELECT appointment_id, revision, starts_at, state
FROM timers
WHERE appointment_id = ANY($1) AND kind = $2
ORDER BY appointment_id
FOR UPDATE
"""

# A row that somebody inserted since it was looked for is guarded by its revision.
_SAVE = """
INSERT INTO timers (appointment_id, kind, revision, chain_id, location_id, starts_at, due_at, state,
                    payload)
SELECT appointment_id, $2, revision, chain_id, location_id, starts_at, due_at, state, payload
FROM unnest($1::uuid[], $3::integer[], $4::uuid[], $5::uuid[], $6::timestamptz[],
            $7::timestamptz[], $8::text[], $9::text[])
    AS new (appointment_id, revision, chain_id, location_id, starts_at, due_at, state, payload)
ORDER BY appointment_id
ON CONFLICT (appointment_id, kind) DO UPDATE
SET revision = excluded.revision,
    starts_at = excluded.starts_at,
    due_at = excluded.due_at,
    state = excluded.state,
    fired_at = CASE excluded.state WHEN 'fired' THEN timers.fired_at END,
    payload = excluded.payload
WHERE timers.revision < excluded.revision
"""

# The clock is read once, in a subquery, so that the index ends the search. Rows that another
# replica is claiming, or that a newer plan is changing, are left to them.
_CLAIM = """
WITH due AS (
    SELECT appointment_id, kind
    FROM timers
    WHERE state = 'waiting' AND due_at <= (SELECT clock_timestamp())
    ORDER BY due_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
), fired AS (
    UPDATE timers
    SET state = 'fired', fired_at = clock_timestamp()
    FROM due
    WHERE timers.appointment_id = due.appointment_id AND timers.kind = due.kind
    RETURNING timers.*
)
SELECT appointment_id, kind, revision, payload,
       fired_at - due_at AS late, starts_at + (fired_at - due_at) AS fired_at
FROM fired
ORDER BY due_at, appointment_id
"""

_SHIFT = """
UPDATE timers
SET due_at = starts_at - clock.ahead
FROM test_clocks AS clock
WHERE timers.chain_id = clock.chain_id AND clock.chain_id = ANY($1) AND state = 'waiting'
"""


async def lock_and_load(
    transaction: Transaction, appointment_ids: Collection[UUID], kind: Kind
) -> dict[UUID, Timer]:
    """Lock the timers of these appointments, and return those that exist."""
    rows = await transaction.fetch(_LOCK_AND_LOAD, list(appointment_ids), kind)
    return {
        row["appointment_id"]: Timer(row["revision"], row["starts_at"], State(row["state"]))
        for row in rows
    }


async def save(transaction: Transaction, changes: Collection[Change], kind: Kind) -> None:
    """Write these changes, except where a newer revision is known."""
    plans = [change.plan for change in changes]
    await transaction.execute(
        _SAVE,
        [plan.appointment_id for plan in plans],
        kind,
        [plan.revision for plan in plans],
        [plan.chain_id for plan in plans],
        [plan.location_id for plan in plans],
        [plan.starts_at for plan in plans],
        [change.due_at for change in changes],
        [change.timer.state for change in changes],
        [plan.payload for plan in plans],
    )


async def claim(transaction: Transaction, limit: int) -> list[Fired]:
    """Take up to `limit` timers that are due by the database's clock; they have fired then."""
    return [_fired(row) for row in await transaction.fetch(_CLAIM, limit)]


async def shift(transaction: Transaction, chain_ids: Collection[UUID]) -> None:
    """Let what waits in these chains be due when their clocks, as they are now, say so."""
    await transaction.execute(_SHIFT, list(chain_ids))


async def wake(transaction: Transaction) -> None:
    """Wake all replicas when this transaction commits."""
    await transaction.execute("SELECT pg_notify($1, '')", CHANNEL)


def _fired(row: Any) -> Fired:
    return Fired(
        row["appointment_id"],
        Kind(row["kind"]),
        row["revision"],
        row["fired_at"],
        row["late"],
        row["payload"],
    )
