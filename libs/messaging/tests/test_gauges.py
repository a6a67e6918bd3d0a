"""What is told about a service in which nothing flows."""

import asyncio
from datetime import timedelta

from prometheus_client import REGISTRY

import messaging
from messaging.gauges import keep_counting
from postgres import Database

from .bench import Bench, until
from .toy import BUG, handle


def _value(name: str, **labels: str) -> float:
    """Return the sum of a metric's values, of those with these labels."""
    return sum(
        sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


async def test_open_dead_letters_and_an_outbox_that_does_not_move_are_counted(
    bench: Bench,
) -> None:
    await bench.tell(*bench.adds([BUG]))
    async with bench.running():
        await bench.acknowledged()
        await bench.said()
    await bench.database.pool.execute(
        "UPDATE outbox SET published_at = NULL, created_at = now() - interval '1 hour'"
    )
    counting = asyncio.create_task(keep_counting(bench.database))
    try:

        async def counted() -> bool:
            return _value("messaging_outbox_oldest_unpublished_seconds") >= 3600

        await until(counted, "an old outbox")
        assert _value("messaging_dead_letters_open") == 1
        assert _value("messaging_database_reachable") == 1
    finally:
        counting.cancel()


async def test_a_database_that_does_not_answer_is_told(bench: Bench) -> None:
    async with Database.connect(bench.dsn, application_name="tests") as database:
        await database.pool.close()
        counting = asyncio.create_task(keep_counting(database))
        try:

            async def told() -> bool:
                return _value("messaging_database_reachable") == 0

            await until(told, "an unreachable database")
        finally:
            counting.cancel()


async def test_the_lag_is_told_while_a_batch_is_stuck(bench: Bench) -> None:
    counters = bench.adds([1, 2, 3])
    async with messaging.running(
        service=bench.service,
        conversation=bench.conversation,
        database=bench.database,
        bootstrap_servers=bench.bootstrap_servers,
        instance=f"{bench.service}-toy-1",
        handle=handle,
        patience=timedelta(seconds=4),
    ):
        async with bench.database.transaction() as other:
            await other.execute("LOCK TABLE effects IN ACCESS EXCLUSIVE MODE")
            await bench.tell(*counters)

            async def told() -> bool:
                return _value("messaging_consumer_lag_messages", group=bench.service) == 3

            await until(told, "a lag of 3")
            assert _value("messaging_broker_reachable") == 1
        await bench.acknowledged()
