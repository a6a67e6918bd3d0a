"""Time in: what happens to holds and freezes by itself, again and again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import asyncpg

from clocks import Clocks
from membership import commands
from messaging import Messaging, Work

_log = logging.getLogger(__name__)

AT_MOST: Final = 200  # clients or memberships in one transaction
PAUSE_SECONDS: Final = 1.0  # between looks; a test clock may be set at any time


async def release_for_ever(messaging: Messaging, clocks: Clocks, kept: timedelta) -> None:
    """Release what is held for a visit that has passed some days ago (rule X6)."""
    await _for_ever(
        messaging,
        lambda work: commands.release_passed_holds(work, clocks, kept, at_most=AT_MOST),
        "holds could not be released; trying again",
    )


async def unfreeze_for_ever(messaging: Messaging, clocks: Clocks) -> None:
    """Unfreeze memberships whose last frozen day is over."""
    await _for_ever(
        messaging,
        lambda work: commands.end_freezes(work, clocks, at_most=AT_MOST),
        "memberships could not be unfrozen; trying again",
    )


async def _for_ever(
    messaging: Messaging, step: Callable[[Work], Awaitable[int]], failure: str
) -> None:
    """Do what is due, again and again; any number of replicas may do so.

    The clock of the chain alone decides what is due.
    """
    while True:
        try:
            async with messaging.work() as work:
                done = await step(work)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            _log.warning(failure, exc_info=True)
            done = 0
        if done < AT_MOST:
            await asyncio.sleep(PAUSE_SECONDS)
