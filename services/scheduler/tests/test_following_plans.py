"""What booking says is kept as timers, each in its newest revision."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from clocks import Clocks
from contracts.base import Message
from contracts.booking import AppointmentCancelled, BookingAccepted, VisitStatusChanged
from contracts.values import Appointment
from messaging import Delivery
from messaging.speaking import Speaker
from postgres import Database
from scheduler import consumers

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]
CLOCKS = Clocks(enabled=True)
TOMORROW = datetime.now(UTC) + timedelta(days=1)
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def timers(database: Database, appointment_ids: Sequence[UUID]) -> list[tuple[Any, ...]]:
    rows = await database.pool.fetch(
        "SELECT revision, state, due_at FROM timers WHERE appointment_id = ANY($1)"
        " ORDER BY array_position($1, appointment_id)",
        appointment_ids,
    )
    return [tuple(row) for row in rows]


@pytest.mark.rule("A4")
async def test_every_accepted_appointment_has_one_timer_at_its_start(
    database: Database, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    first, second = appointment(TOMORROW), appointment(TOMORROW + timedelta(hours=2))
    await hear(accepted(first, second))
    assert await timers(database, [first.appointment_id, second.appointment_id]) == [
        (1, "waiting", first.start),
        (1, "waiting", second.start),
    ]


@pytest.mark.rule("A2", "A15")
@pytest.mark.parametrize(("charge", "state"), [(False, "void"), (True, "waiting")])
async def test_a_cancel_ends_the_timer_unless_it_is_charged_in_all_orders_of_arrival(
    database: Database,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
    charge: bool,
    state: str,
) -> None:
    for one_batch in (True, False):
        for order in permutations((0, 1)):
            planned = appointment(TOMORROW)
            said: list[Message] = [accepted(planned), cancelled(planned, charge=charge)]
            arriving = [said[index] for index in order]
            for batch in [arriving] if one_batch else [[each] for each in arriving]:
                await hear(*batch)
            assert await timers(database, [planned.appointment_id]) == [(2, state, planned.start)]


@pytest.mark.rule("A15")
async def test_a_newer_plan_that_was_stored_meanwhile_stays(
    database: Database,
    speaker: Speaker,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
) -> None:
    planned = appointment(TOMORROW)
    newer = cancelled(planned, charge=False)
    async with speaker.work() as work:
        # Neither batch finds a timer to lock: the second waits for the first one's row.
        cancel: list[Delivery[Message]] = [Delivery(id=uuid4(), body=newer, effective_at=work.now)]
        await consumers.handle(CLOCKS, work, cancel)
        older = asyncio.ensure_future(hear(accepted(planned)))
        async with asyncio.timeout(30):
            while not await database.pool.fetchval(WAITING):  # noqa: ASYNC110 — nothing tells
                await asyncio.sleep(0.01)
    await older
    assert await timers(database, [planned.appointment_id]) == [(2, "void", planned.start)]


async def test_what_needs_no_timer_is_ignored(database: Database, hear: Hear) -> None:
    await hear(
        VisitStatusChanged(
            appointment_id=uuid4(),
            location_id=uuid4(),
            client_id=uuid4(),
            status_revision=1,
            visit_status="arrived",
        )
    )
    assert await database.pool.fetchval("SELECT count(*) FROM timers") == 0
