"""An idempotent producer that is renewed when it breaks."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeAlias

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from messaging.envelope import Record

_log = structlog.get_logger(__name__)

_CONFIRMATION: Final = 15.0  # seconds; aiokafka itself would wait for ever
_METADATA: Final = 5.0
_REQUEST_MS: Final = 10_000
_BATCH_BYTES: Final = 512 * 1024  # a partition's share of one send; below the broker's 1 MB


_Untyped: TypeAlias = Any
"""An `AIOKafkaProducer` whose methods have no types."""


class PublishError(Exception):
    """The broker did not confirm the record in time; it may have it nevertheless."""


class Publisher:
    """Sends records with `acks=all`, in the order given for every key.

    After a timeout or an error the producer is replaced: an idempotent one stays broken after a
    gap in its sequence. What the old one still delivers are copies, in the same order.
    """

    def __init__(self, bootstrap_servers: str, client_id: str) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._known_topics: set[str] = set()
        self._farewells: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, bootstrap_servers: str, *, client_id: str
    ) -> AsyncGenerator["Publisher", None]:
        """Make a publisher, and close it at the end; the broker need not be there yet."""
        publisher = cls(bootstrap_servers, client_id)
        try:
            yield publisher
        finally:
            publisher._renew(publisher._producer)
            await asyncio.gather(*publisher._farewells)

    async def publish(self, record: Record) -> None:
        """Return when the broker has confirmed the record; raises `PublishError`."""
        [confirmed] = await self.publish_all([record])
        if not confirmed:
            raise PublishError(f"{record.topic}: not confirmed")

    async def publish_all(self, records: Sequence[Record]) -> list[bool]:
        """Send all at once; return for each whether the broker has confirmed it.

        Of one key, nothing counts as confirmed that comes after a failure.
        """
        try:
            producer = await self._ready_producer()
            await self._learn_topics(producer, {record.topic for record in records})
        except (KafkaError, OSError) as error:
            _log.warning("the broker cannot be reached", error=repr(error))
            return [False] * len(records)
        futures = await self._send(producer, records)
        sent = [future for future in futures if future is not None]
        if sent:
            await asyncio.wait(sent, timeout=_CONFIRMATION)
        confirmed = [future is not None and _succeeded(future) for future in futures]
        if not all(map(_succeeded, sent)):
            self._renew(producer)
        return up_to_first_failure(records, confirmed)

    async def _send(
        self, producer: AIOKafkaProducer, records: Sequence[Record]
    ) -> list["asyncio.Future[Any] | None"]:
        futures: list[asyncio.Future[Any] | None] = [None] * len(records)
        failed: set[tuple[str, bytes]] = set()
        with suppress(TimeoutError):
            async with asyncio.timeout(_CONFIRMATION):
                for number, record in enumerate(records):
                    key = (record.topic, record.key)
                    if key not in failed and record.topic in self._known_topics:
                        futures[number] = await _send_one(producer, record)
                    if futures[number] is None:
                        failed.add(key)
        return futures

    async def _ready_producer(self) -> AIOKafkaProducer:
        if self._producer is not None:
            return self._producer
        async with self._starting:
            if self._producer is None:
                self._producer = await self._start()
            return self._producer

    async def _start(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap_servers,
            client_id=self._client_id,
            enable_idempotence=True,
            acks="all",
            linger_ms=0,
            max_batch_size=_BATCH_BYTES,
            request_timeout_ms=_REQUEST_MS,
        )
        try:
            async with asyncio.timeout(_CONFIRMATION):
                await producer.start()
        except BaseException:
            self._part_with(producer)
            raise
        return producer

    async def _learn_topics(self, producer: _Untyped, topics: Iterable[str]) -> None:
        """Wait for the metadata of each topic, so that none that is missing holds up the others."""
        unknown = [topic for topic in topics if topic not in self._known_topics]
        if not unknown:
            return

        async def learn(topic: str) -> None:
            try:
                async with asyncio.timeout(_METADATA):
                    await producer.partitions_for(topic)
                self._known_topics.add(topic)
            except (KafkaError, TimeoutError) as error:
                _log.error("no such topic", topic=topic, error=repr(error))

        await asyncio.gather(*map(learn, unknown))

    def _renew(self, broken: AIOKafkaProducer | None) -> None:
        """Let the next send begin with another producer; concurrent sends may have done so."""
        if broken is not None and broken is self._producer:
            self._producer = None
            self._known_topics.clear()
            self._part_with(broken)

    def _part_with(self, producer: AIOKafkaProducer) -> None:
        farewell = asyncio.create_task(_stop(producer))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)


async def _send_one(producer: _Untyped, record: Record) -> "asyncio.Future[Any] | None":
    try:
        return await producer.send(
            record.topic, record.value, key=record.key, headers=record.headers
        )
    except KafkaError as error:
        _log.error("record not sent", topic=record.topic, error=repr(error))
        return None


def _succeeded(future: "asyncio.Future[Any]") -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def up_to_first_failure(records: Sequence[Record], confirmed: Sequence[bool]) -> list[bool]:
    """Count nothing as confirmed that comes after a failure of its key: it is sent once more."""
    failed: set[tuple[str, bytes]] = set()
    kept: list[bool] = []
    for record, success in zip(records, confirmed, strict=True):
        key = (record.topic, record.key)
        if not success:
            failed.add(key)
        kept.append(key not in failed)
    return kept


async def _stop(producer: AIOKafkaProducer) -> None:
    """Stop a producer, by force if it does not come to an end: it never gives up by itself."""
    with suppress(KafkaError, TimeoutError):
        async with asyncio.timeout(2):
            await producer.stop()
            return
    sender: Any = producer._sender  # pyright: ignore[reportPrivateUsage]
    if sender is not None and sender.sender_task is not None:
        sender.sender_task.cancel()
    with suppress(KafkaError):
        await producer.client.close()
