"""Notices a consumer that hangs: behind, with nothing in hand, and no progress."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupLoadInProgressError, KafkaError
from aiokafka.structs import OffsetAndMetadata

from messaging import batches, failures
from messaging.consumer import Consumer
from messaging.metrics import BROKER_REACHABLE, LAG

_log = structlog.get_logger(__name__)


_LOOKS: Final = 4  # how often within the patience


async def watch(
    consumer: Consumer, bootstrap_servers: str, group: str, patience: timedelta
) -> None:
    """Leave the process when the consumer makes no progress although there is something to do.

    It must have been so, with a broker that answered, at every look during the patience; twice as
    long while it joins the group, which takes its time. The broker is asked over fresh
    connections: those of a consumer that hangs tell nothing. A batch in hand that outlasts the poll
    limit hangs too, and so does a consumer that looks for messages no more.
    """
    interval = patience.total_seconds() / _LOOKS
    healthy_at = time.monotonic()
    while True:
        progress = consumer.progress
        await asyncio.sleep(interval)
        behind = await _look(consumer, bootstrap_servers, group, interval)
        joined = consumer.membership.joined
        _leave_if_stuck(consumer, patience)
        idle = behind is None or (not behind and joined)
        if idle or consumer.in_hand_since is not None or consumer.progress != progress:
            healthy_at = time.monotonic()
        elif time.monotonic() - healthy_at >= patience.total_seconds() * (1 if joined else 2):
            failures.leave("the consumer is behind and makes no progress", behind=behind)


def _leave_if_stuck(consumer: Consumer, patience: timedelta) -> None:
    now = time.monotonic()
    if consumer.in_hand_since is not None:
        if now - consumer.in_hand_since > batches.POLL_LIMIT:
            failures.leave("a batch hangs")
    elif consumer.membership.joined and now - consumer.polled > patience.total_seconds():
        failures.leave("the consumer does not look for messages any more")


async def _look(
    consumer: Consumer, bootstrap_servers: str, group: str, seconds: float
) -> dict[str, int] | None:
    """Return how far behind the consumer is, `None` when the broker does not say."""
    try:
        async with asyncio.timeout(seconds):
            waiting = await _waiting(consumer, bootstrap_servers, group)
    except asyncio.CancelledError as error:
        # aiokafka lets the cancellation of its own requests out when its broker dies.
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return _unknown(error)
    except (KafkaError, OSError) as error:
        return _unknown(error)
    BROKER_REACHABLE.set(1)
    for partition, count in waiting.items():
        if partition in consumer.membership.partitions:
            LAG.labels(group, partition.topic, partition.partition).set(count)
    return {f"{one.topic}-{one.partition}": count for one, count in waiting.items() if count > 0}


def _unknown(error: BaseException) -> None:
    _log.warning("the broker cannot be asked for the lag", error=repr(error))
    BROKER_REACHABLE.set(0)


async def _waiting(
    consumer: Consumer, bootstrap_servers: str, group: str
) -> dict[TopicPartition, int]:
    """Return how many messages wait in each partition of ours."""
    partitions = list(consumer.membership.partitions)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        if not partitions:
            await admin.find_coordinator(group)
            return {}
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
    return lags(committed, first, ends)


def lags(
    committed: Mapping[TopicPartition, OffsetAndMetadata],
    first: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
) -> dict[TopicPartition, int]:
    """Return how many messages wait between what is committed (-1: nothing) and the end.

    Raises `GroupLoadInProgressError` when a broker that has just started left a partition out.
    """
    if not ends.keys() <= committed.keys():
        raise GroupLoadInProgressError("the coordinator does not know what is committed")
    return {
        partition: end - max(committed[partition].offset, first[partition])
        for partition, end in ends.items()
    }
