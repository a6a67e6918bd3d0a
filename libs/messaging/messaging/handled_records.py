"""Deleting from topics what everybody has read, before its time: it says who somebody was."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from contracts.conversation import Topic

_READING: Final = 5.0  # seconds; whoever reads without a group has read within
_LOOKS: Final = 0.5

Offsets = Mapping[TopicPartition, int]


async def delete_handled(
    bootstrap_servers: str, *, group: str, commands: Topic, replies: Topic, patience: float = 60.0
) -> bool:
    """Delete all that two topics hold now; return whether all of it is gone.

    A command goes when `group` has acknowledged it, and never before: what is not by the end of
    the `patience`, in seconds, stays, for another time. Replies, which have no group, go after
    the time that their readers need. Raises `KafkaError` or `OSError`.
    """
    give_up = monotonic() + patience
    async with _admin(bootstrap_servers) as admin, _observer(bootstrap_servers) as observer:
        asked, said = await _held(observer, commands), await _held(observer, replies)
        await asyncio.sleep(_READING)
        await _delete(admin, said)
        while True:
            acknowledged = await _acknowledged(admin, group)
            handled = {one: min(acknowledged.get(one, 0), to) for one, to in asked.items()}
            if handled == asked or monotonic() > give_up:
                await _delete(admin, handled)
                return handled == asked
            await asyncio.sleep(_LOOKS)


async def _held(observer: Any, topic: Topic) -> Offsets:
    """Return where those partitions end that hold anything."""
    partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
    first: Offsets = await observer.beginning_offsets(partitions)
    ends: Offsets = await observer.end_offsets(partitions)
    return {one: end for one, end in ends.items() if end > first[one]}


async def _acknowledged(admin: Any, group: str) -> Offsets:
    """Return where the group goes on; -1 where it has acknowledged nothing."""
    committed = await admin.list_consumer_group_offsets(group)
    return {one: position.offset for one, position in committed.items()}


async def _delete(admin: Any, before: Offsets) -> None:
    gone = {one: RecordsToDelete(before_offset=to) for one, to in before.items() if to > 0}
    if gone:
        await admin.delete_records(gone)


@asynccontextmanager
async def _admin(bootstrap_servers: str) -> AsyncGenerator[Any, None]:  # aiokafka has no types
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


@asynccontextmanager
async def _observer(bootstrap_servers: str) -> AsyncGenerator[Any, None]:
    observer: Any = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    await observer.start()
    try:
        yield observer
    finally:
        await observer.stop()
