"""One look a moment at what changed, for all who follow a calendar in this process."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import asyncpg

from booking.queries.snapshots import snapshot
from booking.store import calendar_changes
from postgres import Database

INTERVAL_SECONDS: Final = 0.3

_log = logging.getLogger(__name__)


class CalendarWatch:
    """Wakes those who follow a calendar when something changed in it.

    Being woken is a hint: they read the changes themselves, each from where it is.
    """

    def __init__(self) -> None:
        self.stopping = False
        self._followers: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        self._place: int | None = None

    @contextmanager
    def following(self, location_id: UUID) -> Generator[asyncio.Event]:
        """Give what is set when something may have changed at a location."""
        woken = asyncio.Event()
        self._followers[location_id].add(woken)
        try:
            yield woken
        finally:
            self._followers[location_id].discard(woken)
            if not self._followers[location_id]:
                del self._followers[location_id]

    def stop(self) -> None:
        """Let all who follow end, now that the process is to stop."""
        self.stopping = True
        self._wake(set(self._followers))

    async def run(self, database: Database) -> None:
        """Look for changes, for ever; without followers nothing is asked."""
        while True:
            try:
                await self._look(database)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                _log.warning("changes could not be looked for; trying again", exc_info=True)
            await asyncio.sleep(INTERVAL_SECONDS)

    async def _look(self, database: Database) -> None:
        locations = set(self._followers)
        if not locations:
            self._place = None
            return
        async with snapshot(database) as transaction:
            bounds = await calendar_changes.bounds(transaction)
            if self._place is not None:
                locations = await calendar_changes.changed_locations(
                    transaction, locations, self._place
                )
        self._place = bounds.settled
        self._wake(locations)

    def _wake(self, locations: set[UUID]) -> None:
        for location_id in locations:
            for woken in self._followers.get(location_id, ()):
                woken.set()
