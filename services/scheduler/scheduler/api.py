"""HTTP in: the timers of an appointment, and what time it is in a chain."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from clocks import Clocks
from contracts.booking_views import TestClockView
from postgres import Database
from scheduler import queries
from web import Principal
from web.problems import not_found


@dataclass(frozen=True, slots=True)
class TimerView:
    """A timer; `revision` is that of the appointment's plan, `state` waiting, fired or void.

    It starts by its chain's clock, and is due and fired by the database's.
    """

    kind: str
    revision: int
    starts_at: datetime
    due_at: datetime
    state: str
    fired_at: datetime | None


@dataclass(frozen=True, slots=True)
class TimerList:
    """The timers of an appointment, by kind."""

    appointment_id: UUID
    timers: list[TimerView]


@get("/appointments/{appointment_id:uuid}/timers")
async def get_timers(
    appointment_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> TimerList:
    """Return the timers of an appointment within the principal's reach."""
    rows = await queries.timers(database, appointment_id)
    timers = [
        TimerView(row.kind, row.revision, row.starts_at, row.due_at, row.state, row.fired_at)
        for row in rows
        if principal.reaches(row.chain_id, row.location_id)
    ]
    if not timers:
        raise not_found(f"appointment {appointment_id}")
    return TimerList(appointment_id, timers)


@get("/chains/{chain_id:uuid}/clock")
async def get_clock(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    clocks: NamedDependency[Clocks],
) -> TestClockView:
    """Return the time in a chain, as far as scheduler has heard of its clock."""
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")
    return await queries.clock(database, clocks, chain_id)
