"""What scheduler says: that it is time."""

from typing import ClassVar
from uuid import UUID

from contracts.base import Event
from contracts.values import Appointment, Instant


class AppointmentStarted(Event):
    """An appointment begins now (rule A4); `fired_at` is when the timer was claimed."""

    type: ClassVar[str] = "scheduler.appointment_started.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    client_id: UUID
    appointment: Appointment
    fired_at: Instant
