"""Time in: what is held for a visit that has passed is released, some days later (rule X6)."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

import asyncpg

from clocks import Clocks
from membership import commands
from messaging import Messaging

_log = logging.getLogger(__name__)

AT_MOST: Final = 200  # clients in one transaction
PAUSE_SECONDS: Final = 1.0  # between looks; a test clock may be set at any time


async def release_for_ever(messaging: Messaging, clocks: Clocks, kept: timedelta) -> None:
    """Release what is due, again and again; any number of replicas may run it.

    The clock of the chain alone decides what is due.
    """
    while True:
        try:
            async with messaging.work() as work:
                released = await commands.release_passed_holds(work, clocks, kept, at_most=AT_MOST)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            _log.warning("holds could not be released; trying again", exc_info=True)
            released = 0
        if released < AT_MOST:
            await asyncio.sleep(PAUSE_SECONDS)
