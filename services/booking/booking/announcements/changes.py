"""What became of one appointment, in the words of the contracts."""

from typing import assert_never

from booking.announcements.values import appointment_value, visit_id_of
from booking.domain import facts
from contracts import booking as said
from contracts.base import Message


def change_of(fact: facts.Change) -> Message:
    """Return the message that tells of a change."""
    match fact:
        case facts.AppointmentRescheduled(booking, appointment, at, previous_start):
            return said.AppointmentRescheduled(
                appointment_id=appointment.appointment_id,
                location_id=booking.location.location_id,
                appointment=appointment_value(booking, appointment),
                previous_start=previous_start,
                previous_visit_id=visit_id_of(booking, previous_start),
                rescheduled_at=at,
            )
        case facts.RescheduleRefused(booking, reschedule, reason):
            return said.RescheduleRefused(
                reschedule_id=reschedule.reschedule_id,
                appointment_id=reschedule.plan.appointment_id,
                location_id=booking.location.location_id,
                client_id=booking.client_id,
                revision=reschedule.plan.revision,
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
