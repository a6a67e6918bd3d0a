"""Bookings and appointments."""

from typing import Any, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from booking.announcements import problem_of
from booking.api.access import (
    found,
    location_within_reach,
    own_phone,
)
from booking.commands import forecasts
from booking.domain.refusals import Refusal
from booking.queries import bookings
from booking.queries.snapshots import snapshot
from contracts.booking import BookingForm
from contracts.booking_views import (
    AppointmentView,
    BookingPlan,
    BookingView,
    MyBookings,
)
from contracts.problems import FORBIDDEN
from postgres import Database
from web import Principal, ProblemError, Role


@get("/locations/{location_id:uuid}/bookings/{booking_id:uuid}")
async def get_booking(
    location_id: FromPath[UUID],
    booking_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> BookingView:
    """Return a booking; to a client, one of the client's own."""
    phone = own_phone(principal)
    at = await location_within_reach(database, principal, location_id)
    booking = await bookings.booking(database, at, booking_id, of_phone=phone)
    return found(booking, f"booking {booking_id}")


@get("/locations/{location_id:uuid}/appointments/{appointment_id:uuid}")
async def get_appointment(
    location_id: FromPath[UUID],
    appointment_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> AppointmentView:
    """Return an appointment; to a client, one of the client's own."""
    phone = own_phone(principal)
    at = await location_within_reach(database, principal, location_id)
    appointment = await bookings.appointment(database, at, appointment_id, of_phone=phone)
    return found(appointment, f"appointment {appointment_id}")


@get("/locations/{location_id:uuid}/my-bookings")
async def get_my_bookings(
    location_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> MyBookings:
    """Return the appointments of the client who asks (rule G10)."""
    if principal.role is not Role.CLIENT or principal.phone is None:
        raise ProblemError(FORBIDDEN.problem("Only a client who confirmed a phone has bookings."))
    at = await location_within_reach(database, principal, location_id)
    return await bookings.my_bookings(database, at, principal.phone)


@post("/locations/{location_id:uuid}/booking-plans", status_code=200)
async def plan_booking(
    location_id: FromPath[UUID],
    data: JSONBody[BookingForm],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> BookingPlan:
    """Return what a submission would take, and the sessions that it would ask for."""
    if principal.role is Role.READER:
        raise ProblemError(FORBIDDEN.problem("A reader's key books nothing."))
    at = await location_within_reach(database, principal, location_id)
    async with snapshot(database) as transaction:
        try:
            return await forecasts.plan_booking(transaction, principal, at, data)
        except Refusal as refusal:
            raise ProblemError(problem_of(refusal)) from refusal


ROUTES: Final[list[Any]] = [
    get_booking,
    get_appointment,
    get_my_bookings,
    plan_booking,
]
