"""Deleting what topics hold before its time: all that was handled, and nothing else."""

from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.conversation import Topic
from messaging import delete_handled

from .bench import Bench
from .toy import Open


def topic(bench: Bench, end: str) -> Topic:
    [found] = [one for one in bench.conversation.topics if one.name.endswith(f".{end}")]
    return found


async def held(bench: Bench, end: str) -> int:
    """Return how many records a topic holds."""
    asked = topic(bench, end)
    partitions = [TopicPartition(asked.name, number) for number in range(asked.partitions)]
    consumer: Any = AIOKafkaConsumer(bootstrap_servers=bench.bootstrap_servers)
    await consumer.start()
    try:
        first = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()
    return sum(ends[one] - first[one] for one in partitions)


async def opened(bench: Bench, number: int) -> None:
    await bench.tell(*(bench.command(Open(counter_id=uuid4()), uuid4()) for _ in range(number)))


async def forgotten(bench: Bench, patience: float) -> bool:
    return await delete_handled(
        bench.bootstrap_servers,
        group=bench.service,
        commands=topic(bench, "commands"),
        replies=topic(bench, "replies"),
        patience=patience,
    )


async def test_what_was_handled_is_deleted_and_what_comes_next_is_handled(bench: Bench) -> None:
    async with bench.running():
        await opened(bench, 20)
        await bench.expect("operations WHERE state = 'done'", 20)
        await bench.said()
        assert await forgotten(bench, 30)
        assert (await held(bench, "commands"), await held(bench, "replies")) == (0, 0)
        await opened(bench, 5)
        await bench.expect("operations WHERE state = 'done'", 25)


async def test_what_nobody_has_handled_yet_is_never_deleted(bench: Bench) -> None:
    async with bench.running():
        await opened(bench, 10)
        await bench.expect("operations WHERE state = 'done'", 10)
        await bench.acknowledged()
    await opened(bench, 7)
    assert not await forgotten(bench, 6)
    assert await held(bench, "commands") == 7
    async with bench.running():
        await bench.expect("operations WHERE state = 'done'", 17)


async def test_without_any_acknowledgement_nothing_is_deleted(bench: Bench) -> None:
    await opened(bench, 7)
    assert not await forgotten(bench, 6)
    assert await held(bench, "commands") == 7
