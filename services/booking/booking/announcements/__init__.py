"""What the domain says, in the words of the contracts."""

from typing import assert_never

from booking.announcements.problems import problem_of
from booking.announcements.values import appointment_value, visit_id_of
from booking.announcements.views import appointment_view, booking_view
from booking.domain import facts
from contracts import booking as said
from contracts.base import Message
from contracts.membership import HoldAppointment, HoldLine, HoldSessions

__all__ = ["appointment_view", "booking_view", "message_of", "problem_of", "visit_id_of"]


def message_of(fact: facts.Fact) -> Message:
    """Return the message that tells `fact` to whoever hears it."""
    match fact:
        case facts.HoldAsked():
            return _hold_sessions(fact)
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
        case facts.AppointmentCancelled(booking, appointment, at, charge):
            return said.AppointmentCancelled(
                appointment_id=appointment.appointment_id,
                location_id=booking.location.location_id,
                appointment=appointment_value(booking, appointment),
                cancelled_at=at,
                charge=charge,
            )
        case facts.VisitStatusChanged(booking, appointment):
            return said.VisitStatusChanged(
                appointment_id=appointment.appointment_id,
                location_id=booking.location.location_id,
                client_id=booking.client_id,
                status_revision=appointment.status_revision,
                visit_status=appointment.visit_status,
            )
        case _:
            assert_never(fact)


def _hold_sessions(fact: facts.HoldAsked) -> HoldSessions:
    booking = fact.booking
    return HoldSessions(
        booking_id=booking.booking_id,
        chain_id=booking.location.chain_id,
        location_id=booking.location.location_id,
        time_zone=booking.location.time_zone,
        client_id=booking.client_id,
        submitted_at=booking.submitted_at,
        appointments=tuple(
            HoldAppointment(
                appointment_id=appointment.appointment_id,
                revision=appointment.revision,
                start=appointment.start,
                lines=tuple(
                    HoldLine(
                        line_id=line.line_id,
                        ordinal=line.ordinal,
                        service_id=line.service_id,
                        required=line.required,
                        automatic_debiting=line.automatic_debiting,
                    )
                    for line in appointment.lines
                    if line.by_membership
                ),
            )
            for appointment in booking.appointments
            if any(line.by_membership for line in appointment.lines)
        ),
    )
