"""What a test does with the toy service: run it, kill it, tell it things, hear what it says."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition

import messaging
from contracts.base import Message
from contracts.conversation import Conversation
from contracts.reply import Reply
from messaging import Messaging, Publisher, Record, encode_command
from messaging.envelope import headers_of, on_the_wire
from postgres import Database

from .toy import PARTITIONS, Add, Added, Open, handle

Heard = TypeVar("Heard", bound=Message)

PATIENCE = 60.0  # seconds that anything may take on a busy machine


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until `condition` holds."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not await condition():  # noqa: ASYNC110 - the servers have no event to wait for
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"never happened: {what}") from None


@dataclass
class Bench:
    """One toy service on topics and a database of its own."""

    service: str
    conversation: Conversation
    bootstrap_servers: str
    dsn: str
    database: Database
    publisher: Publisher
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def open(cls, **parts: Any) -> AsyncGenerator["Bench", None]:
        async with Publisher.connect(parts["bootstrap_servers"], client_id="tests") as publisher:
            bench = cls(**parts, publisher=publisher)
            try:
                yield bench
            finally:
                for process in bench.processes:
                    if process.returncode is None:
                        process.kill()
                        await process.wait()

    async def start(self, instance: str = "toy-1", **settings: str) -> asyncio.subprocess.Process:
        """Run the toy as a process; `settings` go into its environment."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).parent / "toy.py"),
            env={
                **os.environ,
                "SERVICE": self.service,
                "INSTANCE": f"{self.service}-{instance}",
                "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap_servers,
                "POSTGRES_DSN": self.dsn,
                **settings,
            },
        )
        self.processes.append(process)
        return process

    async def died(self, process: asyncio.subprocess.Process) -> None:
        """Wait until the process was ended by SIGKILL."""
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == -signal.SIGKILL

    @asynccontextmanager
    async def running(
        self,
        instance: str = "toy-1",
        handle: messaging.Handler | None = handle,
        **options: Any,
    ) -> AsyncGenerator[Messaging, None]:
        """Run the toy inside the test."""
        async with messaging.running(
            service=self.service,
            conversation=self.conversation,
            database=self.database,
            bootstrap_servers=self.bootstrap_servers,
            instance=f"{self.service}-{instance}",
            handle=handle,
            **options,
        ) as running:
            await until(running.ready, "readiness")
            yield running

    def record(self, message: Message, message_id: UUID | None = None) -> Record:
        """Encode a request or an event."""
        headers = headers_of(
            message, message_id=message_id or uuid4(), source="tests", time=datetime.now(UTC)
        )
        return Record(
            self.conversation.topic_of(message).name,
            str(self.conversation.key_of(message)).encode(),
            message.model_dump_json().encode(),
            on_the_wire(headers),
        )

    def command(
        self,
        command: Open,
        command_id: UUID,
        *,
        request_hash: str = "hash",
        principal: str = "none",
    ) -> Record:
        """Encode a command."""
        return encode_command(
            self.conversation,
            command,
            command_id=command_id,
            principal=principal,
            request_hash=request_hash,
            time=datetime.now(UTC),
        )

    def adds(self, amounts: Iterable[int], counter_id: UUID | None = None) -> list[Record]:
        """Encode an `Add` of each amount, each to a counter of its own if none is given."""
        return [self.record(Add(counter_id=counter_id or uuid4(), amount=one)) for one in amounts]

    async def tell(self, *records: Record) -> None:
        """Publish, in this order."""
        assert all(await self.publisher.publish_all(records))

    async def effects(self) -> list[int]:
        """Return the amounts that had an effect, sorted."""
        rows = await self.database.pool.fetch("SELECT amount FROM effects ORDER BY amount")
        return [row["amount"] for row in rows]

    async def count(self, what: str) -> int:
        """Count rows, as in `count("dead_letters WHERE state = 'open'")`."""
        return await self.database.pool.fetchval(f"SELECT count(*) FROM {what}")

    async def expect(self, what: str, number: int) -> None:
        """Wait until there are so many rows."""

        async def there() -> bool:
            return await self.count(what) >= number

        await until(there, f"{number} {what}")
        assert await self.count(what) == number

    async def said(self) -> None:
        """Wait until the outbox is published."""

        async def all_of_it() -> bool:
            return await self.count("outbox WHERE published_at IS NULL") == 0

        await until(all_of_it, "an empty outbox")

    async def acknowledged(self) -> None:
        """Wait until the group has acknowledged all that the service hears."""
        topics = [topic.name for topic in self.conversation.heard_by(self.service)]
        partitions = [TopicPartition(topic, n) for topic in topics for n in range(PARTITIONS)]
        consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap_servers,
            group_id=self.service,
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            consumer.assign(partitions)

            async def all_of_it() -> bool:
                ends = await consumer.end_offsets(partitions)
                done = [(await consumer.committed(one) or 0) >= ends[one] for one in partitions]
                return all(done)

            await until(all_of_it, "acknowledgement of everything")
        finally:
            await consumer.stop()

    async def hear(self, kind: type[Heard]) -> list[Heard]:
        """Return all that was published of a kind; the order within a key is that of the topic."""
        await self.said()
        [topic] = [topic for topic in self.conversation.topics if kind in topic.types]
        partitions = [TopicPartition(topic.name, n) for n in range(PARTITIONS)]
        consumer: Any = AIOKafkaConsumer(bootstrap_servers=self.bootstrap_servers)
        await consumer.start()
        try:
            consumer.assign(partitions)
            await consumer.seek_to_beginning()
            ends = await consumer.end_offsets(partitions)
            heard: list[Heard] = []
            while len(heard) < sum(ends.values()):
                batches = await consumer.getmany(timeout_ms=1000)
                heard += [
                    kind.model_validate_json(record.value)
                    for batch in batches.values()
                    for record in batch
                ]
        finally:
            await consumer.stop()
        return heard

    async def replies(self, command_id: UUID) -> Sequence[Reply]:
        """Return the replies to a command."""
        return [one for one in await self.hear(Reply) if one.command_id == command_id]

    async def totals(self) -> list[Added]:
        """Return the announcements."""
        return await self.hear(Added)
