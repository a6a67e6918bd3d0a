"""What scheduler can be asked: SQL straight to the answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clocks import Clocks
from contracts.booking_views import TestClockView
from postgres import Database

_NEXT_DUE = """
SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float8
FROM timers
WHERE state = 'waiting'
"""
_WAITING = """
SELECT count(*) AS timers,
       coalesce(greatest(extract(epoch FROM clock_timestamp() - min(due_at)), 0), 0)::float8
           AS overdue_seconds
FROM timers
WHERE state = 'waiting'
"""
_TIMERS = """
SELECT kind, revision, starts_at, due_at, state, fired_at, chain_id, location_id
FROM timers
WHERE appointment_id = $1
ORDER BY kind
"""


@dataclass(frozen=True, slots=True)
class TimerRow:
    """One timer of an appointment, and whose it is."""

    kind: str
    revision: int
    starts_at: datetime
    due_at: datetime
    state: str
    fired_at: datetime | None
    chain_id: UUID
    location_id: UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many timers wait, and for how long the first of them has been due; 0 if it is not."""

    timers: int
    overdue_seconds: float


async def seconds_until_due(database: Database) -> float | None:
    """Return how far away the next timer is by the database's clock; below 0 it is overdue."""
    return await database.pool.fetchval(_NEXT_DUE)


async def waiting(database: Database) -> Waiting:
    """Return how many timers wait, and whether any should not."""
    row = await database.pool.fetchrow(_WAITING)
    assert row is not None
    return Waiting(**row)


async def timers(database: Database, appointment_id: UUID) -> list[TimerRow]:
    """Return the timers of an appointment, by kind."""
    rows = await database.pool.fetch(_TIMERS, appointment_id)
    return [TimerRow(**row) for row in rows]


async def clock(database: Database, clocks: Clocks, chain_id: UUID) -> TestClockView:
    """Return the time in a chain."""
    async with database.transaction() as transaction:
        revision, ahead = await clocks.reading(transaction, chain_id)
        now: datetime = await transaction.fetchval("SELECT now()")
    return TestClockView(
        chain_id=chain_id,
        revision=revision,
        offset_seconds=int(ahead.total_seconds()),
        now=now + ahead,
    )
