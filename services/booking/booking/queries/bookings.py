"""Bookings, appointments and the calendar."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeGuard
from uuid import UUID

import asyncpg

from booking.announcements import appointment_view, booking_view
from booking.domain.bookings import Booking
from booking.domain.catalogue import Location
from booking.domain.hours import local_day
from booking.queries.offers import events_between
from booking.queries.snapshots import snapshot
from booking.store import bookings as booking_store
from booking.store import clients
from contracts.booking_views import (
    AppointmentView,
    BookingView,
    CalendarEvent,
    CalendarView,
    DebitCounts,
    EventView,
    MyBookings,
)
from postgres import Database


class LookedAt(NamedTuple):
    """The local dates of a calendar that are looked at, and whether with who comes to events.

    With an event it is that one alone.
    """

    first: date
    last: date
    participants: bool = True
    event_id: UUID | None = None


# What was refused never stood in the calendar; what was cancelled stays, and says so.
_BETWEEN: Final = """
SELECT a.appointment_id, b.event_id, a.state, a.debit_status
FROM appointments AS a JOIN bookings AS b USING (booking_id)
WHERE a.location_id = $1 AND a.start_at >= $2 AND a.start_at < $3 AND a.state <> 'refused'
ORDER BY a.start_at, a.appointment_id
"""
# What was refused was never the client's.
_OF_CLIENT: Final = """
SELECT a.appointment_id
FROM bookings AS b JOIN appointments AS a USING (booking_id)
WHERE b.client_id = ANY($1::uuid[]) AND b.location_id = $2 AND a.state <> 'refused'
ORDER BY a.start_at DESC, a.appointment_id
LIMIT $3
"""

AT_MOST: Final = 200  # of the latest appointments of a client


async def booking(
    database: Database, at: Location, booking_id: UUID, *, of_phone: str | None = None
) -> BookingView | None:
    """Return a booking of a location, if it is of the client with that phone."""
    async with snapshot(database) as transaction:
        found = (await booking_store.load(transaction, [booking_id])).get(booking_id)
    return booking_view(found) if _is_here(found, at, of_phone) else None


async def appointment(
    database: Database, at: Location, appointment_id: UUID, *, of_phone: str | None = None
) -> AppointmentView | None:
    """Return an appointment of a location, if it is of the client with that phone."""
    async with snapshot(database) as transaction:
        found = (await booking_store.load_of(transaction, [appointment_id])).get(appointment_id)
    if not _is_here(found, at, of_phone):
        return None
    return appointment_view(found, found.appointment(appointment_id))


async def my_bookings(database: Database, at: Location, phone: str) -> MyBookings:
    """Return the appointments at a location of the client who has that phone now."""
    async with snapshot(database) as transaction:
        known = await clients.find(transaction, [(at.chain_id, phone)])
        client = known.get((at.chain_id, phone))
        if client is None:
            return MyBookings(client_id=None, appointments=())
        mine = await clients.meaning_the_same(transaction, client.client_id)
        rows = await transaction.fetch(_OF_CLIENT, mine, at.location_id, AT_MOST)
        ids = [row["appointment_id"] for row in rows]
        bookings = await booking_store.load_of(transaction, ids)
    return MyBookings(
        client_id=client.client_id,
        appointments=tuple(
            appointment_view(bookings[each], bookings[each].appointment(each)) for each in ids
        ),
    )


def _is_here(found: Booking | None, at: Location, of_phone: str | None) -> TypeGuard[Booking]:
    return (
        found is not None
        and found.location.location_id == at.location_id
        and (of_phone is None or of_phone in found.client.phones)
    )


async def calendar(
    database: Database, at: Location, looked_at: LookedAt, team_member_id: UUID | None = None
) -> CalendarView:
    """Return local days: individual appointments, and events with or without their participants.

    With a team member, what that one performs or leads. What was cancelled stays where it was when
    its event moves to another day.
    """
    first, last = looked_at.first, looked_at.last
    begin, end = local_day(first, at.zone)[0], local_day(last, at.zone)[1]
    async with snapshot(database) as transaction:
        events = await events_between(transaction, at, first, last)
        rows = await transaction.fetch(_BETWEEN, at.location_id, begin, end)
        if looked_at.event_id is not None:
            events = [event for event in events if event.event_id == looked_at.event_id]
            rows = [row for row in rows if row["event_id"] == looked_at.event_id]
        counts = _debits_of(rows)
        within = {event.event_id for event in events}
        if not looked_at.participants:
            rows = [row for row in rows if row["event_id"] not in within]
        ids = [row["appointment_id"] for row in rows]
        bookings = await booking_store.load_of(transaction, ids)
    views = [appointment_view(bookings[each], bookings[each].appointment(each)) for each in ids]
    if team_member_id is not None:
        events = [event for event in events if event.team_member_id == team_member_id]
        views = [view for view in views if _concerns(view, team_member_id, events)]
    participants: dict[UUID, list[AppointmentView]] = {event.event_id: [] for event in events}
    alone: list[AppointmentView] = []
    for view in views:
        (participants.get(view.event_id, alone) if view.event_id else alone).append(view)
    return CalendarView(
        location_id=at.location_id,
        date=first,
        until=last if last != first else None,
        time_zone=at.time_zone,
        appointments=tuple(alone),
        events=tuple(
            CalendarEvent(
                event=event,
                appointments=tuple(participants[event.event_id]),
                debits=DebitCounts(**counts[event.event_id]),
            )
            for event in events
        ),
    )


def _debits_of(rows: Iterable[asyncpg.Record]) -> defaultdict[UUID, Counter[str]]:
    """Count the debit statuses of what stands, by event."""
    counts: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["debit_status"] is not None and row["state"] != "cancelled":
            counts[row["event_id"]][row["debit_status"]] += 1
    return counts


def _concerns(view: AppointmentView, team_member_id: UUID, events: Sequence[EventView]) -> bool:
    if any(event.event_id == view.event_id for event in events):
        return True
    return any(line.team_member_id == team_member_id for line in view.lines)
