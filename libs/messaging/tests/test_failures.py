"""Failures that pass are waited out: nothing is lost, nothing is done twice."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from devstack.stack import Stack
from messaging.metrics import RETRIES

from .bench import PATIENCE, Bench, until


def _retries() -> float:
    return sum(
        sample.value
        for metric in RETRIES.collect()
        for sample in metric.samples
        if sample.name.endswith("_total")
    )


async def test_a_batch_waits_for_a_lock_as_long_as_it_takes(bench: Bench) -> None:
    counter_id = uuid4()
    async with bench.running():
        await bench.tell(*bench.adds([1], counter_id))
        await bench.expect("effects", 1)
        async with bench.database.transaction() as other:
            await other.execute("SELECT FROM counters WHERE counter_id = $1 FOR UPDATE", counter_id)
            before = _retries()
            await bench.tell(*bench.adds([2, 3], counter_id))

            async def tried_twice() -> bool:
                return _retries() >= before + 2

            await until(tried_twice, "a second retry")
            assert await bench.effects() == [1]
        await bench.acknowledged()

    assert await bench.effects() == [1, 2, 3]
    assert await bench.count("dead_letters") == 0


@asynccontextmanager
async def _outage(stack: Stack, bench: Bench) -> AsyncGenerator[None, None]:
    """Cut every connection to the bench's database, and let none in."""
    name = urlsplit(bench.dsn).path.strip("/")
    admin = await asyncpg.connect(urlunsplit(urlsplit(stack.admin_dsn)))
    try:
        await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        yield
        await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    finally:
        await admin.close()


async def test_an_outage_of_the_database_loses_nothing(bench: Bench, servers: Stack) -> None:
    async with bench.running() as messaging:
        await bench.tell(*bench.adds(range(100, 110)))
        await bench.expect("effects", 10)
        before = _retries()
        async with _outage(servers, bench):
            await bench.tell(*bench.adds(range(200, 210)))

            async def tried_twice() -> bool:
                return _retries() >= before + 2

            await until(tried_twice, "a second retry")
            assert not await messaging.ready()
        await until(messaging.ready, "readiness")
        await bench.acknowledged()
        announced = await bench.totals()

    expected = [*range(100, 110), *range(200, 210)]
    assert await bench.effects() == expected
    assert sorted({one.total for one in announced}) == expected
    assert await bench.count("dead_letters") == 0


async def test_a_second_batch_that_waited_for_the_lock_sees_what_the_first_did(
    bench: Bench,
) -> None:
    counter_id = uuid4()
    amounts = [1] * 50
    async with bench.running("toy-1"):
        await asyncio.gather(
            bench.tell(*bench.adds(amounts, counter_id)),
            bench.tell(*bench.adds(amounts, counter_id)),
        )
        await bench.acknowledged()
        announced = await bench.totals()

    assert max(one.total for one in announced) == 100
    assert sorted({one.revision for one in announced}) == list(range(1, 101))


async def test_a_consumer_that_hangs_behind_leaves_its_process(bench: Bench) -> None:
    idle = await bench.start("toy-1", HANG="sees nothing", PATIENCE="2")
    with pytest.raises(TimeoutError):  # with nothing to do there is nothing to leave for
        await asyncio.wait_for(idle.wait(), 4)
    await bench.tell(*bench.adds([1]))

    assert await asyncio.wait_for(idle.wait(), PATIENCE) == 70
    await bench.start("toy-1")
    await bench.acknowledged()
    assert await bench.effects() == [1]


async def test_a_consumer_that_looks_for_messages_no_more_leaves_its_process(bench: Bench) -> None:
    stuck = await bench.start("toy-1", HANG="stops looking", PATIENCE="2")

    assert await asyncio.wait_for(stuck.wait(), PATIENCE) == 70


async def test_a_batch_that_hangs_beyond_the_poll_limit_leaves_its_process(bench: Bench) -> None:
    await bench.tell(*bench.adds([1]))
    stuck = await bench.start("toy-1", HANG="in a batch", PATIENCE="2", POLL_LIMIT="3")

    assert await asyncio.wait_for(stuck.wait(), PATIENCE) == 70
