"""Starts are said when they are due: each once, none early, by all replicas together."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.scheduler import AppointmentStarted
from contracts.values import Appointment
from messaging import Messaging
from messaging.speaking import Speaker
from postgres import Database
from scheduler import commands, timers

Hear = Callable[..., Awaitable[None]]
New = Callable[[datetime], Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]


async def clock(database: Database) -> datetime:
    return await database.pool.fetchval("SELECT clock_timestamp()")


async def said(database: Database) -> list[AppointmentStarted]:
    rows = await database.pool.fetch("SELECT body FROM outbox ORDER BY id")
    return [AppointmentStarted.model_validate_json(row["body"]) for row in rows]


async def until_said(database: Database, count: int) -> list[AppointmentStarted]:
    """Wait until `count` starts were said."""
    more = asyncio.Event()

    def wake(*_: object) -> None:
        more.set()

    connection = await database.own_connection()
    try:
        await connection.add_listener("outbox", wake)
        async with asyncio.timeout(30):
            while await connection.fetchval("SELECT count(*) FROM outbox") < count:
                await more.wait()
                more.clear()
    finally:
        await connection.close()
    return await said(database)


async def crash_while_claiming(messaging: Messaging) -> None:
    async with messaging.work() as work:
        assert await commands.fire_due(work, 500) == 1
        raise ConnectionError


@asynccontextmanager
async def replicas(database: Database, speaker: Speaker, count: int) -> AsyncGenerator[None, None]:
    async with asyncio.TaskGroup() as group:
        running = [
            group.create_task(timers.fire_for_ever(database, Messaging(speaker, None)))
            for _ in range(count)
        ]
        yield
        for task in running:
            task.cancel()


@pytest.mark.rule("A4", "A15")
async def test_two_replicas_say_all_starts_of_one_instant_each_once_and_none_early(
    database: Database, speaker: Speaker, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    start = await clock(database) + timedelta(seconds=4)
    async with replicas(database, speaker, 2):
        planned = [appointment(start) for _ in range(2_000)]
        await hear(*(accepted(*planned[first : first + 50]) for first in range(0, 2_000, 50)))
        starts = await until_said(database, 2_000)
    assert Counter(each.appointment_id for each in starts) == Counter(
        each.appointment_id for each in planned
    )
    assert all(each.fired_at >= start for each in starts)
    assert {each.appointment_id: each.appointment for each in starts} == {
        each.appointment_id: each for each in planned
    }


async def test_a_claim_that_was_rolled_back_is_said_by_the_next(
    database: Database, messaging: Messaging, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    await hear(accepted(appointment(await clock(database))))
    with pytest.raises(ConnectionError):
        await crash_while_claiming(messaging)
    assert await said(database) == []
    assert await timers.fire_all(messaging) == 1
    assert await timers.fire_all(messaging) == 0
    assert len(await said(database)) == 1


async def test_a_replica_leaves_to_another_what_that_one_is_claiming(
    database: Database, messaging: Messaging, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    now = await clock(database)
    await hear(accepted(*(appointment(now) for _ in range(10))))
    async with messaging.work() as first, messaging.work() as second:
        assert await commands.fire_due(first, 6) == 6
        assert await commands.fire_due(second, 6) == 4
    assert len({each.appointment_id for each in await said(database)}) == 10


async def test_a_start_in_the_future_is_not_said(
    database: Database, messaging: Messaging, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    await hear(accepted(appointment(await clock(database) + timedelta(hours=1))))
    assert await timers.fire_all(messaging) == 0


@asynccontextmanager
async def at(database: Database, now: datetime) -> AsyncGenerator[Database, None]:
    """Connect to the same database with its clock stopped; the process's clock goes on."""
    async with database.transaction() as transaction:
        name = await transaction.fetchval("SELECT current_database()")
        await transaction.execute(
            "CREATE SCHEMA stopped; CREATE FUNCTION stopped.clock_timestamp() RETURNS timestamptz"
            f" LANGUAGE sql AS $$ SELECT '{now.isoformat()}'::timestamptz $$;"
            f" ALTER DATABASE {name} SET search_path = stopped, pg_catalog, public"
        )
    dsn = database._dsn  # pyright: ignore[reportPrivateUsage]
    async with Database.connect(dsn, application_name="stopped") as connected:
        yield connected


@pytest.mark.rule("A4")
@pytest.mark.parametrize("hours", [-5, 5])
async def test_a_start_is_said_at_its_instant_by_the_databases_clock(
    database: Database,
    speaker: Speaker,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    hours: int,
) -> None:
    now = datetime.now(UTC) + timedelta(hours=hours)
    due, early = appointment(now), appointment(now + timedelta(microseconds=1))
    await hear(accepted(due), accepted(early))
    async with at(database, now) as there:
        await timers.fire_all(Messaging(replace(speaker, database=there), None))
    assert [each.appointment_id for each in await said(database)] == [due.appointment_id]


async def test_a_timer_that_is_due_sooner_wakes_the_sleeping_replica(
    database: Database, speaker: Speaker, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    async with replicas(database, speaker, 1):
        await hear(accepted(appointment(await clock(database))))
        await until_said(database, 1)  # it sleeps now
        start = await clock(database) + timedelta(milliseconds=200)
        await hear(accepted(appointment(start)))
        starts = await until_said(database, 2)
    assert timedelta(0) <= starts[1].fired_at - start < commands.LONGEST_SLEEP / 2


async def test_a_replica_whose_connections_were_cut_goes_on(
    database: Database, speaker: Speaker, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    async with replicas(database, speaker, 1):
        await hear(accepted(appointment(await clock(database))))
        await until_said(database, 1)
        await database.pool.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        start = await clock(database)
        await hear(accepted(appointment(start)))
        starts = await until_said(database, 2)
    assert starts[1].fired_at - start < commands.LONGEST_SLEEP  # it did not sleep through the cut


@pytest.mark.rule("A15")
@pytest.mark.parametrize("charge", [False, True])
async def test_a_cancelled_appointment_begins_only_if_it_is_charged(
    database: Database,
    messaging: Messaging,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
    charge: bool,
) -> None:
    planned = appointment(await clock(database))
    await hear(accepted(planned), cancelled(planned, charge=charge))
    await timers.fire_all(messaging)
    assert [each.appointment.revision for each in await said(database)] == [2] * charge


@pytest.mark.rule("A2", "A15")
async def test_a_charged_cancel_that_is_heard_after_the_start_is_said_as_its_own_revision(
    database: Database,
    messaging: Messaging,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
) -> None:
    planned = appointment(await clock(database))
    await hear(accepted(planned))
    await timers.fire_all(messaging)
    await hear(cancelled(planned, charge=True))
    await timers.fire_all(messaging)
    assert [each.appointment.revision for each in await said(database)] == [1, 2]
