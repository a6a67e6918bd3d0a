"""The changes of a calendar as they happen: none is lost, whoever comes back goes on after it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from booking.announcements import appointment_view
from booking.domain.catalogue import Location
from booking.queries.calendar_watch import CalendarWatch
from booking.queries.snapshots import snapshot
from booking.store import bookings, calendar_changes
from booking.store.calendar_changes import Change
from contracts.booking_views import AppointmentView
from postgres import Database

HEARTBEAT_SECONDS: Final = 15.0
LONGEST_SECONDS: Final = 15 * 60.0
"""Whoever follows comes back then, with a key that is judged anew."""
AT_ONCE: Final = 100  # appointments


@dataclass(frozen=True, slots=True)
class Said:
    """An appointment as it is, or None to keep the connection open.

    Whoever goes on from `place` misses nothing; what is newer than the oldest transaction under
    way comes once more then.
    """

    place: int
    appointment: AppointmentView | None = None


@dataclass(slots=True)
class _Reader:
    """Where somebody is in the changes of one location.

    `seen` are the changes beyond `place`, which are read again: an older transaction that is still
    under way may bring more among them.
    """

    location_id: UUID
    place: int
    seen: set[Change] = field(default_factory=set[Change])

    def news(self, changes: Sequence[Change], settled: int) -> list[tuple[UUID, int]]:
        """Return what changed since, each with the place from which all that follows is read."""
        news = [each for each in changes if each not in self.seen]
        newest = {each.appointment_id: each.changed_by for each in news}
        self.seen = {each for each in changes if each.changed_by >= settled}
        self.place = settled
        ids = sorted(newest, key=lambda each: newest[each])
        following = [*(newest[each] for each in ids[1:]), settled]
        return [(each, min(settled, place)) for each, place in zip(ids, following, strict=False)]


async def bounds(database: Database) -> calendar_changes.Bounds:
    """Return from which places on one may follow."""
    async with snapshot(database) as transaction:
        return await calendar_changes.bounds(transaction)


async def follow(
    database: Database, watch: CalendarWatch, at: Location, place: int
) -> AsyncGenerator[Said, None]:
    """Give each appointment of a location that changed from a place on, as it is by then.

    Ends after `LONGEST_SECONDS`, and when the process is to stop. No connection of the database is
    kept while a slow reader takes its time; what changes meanwhile is read when it goes on.
    """
    until = asyncio.get_running_loop().time() + LONGEST_SECONDS
    reader = _Reader(at.location_id, place)
    with watch.following(at.location_id) as woken:
        yield Said(place)
        while not watch.stopping and asyncio.get_running_loop().time() < until:
            woken.clear()
            news = await _read(database, reader)
            for first in range(0, len(news), AT_ONCE):
                some = dict(news[first : first + AT_ONCE])
                for view in await _views(database, list(some)):
                    yield Said(some[view.appointment_id], view)
            if not await _is_woken(woken):
                yield Said(reader.place)


async def _read(database: Database, reader: _Reader) -> list[tuple[UUID, int]]:
    async with snapshot(database) as transaction:
        bounds = await calendar_changes.bounds(transaction)
        changes = await calendar_changes.since(transaction, reader.location_id, reader.place)
    return reader.news(changes, bounds.settled)


async def _views(database: Database, ids: Sequence[UUID]) -> list[AppointmentView]:
    async with snapshot(database) as transaction:
        found = await bookings.load_of(transaction, ids)
    return [appointment_view(found[each], found[each].appointment(each)) for each in ids]


async def _is_woken(woken: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            await woken.wait()
    except TimeoutError:
        return False
    return True
