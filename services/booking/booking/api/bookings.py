"""Bookings, appointments, the calendar."""

from datetime import date as Date  # noqa: N812 — `date` is a parameter
from typing import Any, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from booking.api.access import found, location_within_reach, must_be_countable, no_widget
from booking.queries import bookings
from contracts.booking_views import AppointmentView, BookingView, CalendarView
from postgres import Database
from web import Principal


@get("/locations/{location_id:uuid}/bookings/{booking_id:uuid}")
async def get_booking(
    location_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> BookingView:
    """Return a booking."""
    no_widget(principal)
    at = await location_within_reach(database, principal, location_id)
    return found(await bookings.booking(database, at, booking_id), f"booking {booking_id}")


@get("/locations/{location_id:uuid}/appointments/{appointment_id:uuid}")
async def get_appointment(
    location_id: FromPath[UUID],
    appointment_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> AppointmentView:
    """Return an appointment."""
    no_widget(principal)
    at = await location_within_reach(database, principal, location_id)
    appointment = await bookings.appointment(database, at, appointment_id)
    return found(appointment, f"appointment {appointment_id}")


@get("/locations/{location_id:uuid}/calendar")
async def get_calendar(
    location_id: FromPath[UUID],
    date: FromQuery[Date],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> CalendarView:
    """Return one local day of a location."""
    no_widget(principal)
    at = await location_within_reach(database, principal, location_id)
    must_be_countable(date)
    return await bookings.calendar(database, at, date)


ROUTES: Final[list[Any]] = [get_booking, get_appointment, get_calendar]
