"""Doing what waits to be done at the payment provider, with as many replicas as there are.

An errand is claimed in a short transaction, the provider is called with none open, and its answer
is taken over in another. After a crash in between it is due again, and the provider, which knows
its key, answers as before.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias

import asyncpg

from clocks import Clocks
from messaging import Work
from postgres import Database
from sales import queries
from sales.commands.errands import Declined, take_answer
from sales.errands.stripe_checkout import NotYetError, StripeCheckout
from sales.store import errands
from sales.store.errands import Claimed

BATCH: Final = 20
LEASE: Final = timedelta(seconds=90)
"""Longer than any call takes: as long as nobody else tries the same errand."""
LONGEST_PAUSE: Final = timedelta(minutes=5)
_LONGEST_SLEEP: Final = 30.0  # seconds; what is stored wakes us
_SHORTEST_SLEEP: Final = 0.05
_PAUSE_AFTER_FAILURE: Final = 1.0

_log = logging.getLogger(__name__)

_Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class Performer:
    """Who does errands: with which database, clocks, provider, and how it speaks."""

    database: Database
    clocks: Clocks
    provider: StripeCheckout
    work: Callable[[], AbstractAsyncContextManager[Work]]

    async def perform_for_ever(self) -> None:
        """Do every errand when it is due."""
        while True:
            try:
                async with _listening(self.database) as (connection, woken):
                    while not connection.is_closed():
                        woken.clear()
                        await self.perform_due()
                        await self._sleep(woken)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                _log.warning("Errands are interrupted; trying again", exc_info=True)
                await asyncio.sleep(_PAUSE_AFTER_FAILURE)

    async def perform_due(self) -> int:
        """Do what is due now, once; return how many errands that were."""
        async with self.database.transaction() as transaction:
            claimed = await errands.claim(transaction, BATCH, LEASE)
        await asyncio.gather(*(self._perform(errand) for errand in claimed))
        return len(claimed)

    async def _perform(self, errand: Claimed) -> None:
        try:
            answer = await self.provider.ask(errand)
            if isinstance(answer, Declined):
                _log.error(
                    "%s of payment %s is declined: %s",
                    errand.kind,
                    errand.payment_id,
                    answer.reason,
                )
            async with self.work() as work:
                await take_answer(work, self.clocks, errand, answer)
        except NotYetError as error:
            _log.warning("Trying again later: %s", error)
            async with self.database.transaction() as transaction:
                pause = pause_after(errand.attempts)
                await errands.postpone(transaction, errand.errand_id, pause, str(error))
        except Exception:  # noqa: BLE001 — whatever it is, the others go on
            # It is due again when its lease is over.
            _log.exception("%s of payment %s failed", errand.kind, errand.payment_id)

    async def _sleep(self, woken: asyncio.Event) -> None:
        until_due = await queries.seconds_until_errand(self.database)
        seconds = _LONGEST_SLEEP if until_due is None else min(_LONGEST_SLEEP, until_due)
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, _SHORTEST_SLEEP)):
                await woken.wait()


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: a second, doubling up to five minutes."""
    return min(timedelta(seconds=2.0 ** min(attempts - 1, 20)), LONGEST_PAUSE)


@asynccontextmanager
async def _listening(database: Database) -> AsyncGenerator[tuple[_Connection, asyncio.Event], None]:
    """Give an event that is set when an errand was stored, or the connection for it is lost."""
    woken = asyncio.Event()

    def wake(*_: Any) -> None:
        woken.set()

    connection = await database.own_connection()
    connection.add_termination_listener(wake)
    try:
        await connection.add_listener(errands.CHANNEL, wake)
        yield connection, woken
    finally:
        connection.remove_termination_listener(wake)
        await connection.close(timeout=1)
