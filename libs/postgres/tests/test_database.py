"""What a service may rely on in its transactions."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import asyncpg
import pytest

from postgres import Database


async def test_a_transaction_commits_at_its_end_and_rolls_back_when_it_raises(
    database_dsn: Callable[..., str],
) -> None:
    dsn = await asyncio.to_thread(database_dsn)
    first, second = uuid4(), uuid4()
    async with Database.connect(dsn, application_name="tests") as database:
        await database.pool.execute("CREATE TABLE seen (id uuid)")
        async with database.transaction() as transaction:
            await transaction.execute("INSERT INTO seen VALUES ($1)", first)

        async def fail() -> None:
            async with database.transaction() as transaction:
                await transaction.execute("INSERT INTO seen VALUES ($1)", second)
                await transaction.execute("SELECT 1 / 0")

        with pytest.raises(asyncpg.DivisionByZeroError):
            await fail()

        assert await database.pool.fetchval("SELECT array_agg(id) FROM seen") == [first]


async def test_the_server_itself_ends_waits_and_idle_transactions(
    database_dsn: Callable[..., str],
) -> None:
    dsn = await asyncio.to_thread(database_dsn)
    async with Database.connect(dsn, application_name="booking-1") as database:
        rows = await database.pool.fetch(
            """
            SELECT name, setting FROM pg_settings
            WHERE name IN ('lock_timeout', 'idle_in_transaction_session_timeout',
                           'application_name', 'TimeZone')
            """
        )

    assert {row["name"]: row["setting"] for row in rows} == {
        "lock_timeout": "10000",
        "idle_in_transaction_session_timeout": "30000",
        "application_name": "booking-1",
        "TimeZone": "UTC",
    }
