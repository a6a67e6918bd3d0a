"""An idempotent producer that is renewed when it breaks."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from messaging.envelope import Record
from messaging.partitioning import partition_of

_log = structlog.get_logger(__name__)

_CONFIRMATION: Final = 15.0  # seconds; aiokafka itself would wait for ever
_METADATA: Final = 5.0
_REQUEST_MS: Final = 10_000
_BATCH_BYTES: Final = 512 * 1024  # a partition's share of one send; below the broker's 1 MB
_RECORD_BYTES: Final = 1_000_000  # the broker takes no more, with what is around it


_Untyped: TypeAlias = Any
"""An `AIOKafkaProducer` whose methods have no types."""
_Futures: TypeAlias = "list[asyncio.Future[Any] | None]"
"""Of each record, what becomes of it; `None` if it was not sent."""
_Send: TypeAlias = Callable[[_Untyped, Sequence[Record], _Futures], Awaitable[None]]


class PublishError(Exception):
    """The broker did not confirm the record in time; it may have it nevertheless."""


@dataclass(slots=True)
class _Parcel:
    """Records of one partition that travel, and arrive or not, together; by their numbers."""

    topic: str
    partition: int
    builder: _Untyped
    numbers: list[int] = field(default_factory=list[int])


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
        self._partitions: dict[str, int] = {}  # how many, of each topic that was learned
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
        """Return when the broker has confirmed the record; raises `PublishError`.

        It shares a request with what others publish meanwhile.
        """
        [confirmed] = await self._publish([record], self._send)
        if not confirmed:
            raise PublishError(f"{record.topic}: not confirmed")

    async def publish_all(self, records: Sequence[Record]) -> list[bool]:
        """Send all at once; return for each whether the broker has confirmed it.

        Of one key, nothing counts as confirmed that comes after a failure.
        """
        return await self._publish(records, self._send_parcels)

    async def _publish(self, records: Sequence[Record], send: _Send) -> list[bool]:
        try:
            producer = await self._ready_producer()
            await self._learn_topics(producer, {record.topic for record in records})
        except (KafkaError, OSError) as error:
            _log.warning("the broker cannot be reached", error=repr(error))
            return [False] * len(records)
        futures: _Futures = [None] * len(records)
        with suppress(TimeoutError):
            async with asyncio.timeout(_CONFIRMATION):
                await send(producer, records, futures)
        sent = {future for future in futures if future is not None}
        if sent:
            await asyncio.wait(sent, timeout=_CONFIRMATION)
        confirmed = [future is not None and _succeeded(future) for future in futures]
        if not all(map(_succeeded, sent)):
            self._renew(producer)
        return up_to_first_failure(records, confirmed)

    async def _send(self, producer: _Untyped, records: Sequence[Record], futures: _Futures) -> None:
        """Send one record after the other, with a future for each."""
        for number, record in enumerate(records):
            if record.topic in self._partitions:
                with _noting_failures(record.topic):
                    partition = partition_of(record.key, self._partitions[record.topic])
                    futures[number] = await producer.send(
                        record.topic,
                        record.value,
                        key=record.key,
                        partition=partition,
                        headers=record.headers,
                    )

    async def _send_parcels(
        self, producer: _Untyped, records: Sequence[Record], futures: _Futures
    ) -> None:
        """Send what goes to one partition as one, with one future for all of it."""
        failed: set[tuple[str, int]] = set()
        for parcel in self._pack(producer, records):
            place = (parcel.topic, parcel.partition)
            if place in failed:
                continue
            failed.add(place)
            with _noting_failures(parcel.topic):
                future = await producer.send_batch(
                    parcel.builder, parcel.topic, partition=parcel.partition
                )
                for number in parcel.numbers:
                    futures[number] = future
                failed.discard(place)

    def _pack(self, producer: _Untyped, records: Sequence[Record]) -> list[_Parcel]:
        """Put records into parcels; left out is what cannot be sent, and what follows it."""
        parcels: list[_Parcel] = []
        open_: dict[tuple[str, int], _Parcel] = {}
        failed: set[tuple[str, bytes]] = set()
        for number, record in enumerate(records):
            topic, key = record.topic, record.key
            if topic not in self._partitions or _is_too_large(record) or (topic, key) in failed:
                failed.add((topic, key))
                continue
            partition = partition_of(key, self._partitions[topic])
            parcel = open_.get((topic, partition))
            if parcel is None or not _fits(parcel, record):
                parcel = _Parcel(topic, partition, producer.create_batch())
                open_[topic, partition] = parcel
                parcels.append(parcel)
                _fits(parcel, record)
            parcel.numbers.append(number)
        return parcels

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
        unknown = [topic for topic in topics if topic not in self._partitions]
        if not unknown:
            return

        async def learn(topic: str) -> None:
            try:
                async with asyncio.timeout(_METADATA):
                    self._partitions[topic] = len(await producer.partitions_for(topic))
            except (KafkaError, TimeoutError) as error:
                _log.error("no such topic", topic=topic, error=repr(error))

        await asyncio.gather(*map(learn, unknown))

    def _renew(self, broken: AIOKafkaProducer | None) -> None:
        """Let the next send begin with another producer; concurrent sends may have done so."""
        if broken is not None and broken is self._producer:
            self._producer = None
            self._partitions.clear()
            self._part_with(broken)

    def _part_with(self, producer: AIOKafkaProducer) -> None:
        farewell = asyncio.create_task(_stop(producer))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)


def _fits(parcel: _Parcel, record: Record) -> bool:
    """Put a record into a parcel, if there is room; an empty one has room for any."""
    added = parcel.builder.append(
        timestamp=None, key=record.key, value=record.value, headers=record.headers
    )
    return added is not None


def _is_too_large(record: Record) -> bool:
    return len(record.value or b"") > _RECORD_BYTES  # a test may send none at all


@contextmanager
def _noting_failures(topic: str) -> Generator[None, None, None]:
    try:
        yield
    except KafkaError as error:
        _log.error("not sent", topic=topic, error=repr(error))


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
