"""What is asked of a Kafka that runs, ours or another: is it ready, and make these topics."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, for_code

from contracts.conversation import Topic
from devstack.errors import StackError

Result = TypeVar("Result")

# One group for each of the five partitions of the offsets topic (Java's hash of the name).
_GROUPS = ("a", "b", "c", "d", "e")
_ANSWER_SECONDS = 5
_TOPIC_ALREADY_EXISTS = 36
_MESSAGE_MAX_BYTES = 2**20
_MOST_REPLICAS = 3


def coordinator_answers(bootstrap_servers: str) -> bool:
    """Return whether consumers can join groups, which is later than that the port is open."""
    return blocking(_coordinator_answers(bootstrap_servers))


def create_topics(bootstrap_servers: str, topics: Iterable[Topic]) -> list[str]:
    """Create those of `topics` that are missing and return their names; change no others."""
    return blocking(_create_topics(bootstrap_servers, list(topics)))


def blocking(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end, whether or not the caller's thread has an event loop running."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _coordinator_answers(bootstrap_servers: str) -> bool:
    if not await _is_open(bootstrap_servers):
        return False
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            # First this way: the consumer logs an error when there is no coordinator yet.
            async with _admin(bootstrap_servers) as admin:
                for group in _GROUPS:
                    await admin.find_coordinator(group)
            asking = (_ask_for_offsets(bootstrap_servers, each) for each in _GROUPS)
            await asyncio.gather(*asking)
    except (KafkaError, OSError, TimeoutError):
        return False
    return True


async def _is_open(bootstrap_servers: str) -> bool:
    """Return whether the port is open: asked first, for aiokafka logs an error if it is not."""
    host, _, port = bootstrap_servers.split(",", maxsplit=1)[0].rpartition(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False
    writer.close()
    return True


async def _ask_for_offsets(bootstrap_servers: str, group: str) -> None:
    """Ask the coordinator of `group` what it committed; waits while that is still loading."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap_servers, group_id=group, enable_auto_commit=False
    )
    try:
        await consumer.start()
        partition = TopicPartition("readiness", 0)
        await consumer.committed(partition)  # pyright: ignore[reportUnknownMemberType] - untyped
    finally:
        await consumer.stop()


async def _create_topics(bootstrap_servers: str, topics: list[Topic]) -> list[str]:
    async with _admin(bootstrap_servers) as admin:
        existing = set(await admin.list_topics())
        missing = [topic for topic in topics if topic.name not in existing]
        if not missing:
            return []
        cluster: dict[str, Any] = await admin.describe_cluster()
        replicas = min(_MOST_REPLICAS, len(cluster["brokers"]))
        answer: Any = await admin.create_topics([_new(topic, replicas) for topic in missing])
    for name, code, *message in answer.topic_errors:
        if code not in {0, _TOPIC_ALREADY_EXISTS}:
            raise StackError(f"Topic {name}: {for_code(code).__name__} {message}")
    return [topic.name for topic in missing]


def _new(topic: Topic, replicas: int) -> NewTopic:
    retention = -1 if topic.retention is None else int(topic.retention.total_seconds() * 1000)
    return NewTopic(
        name=topic.name,
        num_partitions=topic.partitions,
        replication_factor=replicas,
        topic_configs={
            "cleanup.policy": "delete",
            "retention.ms": str(retention),
            "retention.bytes": "-1",
            "message.timestamp.type": "LogAppendTime",
            "max.message.bytes": str(_MESSAGE_MAX_BYTES),
        },
    )


@asynccontextmanager
async def _admin(bootstrap_servers: str) -> AsyncGenerator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=30_000)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()
