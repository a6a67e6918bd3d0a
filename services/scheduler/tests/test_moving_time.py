"""Appointments are moved, and so are the clocks of sandbox chains."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from clocks import Clocks
from contracts import booking
from contracts.base import Message
from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    BookingAccepted,
)
from contracts.scheduler import AppointmentStarted
from contracts.values import Appointment
from messaging import Delivery, Messaging
from messaging.speaking import Speaker
from postgres import Database
from scheduler import commands, consumers, timers

Hear = Callable[..., Awaitable[None]]
New = Callable[[datetime], Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]
Rescheduled = Callable[[Appointment, datetime], AppointmentRescheduled]
ClockSet = Callable[[UUID, int, timedelta], booking.TestClockSet]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOCKS = Clocks(enabled=True)
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def clock(database: Database) -> datetime:
    return await database.pool.fetchval("SELECT clock_timestamp()")


async def timer(database: Database, planned: Appointment) -> tuple[int, str, datetime, datetime]:
    row = await database.pool.fetchrow(
        "SELECT revision, state, starts_at, due_at FROM timers WHERE appointment_id = $1",
        planned.appointment_id,
    )
    assert row is not None
    return tuple(row)  # pyright: ignore[reportReturnType] — asyncpg's rows have no types


async def said(database: Database) -> list[AppointmentStarted]:
    rows = await database.pool.fetch("SELECT body FROM outbox ORDER BY id")
    return [AppointmentStarted.model_validate_json(row["body"]) for row in rows]


@pytest.mark.rule("G11", "A15")
@pytest.mark.parametrize("one_batch", [True, False])
@pytest.mark.parametrize(
    ("ending", "expected"),
    [(None, (2, "waiting")), (False, (3, "void")), (True, (3, "waiting"))],
)
async def test_all_orders_of_acceptance_move_cancel_and_clock_end_in_the_same_timer(
    database: Database,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    rescheduled: Rescheduled,
    cancelled: Cancelled,
    clock_set: ClockSet,
    one_batch: bool,
    ending: bool | None,
    expected: tuple[int, str],
) -> None:
    start = await clock(database) + 3 * DAY
    for order in permutations(range(4 if ending is None else 5)):
        planned = appointment(start)
        moved = rescheduled(planned, start + DAY)
        told: list[Message] = [
            accepted(planned),
            moved,
            clock_set(planned.chain_id, 1, HOUR),
            clock_set(planned.chain_id, 2, DAY),
        ]
        if ending is not None:
            told.append(cancelled(moved.appointment, charge=ending))
        arriving = [told[index] for index in order]
        for batch in [arriving] if one_batch else [[each] for each in arriving]:
            await hear(*batch)
        *state, starts_at, due_at = await timer(database, planned)
        assert (*state, starts_at) == (*expected, start + DAY)
        assert due_at == start or state[1] == "void"


@pytest.mark.rule("G11", "A15")
async def test_the_old_start_of_a_moved_appointment_never_begins(
    database: Database,
    messaging: Messaging,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    rescheduled: Rescheduled,
    clock_set: ClockSet,
) -> None:
    planned = appointment(await clock(database))
    await hear(accepted(planned), rescheduled(planned, planned.start + DAY))
    assert await timers.fire_all(messaging) == 0
    await hear(clock_set(planned.chain_id, 1, DAY))
    await timers.fire_all(messaging)
    assert [each.appointment.revision for each in await said(database)] == [2]


@pytest.mark.rule("G11", "A15")
async def test_an_appointment_whose_old_start_was_said_before_its_move_was_heard_begins_again(
    database: Database,
    messaging: Messaging,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    rescheduled: Rescheduled,
) -> None:
    planned = appointment(await clock(database))
    await hear(accepted(planned))
    await timers.fire_all(messaging)
    await hear(rescheduled(planned, planned.start + timedelta(microseconds=1)))
    await timers.fire_all(messaging)
    assert [each.appointment.revision for each in await said(database)] == [1, 2]


async def test_a_start_is_said_with_the_time_in_its_chain(
    database: Database,
    messaging: Messaging,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    clock_set: ClockSet,
) -> None:
    now = await clock(database)
    known, new = appointment(now + DAY), appointment(now + DAY)
    await hear(accepted(known))
    await hear(clock_set(known.chain_id, 1, DAY), clock_set(new.chain_id, 1, DAY))
    await hear(accepted(new))
    assert await timers.fire_all(messaging) == 2
    after = await clock(database)
    assert all(now + DAY <= each.fired_at <= after + DAY for each in await said(database))


async def test_a_clock_that_is_set_moves_its_own_chain_alone(
    database: Database,
    messaging: Messaging,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    clock_set: ClockSet,
) -> None:
    now = await clock(database)
    ours, theirs = appointment(now + DAY), appointment(now + DAY)
    await hear(accepted(ours), accepted(theirs))
    await hear(clock_set(ours.chain_id, 1, 2 * DAY))
    await timers.fire_all(messaging)
    assert [each.appointment_id for each in await said(database)] == [ours.appointment_id]
    assert await timer(database, theirs) == (1, "waiting", theirs.start, theirs.start)


async def test_a_clock_that_is_set_wakes_the_sleeping_replica(
    database: Database,
    messaging: Messaging,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    clock_set: ClockSet,
) -> None:
    planned = appointment(await clock(database) + DAY)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(timers.fire_for_ever(database, messaging))
        await hear(accepted(planned))
        set_at = await clock(database)
        await hear(clock_set(planned.chain_id, 1, DAY))
        async with asyncio.timeout(30):
            while not await said(database):  # noqa: ASYNC110 — nothing tells
                await asyncio.sleep(0.01)
        running.cancel()
    [start] = await said(database)
    assert start.fired_at - DAY - set_at < commands.LONGEST_SLEEP / 2


async def test_a_timer_that_is_stored_while_its_clock_is_set_follows_the_clock(
    database: Database,
    speaker: Speaker,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    clock_set: ClockSet,
) -> None:
    planned = appointment(await clock(database) + 2 * DAY)
    acceptance = accepted(planned)
    async with speaker.work() as work:
        stored: list[Delivery[Message]] = [
            Delivery(id=uuid4(), body=acceptance, effective_at=work.now)
        ]
        await consumers.handle(CLOCKS, work, stored)
        setting = asyncio.ensure_future(hear(clock_set(planned.chain_id, 1, DAY)))
        async with asyncio.timeout(30):
            while not await database.pool.fetchval(WAITING):  # noqa: ASYNC110 — nothing tells
                await asyncio.sleep(0.01)
    await setting
    *_, due_at = await timer(database, planned)
    assert due_at == planned.start - DAY


async def test_outside_test_mode_no_clock_moves_a_timer(
    database: Database, speaker: Speaker, appointment: New, accepted: Accepted, clock_set: ClockSet
) -> None:
    planned = appointment(await clock(database) + DAY)
    told: list[Message] = [accepted(planned), clock_set(planned.chain_id, 1, DAY)]
    async with speaker.work() as work:
        deliveries = [Delivery(id=uuid4(), body=each, effective_at=work.now) for each in told]
        await consumers.handle(Clocks(enabled=False), work, deliveries)
    assert await timer(database, planned) == (1, "waiting", planned.start, planned.start)
