"""What a service may rely on when it asks for the time in a chain."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from clocks import MIGRATIONS, Clocks
from postgres import Database

DAY = timedelta(days=1)
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def test_a_clock_that_is_set_moves_its_own_chain_alone(
    database_dsn: Callable[..., str],
) -> None:
    dsn = await asyncio.to_thread(database_dsn, MIGRATIONS)
    clocks, ours, theirs = Clocks(enabled=True), uuid4(), uuid4()
    async with Database.connect(dsn, application_name="tests") as database:
        async with database.transaction() as transaction:
            first = await clocks.set(transaction, ours, 1, DAY)
            second = await clocks.set(transaction, ours, 2, 3 * DAY)
            assert (first, second) == ((ours, DAY), (ours, 2 * DAY))

        async with database.transaction() as transaction:
            times = await clocks.read(transaction, [ours, theirs])
            assert (times.of(ours), times.of(theirs)) == (3 * DAY, timedelta())
            assert await clocks.reading(transaction, ours) == (2, 3 * DAY)
            ahead = "SELECT chain_now($1) - now()"
            assert await transaction.fetchval(ahead, ours) == 3 * DAY
            assert await transaction.fetchval(ahead, theirs) == timedelta()


async def test_an_older_setting_that_comes_late_changes_nothing(
    database_dsn: Callable[..., str],
) -> None:
    dsn = await asyncio.to_thread(database_dsn, MIGRATIONS)
    clocks, chain_id = Clocks(enabled=True), uuid4()
    async with (
        Database.connect(dsn, application_name="tests") as database,
        database.transaction() as transaction,
    ):
        await clocks.set(transaction, chain_id, 2, 2 * DAY)
        assert await clocks.set(transaction, chain_id, 1, DAY) is None
        assert await clocks.set(transaction, chain_id, 2, 2 * DAY) is None
        assert await clocks.reading(transaction, chain_id) == (2, 2 * DAY)


async def test_a_clock_waits_for_those_who_compute_by_it(
    database_dsn: Callable[..., str],
) -> None:
    dsn = await asyncio.to_thread(database_dsn, MIGRATIONS)
    clocks, chain_id = Clocks(enabled=True), uuid4()

    async with Database.connect(dsn, application_name="tests") as database:

        async def move() -> None:
            async with database.transaction() as transaction:
                await clocks.set(transaction, chain_id, 1, DAY)

        async with database.transaction() as transaction:
            assert (await clocks.read(transaction, [chain_id])).of(chain_id) == timedelta()
            moving = asyncio.create_task(move())
            async with asyncio.timeout(30):
                while not await database.pool.fetchval(WAITING):  # noqa: ASYNC110 — nothing tells
                    await asyncio.sleep(0.01)
            assert (await clocks.read(transaction, [chain_id])).of(chain_id) == timedelta()
        await moving

        async with database.transaction() as transaction:
            assert (await clocks.read(transaction, [chain_id])).of(chain_id) == DAY


async def test_outside_test_mode_no_clock_is_set(database_dsn: Callable[..., str]) -> None:
    dsn = await asyncio.to_thread(database_dsn, MIGRATIONS)
    clocks, chain_id = Clocks(enabled=False), uuid4()
    async with (
        Database.connect(dsn, application_name="tests") as database,
        database.transaction() as transaction,
    ):
        assert await clocks.set(transaction, chain_id, 1, DAY) is None
        assert await transaction.fetchval("SELECT count(*) FROM test_clocks") == 0
        assert (await clocks.read(transaction, [chain_id])).of(chain_id) == timedelta()
