"""Bookings, appointments and the calendar."""

from datetime import date
from typing import Final
from uuid import UUID

from booking.announcements import appointment_view, booking_view
from booking.domain.catalogue import Location
from booking.domain.hours import local_day
from booking.queries.offers import events_on
from booking.queries.snapshots import snapshot
from booking.store import bookings as booking_store
from contracts.booking_views import AppointmentView, BookingView, CalendarEvent, CalendarView
from postgres import Database

# What was refused never stood in the calendar; what was cancelled stays, and says so.
_ON_DAY: Final = """
SELECT appointment_id FROM appointments
WHERE location_id = $1 AND start_at >= $2 AND start_at < $3 AND state <> 'refused'
ORDER BY start_at, appointment_id
"""


async def booking(database: Database, at: Location, booking_id: UUID) -> BookingView | None:
    """Return a booking of a location."""
    async with snapshot(database) as transaction:
        found = (await booking_store.load(transaction, [booking_id])).get(booking_id)
    if found is None or found.location.location_id != at.location_id:
        return None
    return booking_view(found)


async def appointment(
    database: Database, at: Location, appointment_id: UUID
) -> AppointmentView | None:
    """Return an appointment of a location."""
    async with snapshot(database) as transaction:
        found = (await booking_store.load_of(transaction, [appointment_id])).get(appointment_id)
    if found is None or found.location.location_id != at.location_id:
        return None
    return appointment_view(found, found.appointment(appointment_id))


async def calendar(database: Database, at: Location, day: date) -> CalendarView:
    """Return a local day: individual appointments, and events with their participants."""
    async with snapshot(database) as transaction:
        events = await events_on(transaction, at, day)
        rows = await transaction.fetch(_ON_DAY, at.location_id, *local_day(day, at.zone))
        ids = [row["appointment_id"] for row in rows]
        bookings = await booking_store.load_of(transaction, ids)
    views = [appointment_view(bookings[each], bookings[each].appointment(each)) for each in ids]
    participants: dict[UUID, list[AppointmentView]] = {event.event_id: [] for event in events}
    for view in views:
        if view.event_id is not None:
            participants[view.event_id].append(view)
    return CalendarView(
        location_id=at.location_id,
        date=day,
        time_zone=at.time_zone,
        appointments=tuple(view for view in views if view.event_id is None),
        events=tuple(
            CalendarEvent(event=event, appointments=tuple(participants[event.event_id]))
            for event in events
        ),
    )
