"""Time in: what nobody decided, or paid, in time is refused (rule X7); old changes are deleted."""

import asyncio
import logging
from datetime import datetime
from typing import Final

import asyncpg

from booking.commands import overdue
from booking.store import calendar_changes, deadlines
from booking.store.locks import Touched, lock
from messaging import Messaging

_log = logging.getLogger(__name__)

AT_MOST: Final = 200  # bookings in one transaction
LONGEST_SLEEP_SECONDS: Final = 1.0  # a booking of another replica may be due sooner than known
SECONDS_BETWEEN_FORGETTING: Final = 600.0  # so that little is deleted at once


async def refuse_undecided(messaging: Messaging) -> None:
    """Refuse what is due, sleep until the next is, for ever; any number of replicas may run it.

    The database's clock alone decides what is due.
    """
    while True:
        try:
            seconds = await refuse_due(messaging)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            _log.warning("undecided bookings could not be refused; trying again", exc_info=True)
            seconds = LONGEST_SLEEP_SECONDS
        await asyncio.sleep(seconds)


async def refuse_due(messaging: Messaging) -> float:
    """Refuse what is due now and return the seconds until there may be more."""
    async with messaging.work() as work:
        due = await deadlines.claim_due(work.transaction, at_most=AT_MOST)
        if due:
            await lock(work.transaction, Touched(freed_bookings=due))
            await overdue.refuse_due(work, due)
        following = await deadlines.next_due(work.transaction)
        return 0.0 if len(due) >= AT_MOST else _seconds_until(following, work.now)


async def forget_changes(messaging: Messaging) -> None:
    """Delete the changes of calendars for which nobody should come back any more, for ever."""
    while True:
        try:
            async with messaging.work() as work:
                await calendar_changes.forget(work.transaction)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            _log.warning("old changes could not be deleted; trying again", exc_info=True)
        await asyncio.sleep(SECONDS_BETWEEN_FORGETTING)


def _seconds_until(due: datetime | None, now: datetime) -> float:
    if due is None:
        return LONGEST_SLEEP_SECONDS
    return min(max((due - now).total_seconds(), 0.01), LONGEST_SLEEP_SECONDS)
