"""My bookings: what is to come and what was, with its tag (rule G10), and cancelling (G11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.booking_views import AppointmentView, BookingView, MyBookings
from contracts.reply import Problem
from gateway.pages.booking.catalogue import Catalogue, catalogue_of
from gateway.pages.booking.guard import PhoneNeeded
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.money import to_pay_there
from gateway.pages.forms import submitted
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Own:
    """An appointment of the client who asks, as it is now."""

    appointment: AppointmentView
    catalogue: Catalogue
    now: datetime
    waits_for_payment: bool = False

    @property
    def is_to_come(self) -> bool:
        """Whether it stands and has not begun."""
        standing = self.appointment.state in {"accepted", "requested"}
        return standing and self.appointment.start > self.now

    @property
    def can_change(self) -> bool:
        """Whether the client can still cancel or reschedule it (rules A2, G11)."""
        is_accepted = self.appointment.state == "accepted"
        in_time = self.now <= self.appointment.free_cancellation_until
        return is_accepted and self.is_to_come and in_time


@get("/my-bookings")
async def show_my_bookings(guest: NamedDependency[Guest]) -> Response[str]:
    """List the client's own bookings: upcoming, the next first; past, the latest first."""
    if guest.client is None:
        raise PhoneNeeded
    found = await guest.api.get(f"{guest.there}/my-bookings", MyBookings)
    catalogue, now = await catalogue_of(guest), await guest.now()
    unpaid = await _unpaid(guest, found.appointments)
    own = [
        Own(each, catalogue, now, waits_for_payment=each.booking_id in unpaid)
        for each in found.appointments
    ]
    return guest.page(
        "booking/my_bookings.html",
        upcoming=[each for each in reversed(own) if each.is_to_come],
        past=[each for each in own if not each.is_to_come],
        to_pay_there=to_pay_there,
    )


@get("/my-bookings/{appointment_id:uuid}/cancel")
async def ask_before_cancelling(
    appointment_id: FromPath[UUID], guest: NamedDependency[Guest]
) -> Response[str]:
    """Ask whether it is to be cancelled; too late, say until when it was possible (rule A2)."""
    return await _cancellation(guest, appointment_id)


@post("/my-bookings/{appointment_id:uuid}/cancel")
async def cancel_own_appointment(
    request: AnyRequest, appointment_id: FromPath[UUID], guest: NamedDependency[Guest]
) -> Response[str] | Redirect:
    """Cancel."""
    form = await submitted(request)
    path = f"{guest.there}/appointments/{appointment_id}/cancel"
    try:
        await guest.api.post(path, {}, AppointmentView, key=form.key)
    except ProblemError as refused:
        return await _cancellation(guest, appointment_id, refused.problem)
    return guest.go(f"{guest.here}/my-bookings", said="The booking is cancelled.")


async def own(guest: Guest, appointment_id: UUID) -> Own:
    """Return an appointment of the client's own; any other is answered 404."""
    if guest.client is None:
        raise PhoneNeeded
    path = f"{guest.there}/appointments/{appointment_id}"
    appointment = await guest.api.get(path, AppointmentView)
    return Own(appointment, await catalogue_of(guest), await guest.now())


async def _unpaid(guest: Guest, appointments: Iterable[AppointmentView]) -> set[UUID]:
    """Return which of the bookings that are not decided yet wait for the client to pay."""
    asked = {each.booking_id for each in appointments if each.state == "requested"}
    path = f"{guest.there}/bookings"
    found = [await guest.api.get(f"{path}/{each}", BookingView) for each in asked]
    return {each.booking_id for each in found if each.state == "awaiting_payment"}


async def _cancellation(
    guest: Guest, appointment_id: UUID, problem: Problem | None = None
) -> Response[str]:
    return guest.page(
        "booking/cancel.html",
        status=problem.status if problem else 200,
        own=await own(guest, appointment_id),
        problem=problem,
    )
