"""Every message two to five times, in another order."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from contracts.topics import CONVERSATION
from ground import Ground
from workload import until, working

_NOT_COPIED: Final = "dead_letters"
_TOPICS: Final = [one.name for one in CONVERSATION.topics if one.name != _NOT_COPIED]
_LISTEN_MS: Final = 500


async def copied_and_shuffled(ground: Ground) -> str:
    """Say everything that is said one to four times more, each time in another order."""
    async with _echo(ground), working(ground, ground.counts.copied_waves) as work:
        await until(work.starts[-1])
    ground.strike()
    return work.effects


@asynccontextmanager
async def _echo(ground: Ground) -> AsyncGenerator[None]:
    servers: Any = {"bootstrap_servers": ground.stack.bootstrap_servers}
    consumer: Any = AIOKafkaConsumer(*_TOPICS, **servers, auto_offset_reset="latest")
    producer: Any = AIOKafkaProducer(**servers, acks="all")
    async with consumer, producer:
        for partition in consumer.assignment():
            await consumer.position(partition)
        over = asyncio.Event()
        repeating = asyncio.create_task(_repeat(ground, consumer, producer, over))
        try:
            yield
        finally:
            over.set()
            await repeating


async def _repeat(ground: Ground, consumer: Any, producer: Any, over: asyncio.Event) -> None:
    """Gather for a moment, shuffle across topics and keys, say it again; until all was."""
    known: set[tuple[str, bytes]] = set()
    while True:
        heard: list[Any] = []
        for records in (await consumer.getmany(timeout_ms=_LISTEN_MS)).values():
            heard += [one for one in records if not _is_known(one, known)]
        copies = [one for one in heard for _ in range(ground.random.randint(1, 4))]
        ground.random.shuffle(copies)
        for one in copies:
            await producer.send(one.topic, one.value, key=one.key, headers=list(one.headers))
        await producer.flush()
        if over.is_set() and not copies:
            return


def _is_known(record: Any, known: set[tuple[str, bytes]]) -> bool:
    """Tell our own copies from what is said for the first time."""
    name = record.topic, dict(record.headers)["ce_id"]
    if name in known:
        return True
    known.add(name)
    return False
