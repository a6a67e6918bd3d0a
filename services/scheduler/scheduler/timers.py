"""Time in: say what is due the moment it is due.

Only the database's clock decides what is due; this process's clock decides how long it sleeps.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeAlias

import asyncpg
from prometheus_client import Gauge

from messaging import Messaging
from postgres import Database
from scheduler import commands, queries, store

BATCH: Final = 500
_SHORTEST_SLEEP: Final = 0.005  # seconds; what is overdue and still there is another's at work
_PAUSE_AFTER_FAILURE: Final = 1.0  # seconds
_COUNT_EVERY: Final = 15.0  # seconds

_WAITING = Gauge("scheduler_timers_waiting", "Timers that wait for their time.")
_OVERDUE = Gauge(
    "scheduler_timers_overdue_seconds",
    "For how long the first timer has been due and not claimed; 0 if none is due.",
)
_log = logging.getLogger(__name__)

_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def fire_for_ever(database: Database, messaging: Messaging) -> None:
    """Say every start when it is due, with as many replicas as there are at it."""
    while True:
        try:
            async with _listening(database) as (connection, woken):
                while not connection.is_closed():
                    woken.clear()
                    await fire_all(messaging)
                    await _sleep(database, woken)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            # A claim that was rolled back is due still: nothing is lost, and nothing was said.
            _log.warning("Timers are interrupted; trying again", exc_info=True)
            await asyncio.sleep(_PAUSE_AFTER_FAILURE)


async def fire_all(messaging: Messaging) -> int:
    """Say what is due now, a transaction for each batch; return how many starts that were."""
    total = 0
    while True:
        async with messaging.work() as work:
            count = await commands.fire_due(work, BATCH)
        total += count
        if count < BATCH:
            return total


async def count_for_ever(database: Database) -> None:
    """Keep the number of waiting timers for the metrics, and how late the first of them is."""
    while True:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            waiting = await queries.waiting(database)
            _WAITING.set(waiting.timers)
            _OVERDUE.set(waiting.overdue_seconds)
        await asyncio.sleep(_COUNT_EVERY)


@asynccontextmanager
async def _listening(database: Database) -> AsyncGenerator[tuple[_Connection, asyncio.Event], None]:
    """Give an event that is set whenever a timer that is due soon was stored, here or elsewhere.

    It is also set when the connection that listens for it is lost.
    """
    woken = asyncio.Event()

    def wake(*_: Any) -> None:
        woken.set()

    connection = await database.own_connection()
    connection.add_termination_listener(wake)
    try:
        await connection.add_listener(store.CHANNEL, wake)
        yield connection, woken
    finally:
        connection.remove_termination_listener(wake)
        await connection.close(timeout=1)


async def _sleep(database: Database, woken: asyncio.Event) -> None:
    longest = commands.LONGEST_SLEEP.total_seconds()
    until_due = await queries.seconds_until_due(database)
    seconds = longest if until_due is None else min(longest, until_due)
    with suppress(TimeoutError):
        async with asyncio.timeout(max(seconds, _SHORTEST_SLEEP)):
            await woken.wait()
