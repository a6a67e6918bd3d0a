"""Fetches in sessions, from a real broker: few partitions are named, and no message is lost."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.protocol.fetch import FetchRequest

from contracts.conversation import Conversation, Topic
from devstack.stack import Stack
from messaging.fetch_sessions import use_sessions


class Reader:
    """A consumer of all partitions of a new topic, with the fetches that went over the wire."""

    def __init__(self, consumer: Any, producer: Any, topic: Topic) -> None:
        self.consumer = consumer
        self.fetches: list[Any] = []
        self._producer = producer
        self.partitions = [TopicPartition(topic.name, n) for n in range(topic.partitions)]
        send = consumer._client.send

        async def recorded(node_id: int, request: Any, **options: Any) -> Any:
            if request.__class__.__name__ == "_Fetch":
                self.fetches.append(request.prepare({FetchRequest.API_KEY: (4, 11)}))
            return await send(node_id, request, **options)

        consumer._client.send = recorded
        use_sessions(consumer)

    @property
    def session(self) -> Any:
        """What is known of the session with the one broker."""
        [session] = self.consumer._client.send.__self__._of_broker.values()
        return session

    async def write(self, partition: int, text: str) -> None:
        """Append a message."""
        topic = self.partitions[partition].topic
        await self._producer.send_and_wait(topic, text.encode(), partition=partition)

    async def read(self) -> str:
        """Return the next message of any partition."""
        async with asyncio.timeout(10):
            return (await self.consumer.getone()).value.decode()

    async def break_off(self) -> None:
        """Close the connection when a fetch waits for its response."""
        connections = self.consumer._client._conns
        async with asyncio.timeout(10):
            while not any(one._requests for one in connections.values()):  # noqa: ASYNC110 - aiokafka's
                await asyncio.sleep(0)
        for connection in connections.values():
            connection.close()

    def named(self, fetch: Any) -> list[tuple[str, int]]:
        """Return the partitions that a fetch names."""
        return [(topic, one[0]) for topic, partitions in fetch.topics for one in partitions]


@asynccontextmanager
async def reading(servers: Stack) -> AsyncGenerator[Reader, None]:
    topic = Topic(
        name=f"fetched-{uuid4().hex}",
        types={},
        writers=(),
        readers=(),
        retention=timedelta(hours=1),
    )
    await asyncio.to_thread(servers.create_topics, Conversation((topic,)))
    options: Any = {"bootstrap_servers": servers.bootstrap_servers}
    consumer: Any = AIOKafkaConsumer(**options, auto_offset_reset="earliest")
    producer: Any = AIOKafkaProducer(**options)
    reader = Reader(consumer, producer, topic)
    async with consumer, producer:
        consumer.assign(reader.partitions)
        yield reader


async def test_a_fetch_names_only_the_partitions_whose_offset_has_changed(servers: Stack) -> None:
    async with reading(servers) as reader:
        for number in range(20):
            await reader.write(number % 12, f"message {number}")
            assert await reader.read() == f"message {number}"
        first, *others = reader.fetches
        assert len(reader.named(first)) == 12
        assert others
        assert {len(reader.named(fetch)) for fetch in others} == {1}


async def test_messages_arrive_in_their_order_when_the_broker_has_lost_the_session(
    servers: Stack,
) -> None:
    async with reading(servers) as reader:
        await reader.write(3, "before")
        assert await reader.read() == "before"
        reader.session.id += 1
        for number in range(5):
            await reader.write(3, f"after {number}")
        assert [await reader.read() for _ in range(5)] == [f"after {n}" for n in range(5)]
        assert sum(len(reader.named(fetch)) == 12 for fetch in reader.fetches) == 2


async def test_a_fetch_that_was_broken_off_begins_another_session(servers: Stack) -> None:
    async with reading(servers) as reader:
        await reader.write(3, "before")
        assert await reader.read() == "before"
        begun = reader.session.id
        await reader.break_off()
        await reader.write(3, "after")
        assert await reader.read() == "after"
        assert reader.session.id != begun


async def test_a_partition_that_is_left_out_is_forgotten_and_fetched_again_later(
    servers: Stack,
) -> None:
    async with reading(servers) as reader:
        left_out = reader.partitions[5]
        await reader.write(5, "before")
        assert await reader.read() == "before"
        reader.consumer.pause(left_out)
        await reader.write(4, "beside")  # what ends the fetch that still names it
        assert await reader.read() == "beside"
        await reader.write(5, "meanwhile")
        await reader.write(4, "another")
        assert await reader.read() == "another"
        assert any(fetch.forgotten_topics_data for fetch in reader.fetches)
        reader.consumer.resume(left_out)
        assert await reader.read() == "meanwhile"
