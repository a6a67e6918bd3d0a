"""The replies topic, and the callers that wait for one of its messages.

Every replica reads all of the topic without a consumer group, and takes what it waits for. A reply
that is lost costs a later GET of the operation: replies are a convenience, events the truth.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from time import monotonic
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.conversation import Conversation
from messaging import use_sessions

_POLL_MS: Final = 1000
_SILENCE_SECONDS: Final = 5
_BACKOFF_SECONDS: Final = 1
_REQUEST_TIMEOUT_MS: Final = 10_000

_log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """A reply's HTTP status, and its body as the service wrote it."""

    status: int
    body: bytes
    is_problem: bool


class _Wire(msgspec.Struct):
    """A `contracts.reply.Reply`, read no further than needed: the body is passed on as it is."""

    command_id: UUID
    request_hash: str
    state: Literal["done", "refused"]
    status: int = 200
    result: msgspec.Raw = msgspec.Raw(b"{}")
    problem: msgspec.Raw = msgspec.Raw(b"null")


_decoder = msgspec.json.Decoder(_Wire)

Waited = tuple[UUID, str]


class Replies:
    """Callers wait here by command and request: two requests under one key get each their own."""

    def __init__(self) -> None:
        self._waiting: dict[Waited, list[asyncio.Future[Answer]]] = {}
        self.listening = False
        """Whether reading has begun. A later break leaves it: questions are answered all the same,
        and callers of commands are told to come back."""

    @contextmanager
    def expected(
        self, command_id: UUID, request_hash: str
    ) -> Generator[asyncio.Future[Answer], None, None]:
        """Wait for the reply within this block; enter it before the command is published."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        waited = (command_id, request_hash)
        self._waiting.setdefault(waited, []).append(future)
        try:
            yield future
        finally:
            others = self._waiting[waited]
            others.remove(future)
            if not others:
                del self._waiting[waited]

    def arrive(self, value: bytes) -> None:
        """Give one message of the topic to those who wait for it."""
        try:
            reply = _decoder.decode(value)
        except msgspec.MsgspecError:
            _log.warning("a reply could not be read", exc_info=True)
            return
        futures = self._waiting.get((reply.command_id, reply.request_hash), ())
        is_problem = reply.state == "refused"
        body = bytes(reply.problem if is_problem else reply.result)
        for future in futures:
            if not future.done():
                future.set_result(Answer(reply.status, body, is_problem))


@asynccontextmanager
async def listening(
    bootstrap_servers: str, conversation: Conversation
) -> AsyncGenerator[Replies, None]:
    """Read the topic in the background, from now on, until the block ends."""
    (topic,) = conversation.heard_by("gateway")
    partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
    replies = Replies()
    reader = _Reader(replies, bootstrap_servers, partitions)
    reading = asyncio.create_task(reader.run(), name="replies")
    try:
        yield replies
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


class _StalledError(Exception):
    """The topic has grown, and nothing arrives: so it goes sometimes after a broker's restart."""


class _Reader:
    """Reads all partitions, from their ends at the first time and from where it was ever after."""

    def __init__(
        self, replies: Replies, bootstrap_servers: str, partitions: Sequence[TopicPartition]
    ) -> None:
        self._replies = replies
        self._bootstrap_servers = bootstrap_servers
        self._partitions = partitions
        self._positions: dict[TopicPartition, int] = {}

    async def run(self) -> None:
        """Read until cancelled; when reading breaks, begin anew."""
        while True:
            try:
                await self._read()
            except asyncio.CancelledError:
                # The client lets the cancellation of its own requests out when its broker dies.
                if _is_told_to_stop():
                    raise
                _log.warning("reading replies was cut off, beginning anew")
            except (KafkaError, OSError, _StalledError) as error:
                _log.warning("reading replies broke, beginning anew: %r", error)
            except Exception:  # noqa: BLE001 — if reading ended here, callers would wait in vain
                _log.exception("reading replies broke, beginning anew")
            await asyncio.sleep(_BACKOFF_SECONDS)

    async def _read(self) -> None:
        consumer: Any = AIOKafkaConsumer(  # untyped
            bootstrap_servers=self._bootstrap_servers,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="latest",
            fetch_min_bytes=1,
            request_timeout_ms=_REQUEST_TIMEOUT_MS,
        )
        use_sessions(consumer)
        try:
            await consumer.start()
            consumer.assign(self._partitions)
            if not self._positions:
                self._positions = await self._ends(consumer)
            for partition, offset in self._positions.items():
                consumer.seek(partition, offset)
            self._replies.listening = True
            await self._follow(consumer)
        finally:
            await consumer.stop()

    async def _follow(self, consumer: Any) -> None:
        was_behind = False
        heard = monotonic()
        while True:
            arrived = await consumer.getmany(timeout_ms=_POLL_MS)
            for partition, records in arrived.items():
                for record in records:
                    self._replies.arrive(record.value or b"")
                self._positions[partition] = records[-1].offset + 1
            if arrived:
                heard = monotonic()
                was_behind = False
            elif monotonic() - heard > _SILENCE_SECONDS:
                is_behind = await self._is_behind(consumer)
                if is_behind and was_behind:
                    raise _StalledError
                was_behind = is_behind
                heard = monotonic()

    async def _is_behind(self, consumer: Any) -> bool:
        ends = await self._ends(consumer)
        return any(end > self._positions[partition] for partition, end in ends.items())

    async def _ends(self, consumer: Any) -> dict[TopicPartition, int]:
        async with asyncio.timeout(_REQUEST_TIMEOUT_MS / 1000):
            return await consumer.end_offsets(self._partitions)


def _is_told_to_stop() -> bool:
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
