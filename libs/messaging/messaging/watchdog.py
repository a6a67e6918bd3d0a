"""Notices a consumer that hangs: behind, with nothing in hand, and no progress."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from messaging import failures
from messaging.consumer import Consumer

_log = structlog.get_logger(__name__)


async def watch(
    consumer: Consumer, bootstrap_servers: str, group: str, patience: timedelta
) -> None:
    """Leave the process when the consumer makes no progress although there is something to do.

    The broker is asked over fresh connections: those of a consumer that hangs tell nothing.
    """
    seconds = patience.total_seconds()
    while True:
        await asyncio.sleep(seconds / 4)
        if consumer.in_hand or time.monotonic() - consumer.progress < seconds:
            continue
        progress = consumer.progress
        try:
            async with asyncio.timeout(seconds):
                behind = await _behind(consumer, bootstrap_servers, group)
        except (KafkaError, OSError) as error:
            _log.warning("the broker cannot be asked for the lag", error=repr(error))
            consumer.progress = time.monotonic()  # no broker, no progress: nobody's fault
            continue
        if consumer.in_hand or consumer.progress != progress:
            continue
        if behind or not consumer.membership.joined:
            failures.leave("the consumer is behind and makes no progress", behind=behind)
        consumer.progress = time.monotonic()


async def _behind(consumer: Consumer, bootstrap_servers: str, group: str) -> dict[str, int]:
    """Return how many messages wait in each partition of ours that has any."""
    partitions = list(consumer.membership.partitions)
    if not partitions:
        return {}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        committed = await admin.list_consumer_group_offsets(group, partitions=partitions)
    finally:
        await admin.close()
    observer: Any = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    await observer.start()
    try:
        first: dict[TopicPartition, int] = await observer.beginning_offsets(partitions)
        ends: dict[TopicPartition, int] = await observer.end_offsets(partitions)
    finally:
        await observer.stop()
    waiting = {
        partition: ends[partition] - max(committed[partition].offset, first[partition])
        for partition in partitions
    }
    return {f"{one.topic}-{one.partition}": count for one, count in waiting.items() if count > 0}
