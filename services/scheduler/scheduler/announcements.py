"""What is said when a timer has fired."""

from uuid import UUID

from contracts.base import derive_id
from contracts.scheduler import AppointmentStarted
from contracts.values import Appointment
from scheduler.domain.timers import Fired


def started(fired: Fired) -> AppointmentStarted:
    """Return the start of an appointment, with its plan as it was told (rule A4)."""
    appointment = Appointment.model_validate_json(fired.payload)
    return AppointmentStarted(
        appointment_id=fired.appointment_id,
        client_id=appointment.client_id,
        appointment=appointment,
        fired_at=fired.fired_at,
    )


def cause(fired: Fired) -> UUID:
    """Return the id of why: one revision of a timer fires once for ever, and under one id."""
    return derive_id(fired.appointment_id, f"timer.{fired.kind}", fired.revision)
