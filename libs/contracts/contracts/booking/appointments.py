"""What is done with an appointment: move, repeat, cancel it, say how the visit goes."""

from typing import ClassVar, Literal, Self
from uuid import UUID

from pydantic import model_validator

from contracts.base import Command, Form
from contracts.values import Instant, VisitStatus


class NewTimeForm(Form):
    """Another time for an appointment: a `start`, or for spots another event.

    Without `team_member_id` the same team members perform it; "any" takes whoever is free.
    """

    start: Instant | None = None
    team_member_id: UUID | Literal["any"] | None = None
    event_id: UUID | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.start is None) == (self.event_id is None):
            raise ValueError("give either a start or an event_id")
        return self


class RescheduleAppointment(Command):
    """Move an appointment; the old time stays in force until the new one is accepted (G11)."""

    type: ClassVar[str] = "booking.reschedule_appointment.v1"
    subject: ClassVar[str] = "reschedule_id"

    reschedule_id: UUID
    appointment_id: UUID
    location_id: UUID
    new_time: NewTimeForm


class RepeatForm(NewTimeForm):
    """When to have the same again; `pay_online` as in a booking."""

    pay_online: bool | None = None


class RepeatAppointment(Command):
    """Book the same services again, under the settings as they are now (rule G11)."""

    type: ClassVar[str] = "booking.repeat_appointment.v1"
    subject: ClassVar[str] = "booking_id"

    booking_id: UUID
    appointment_id: UUID
    location_id: UUID
    repeat: RepeatForm


class CancellationForm(Form):
    """How a cancelled appointment's sessions are treated (rule A2).

    `charge` is the operator's: before the start, the session is debited at the original start all
    the same; after it, what was debited is kept. Without it the sessions come back.
    """

    charge: bool = False


class CancelAppointment(Command):
    """Cancel an appointment, or a client's spots in an event."""

    type: ClassVar[str] = "booking.cancel_appointment.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    location_id: UUID
    cancellation: CancellationForm


class VisitStatusForm(Form):
    """What people say of a visit; a debit never changes it (rule A6)."""

    visit_status: VisitStatus


class SetVisitStatus(Command):
    """Set the visit status by hand; automatic debiting stays on (rule A7)."""

    type: ClassVar[str] = "booking.set_visit_status.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    location_id: UUID
    status: VisitStatusForm
