"""What the domain says, in the words of the contracts."""

from typing import assert_never

from booking.announcements.changes import change_of
from booking.announcements.problems import problem_of
from booking.announcements.requests import hold_sessions, request_of
from booking.announcements.values import appointment_value, visit_id_of
from booking.announcements.views import appointment_view, booking_view
from booking.domain import facts
from contracts import booking as said
from contracts.base import Message

__all__ = [
    "appointment_view",
    "booking_view",
    "hold_sessions",
    "message_of",
    "problem_of",
    "visit_id_of",
]


def message_of(fact: facts.Fact) -> Message:
    """Return the message that tells `fact` to whoever hears it."""
    match fact:
        case facts.HoldAsked() | facts.PaymentAsked() | facts.NewTimeHoldAsked():
            return request_of(fact)
        case facts.BookingAccepted(booking):
            return said.BookingAccepted(
                booking_id=booking.booking_id,
                location_id=booking.location.location_id,
                appointments=tuple(appointment_value(booking, a) for a in booking.appointments),
            )
        case facts.BookingRefused(booking, reason):
            return said.BookingRefused(
                booking_id=booking.booking_id,
                location_id=booking.location.location_id,
                client_id=booking.client_id,
                appointment_ids=tuple(a.appointment_id for a in booking.appointments),
                reason=reason,
            )
        case (
            facts.AppointmentRescheduled()
            | facts.RescheduleRefused()
            | facts.AppointmentCancelled()
            | facts.VisitStatusChanged()
        ):
            return change_of(fact)
        case _:
            assert_never(fact)
