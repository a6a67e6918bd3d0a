"""The outbox's way to the broker: one relay a service, in order, until the broker confirms."""

import asyncio
from contextlib import suppress
from typing import Final, TypeAlias

import asyncpg
import structlog
from pydantic_core import from_json

from messaging.envelope import TRACE, Record, on_the_wire, text_of
from messaging.failures import passes
from messaging.metrics import PUBLISHED
from messaging.outbox import CHANNEL
from messaging.publisher import Publisher
from observability import traces
from postgres import Database

_log = structlog.get_logger(__name__)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_LOCK: Final = 7_264_012  # the advisory lock of the one relay that publishes
_PAGE: Final = 1_000
_SLOW_POLL: Final = 1.0  # seconds; the truth, if a wake-up was lost
_RETRY: Final = 0.5
# A leader that the server does not hear of has stopped, or is cut off: its lock goes to another.
_SILENCE: Final = "30s"
_LONGEST_RETRY: Final = 5.0

# Never "id > last": ids are taken before commits, so a lower one can appear later.
_UNPUBLISHED: Final = """
SELECT id, topic, key, headers, body
FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1
"""
_MARK: Final = "UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[])"


class Relay:
    """Publishes the outbox of its service whenever no other process does."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher
        self._awake = asyncio.Event()
        self._stopping = False
        self.leading = False

    def wake(self) -> None:
        """Say that the outbox may have something new."""
        self._awake.set()

    async def run(self) -> None:
        """Relay until `stop`; failures of the database are waited out."""
        while not self._stopping:
            try:
                await self._with_connection()
            except Exception as error:
                if not passes(error):
                    raise
                _log.warning("the relay lost its database", error=repr(error))
                await asyncio.sleep(_RETRY)
            finally:
                self.leading = False

    def stop(self) -> None:
        """Let `run` end when it has published what is left."""
        self._stopping = True
        self.wake()

    def _hear(self, *_notification: object) -> None:
        self.wake()

    async def _with_connection(self) -> None:
        """Take the lead over a connection of its own; losing it gives the lead to another."""
        # A mark that is lost with the server is a message that is published again: no need to wait
        # for the disk.
        connection = await self._database.own_connection(
            synchronous_commit="off", idle_session_timeout=_SILENCE
        )
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                if self._stopping:
                    return
                await asyncio.sleep(_RETRY)  # not _sleep: what wakes the leader is not for us
            await connection.add_listener(CHANNEL, self._hear)
            self.leading = True
            await self._lead(connection)
        finally:
            connection.terminate()

    async def _lead(self, connection: Connection) -> None:
        retry = _RETRY
        while True:
            self._awake.clear()
            found, published = await self._publish_page(connection)
            if found and not published:
                await self._sleep(retry)
                retry = min(2 * retry, _LONGEST_RETRY)
            elif found < _PAGE and published == found:
                if self._stopping:
                    return
                retry = _RETRY
                await self._sleep(_SLOW_POLL)

    async def _publish_page(self, connection: Connection) -> tuple[int, int]:
        """Publish the oldest unpublished rows; return how many there were and are done."""
        rows = await connection.fetch(_UNPUBLISHED, _PAGE)
        if not rows:
            return 0, 0
        records = [_record(row) for row in rows]
        with traces.linking("publish outbox", map(_trace, records)):
            confirmed = await self._publisher.publish_all(records)
        done = [row["id"] for row, success in zip(rows, confirmed, strict=True) if success]
        if done:
            await connection.execute(_MARK, done)
            PUBLISHED.inc(len(done))
        return len(rows), len(done)

    async def _sleep(self, seconds: float) -> None:
        """Sleep until somebody says that there is something to do."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()


def _trace(record: Record) -> str | None:
    return text_of(dict(record.headers).get(TRACE))


def _record(row: asyncpg.Record) -> Record:
    return Record(
        topic=row["topic"],
        key=row["key"].encode(),
        value=row["body"].encode(),
        headers=on_the_wire(from_json(row["headers"])),
    )
