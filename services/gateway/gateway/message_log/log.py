"""Reads the topics without a consumer group, from a little back, as long as somebody watches.

The newest messages are kept in memory, for all who watch in this process. What comes faster than it
can be looked at is skipped, and whoever does not keep up is let go.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.conversation import Conversation
from gateway.message_log.heard import Heard, read, shown_topics
from messaging import use_sessions

MOST_WATCHERS: Final = 20
_KEPT: Final = 2000
_QUEUE: Final = 1000
_BACK: Final = 17  # of each partition, at the start: some 200 a topic
_AT_ONCE: Final = 250
_POLL_MS: Final = 250
_PAUSE_SECONDS: Final = 0.1  # so that no more is read than can be looked at
_LINGER_SECONDS: Final = 60
_SILENCE_SECONDS: Final = 30
_CATCH_UP_SECONDS: Final = 5
_BACKOFF_SECONDS: Final = 1
_REQUEST_TIMEOUT_MS: Final = 10_000

_log = logging.getLogger(__name__)


class TooManyWatchersError(Exception):
    """As many watch as one process serves."""


class Watcher:
    """Somebody who watches: messages wait here, until there are more than are looked at."""

    def __init__(self) -> None:
        self.is_over = False
        """Whether nothing comes any more: it was too slow, or the process stops."""
        self._waiting: asyncio.Queue[Heard | None] = asyncio.Queue(_QUEUE)

    def hear(self, heard: Heard) -> None:
        """Let one more message wait."""
        if self._waiting.full():
            self.end()
        elif not self.is_over:
            self._waiting.put_nowait(heard)

    def end(self) -> None:
        """Let nothing more come."""
        self.is_over = True
        if self._waiting.empty():
            self._waiting.put_nowait(None)

    async def next(self, patience_seconds: float) -> Heard | None:
        """Return the next message; None when there was none for a while, or it is over."""
        try:
            async with asyncio.timeout(patience_seconds):
                return await self._waiting.get()
        except TimeoutError:
            return None


class _SilenceError(Exception):
    """Nothing arrives for long: reading begins anew, for it may have broken without a word."""


class MessageLog:
    """The newest messages of all topics that may be shown; `life` is another after each pause."""

    def __init__(self, bootstrap_servers: str, conversation: Conversation) -> None:
        self.life = ""
        self.newest: deque[Heard] = deque(maxlen=_KEPT)
        """Those heard last, in the order in which they were."""
        self._bootstrap_servers = bootstrap_servers
        self._partitions = [
            TopicPartition(topic.name, number)
            for topic in shown_topics(conversation)
            for number in range(topic.partitions)
        ]
        self._positions: dict[TopicPartition, int] = {}
        self._watchers: set[Watcher] = set()
        self._reading: asyncio.Task[None] | None = None
        self._is_caught_up = asyncio.Event()
        self._wanted_until = 0.0
        self._count = 0
        self._is_stopping = False

    @property
    def is_full(self) -> bool:
        """Whether as many watch as may."""
        return len(self._watchers) >= MOST_WATCHERS

    async def recent(self) -> Sequence[Heard]:
        """Return the newest messages, the very newest first; from now on more are read."""
        self._begin()
        try:
            async with asyncio.timeout(_CATCH_UP_SECONDS):
                await self._is_caught_up.wait()
        except TimeoutError:
            _log.warning("the topics are not read yet: what is shown may be incomplete")
        return sorted(self.newest, key=lambda heard: (heard.at, heard.number), reverse=True)

    @contextmanager
    def watching(self) -> Generator[Watcher]:
        """Give what comes from now on; raises `TooManyWatchersError`."""
        if self.is_full:
            raise TooManyWatchersError
        watcher = Watcher()
        self._begin()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)
            self._wanted_until = monotonic() + _LINGER_SECONDS

    async def stop(self) -> None:
        """Let all who watch end, and read no more."""
        self.let_go()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    def let_go(self) -> None:
        """Let all who watch end, now that the process is to stop."""
        self._is_stopping = True
        for watcher in self._watchers:
            watcher.end()

    def _begin(self) -> None:
        self._wanted_until = monotonic() + _LINGER_SECONDS
        if self._reading is None and not self._is_stopping:
            self.life = uuid4().hex[:8]
            self._reading = asyncio.create_task(self._read(), name="message log")

    async def _read(self) -> None:
        """Read until nobody wants it; when reading breaks, begin anew where it was."""
        try:
            while self._is_wanted():
                try:
                    await self._follow()
                except asyncio.CancelledError:
                    # The client lets the cancellation of its own requests out when its broker dies.
                    task = asyncio.current_task()
                    if task is None or task.cancelling():
                        raise
                except _SilenceError:
                    continue
                except (KafkaError, OSError) as error:
                    _log.warning("reading the topics broke, beginning anew: %r", error)
                    await asyncio.sleep(_BACKOFF_SECONDS)
        finally:
            self._forget()

    def _is_wanted(self) -> bool:
        return bool(self._watchers) or monotonic() < self._wanted_until

    def _forget(self) -> None:
        self._reading = None
        self._is_caught_up.clear()
        self._positions.clear()
        self.newest.clear()

    async def _follow(self) -> None:
        consumer: Any = AIOKafkaConsumer(  # untyped
            bootstrap_servers=self._bootstrap_servers,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="latest",
            request_timeout_ms=_REQUEST_TIMEOUT_MS,
        )
        use_sessions(consumer)
        try:
            await consumer.start()
            consumer.assign(self._partitions)
            ends = await self._place(consumer)
            heard_at = monotonic()
            while self._is_wanted():
                arrived = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_AT_ONCE)
                self._hear([record for records in arrived.values() for record in records])
                if all(self._positions[partition] >= end for partition, end in ends.items()):
                    self._is_caught_up.set()
                if arrived:
                    heard_at = monotonic()
                    self._skip(consumer)
                    await asyncio.sleep(_PAUSE_SECONDS)
                elif monotonic() - heard_at > _SILENCE_SECONDS:
                    raise _SilenceError
        finally:
            await consumer.stop()

    async def _place(self, consumer: Any) -> dict[TopicPartition, int]:
        """Go to where reading was, or a little back from the ends; return the ends."""
        async with asyncio.timeout(_REQUEST_TIMEOUT_MS / 1000):
            ends = await consumer.end_offsets(self._partitions)
            begins = await consumer.beginning_offsets(self._partitions)
        for partition, end in ends.items():
            place = max(begins[partition], end - _BACK, self._positions.get(partition, 0))
            self._positions[partition] = place
            consumer.seek(partition, place)
        return ends

    def _hear(self, records: list[Any]) -> None:
        for record in sorted(records, key=lambda each: each.timestamp):
            self._count += 1
            self._positions[TopicPartition(record.topic, record.partition)] = record.offset + 1
            heard = read(self._count, record)
            self.newest.append(heard)
            for watcher in self._watchers:
                watcher.hear(heard)

    def _skip(self, consumer: Any) -> None:
        """Leave out what nobody could look at: it is read elsewhere, here it is only shown."""
        behind = {
            partition: end
            for partition, place in self._positions.items()
            if (end := consumer.highwater(partition)) is not None and end - place > _KEPT
        }
        for partition, end in behind.items():
            self._positions[partition] = end - _BACK
            consumer.seek(partition, end - _BACK)
        if behind:
            _log.info("the message log skipped messages of %d partitions", len(behind))


@asynccontextmanager
async def opened(
    bootstrap_servers: str, conversation: Conversation
) -> AsyncGenerator[MessageLog, None]:
    """Give a log that reads as long as somebody wants it, at most until the block ends."""
    log = MessageLog(bootstrap_servers, conversation)
    try:
        yield log
    finally:
        await log.stop()
