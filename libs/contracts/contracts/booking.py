"""What booking is asked to do, and what it says."""

from datetime import time
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from contracts.base import Command, Event, Form
from contracts.values import Appointment, Currency, Instant, MinorUnits, Name, VisitStatus

Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=40)]
"""A phone number as it was typed; numbers are compared in E.164 form (rule G8)."""


class ChainForm(Form):
    """A group of locations that share clients and membership types."""

    name: Name


class CreateChain(Command):
    """Found a chain."""

    type: ClassVar[str] = "booking.create_chain.v1"
    subject: ClassVar[str] = "chain_id"

    chain_id: UUID
    chain: ChainForm


class LocationForm(Form):
    """A branch: its IANA time zone, currency, and the region of phone numbers without a prefix."""

    name: Name
    time_zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
    currency: Currency
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class CreateLocation(Command):
    """Open a location in a chain."""

    type: ClassVar[str] = "booking.create_location.v1"
    subject: ClassVar[str] = "location_id"

    location_id: UUID
    chain_id: UUID
    location: LocationForm


class ServiceForm(Form):
    """A service and its settings.

    `membership_booking` is the switch of rule G1 ("Prohibit online booking without a membership"
    of an individual service, "Membership booking" of a group service). `automatic_debiting` and
    `free_cancellation_hours` are those of rules A1 and A2. `price` is in minor units of the
    location's currency; `duration_minutes` a multiple of 5.
    """

    name: Name
    kind: Literal["individual", "group"]
    duration_minutes: Annotated[int, Field(ge=5, le=24 * 60, multiple_of=5)]
    price: MinorUnits
    membership_booking: bool = False
    automatic_debiting: bool = False
    free_cancellation_hours: Annotated[int, Field(ge=0, le=24 * 30)] = 0


class CreateService(Command):
    """Offer a service at a location."""

    type: ClassVar[str] = "booking.create_service.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    location_id: UUID
    service: ServiceForm


class ChangeService(Command):
    """Replace the settings of a service; its kind stays. Bookings made keep theirs (rule A17)."""

    type: ClassVar[str] = "booking.change_service.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    location_id: UUID
    service: ServiceForm


class WorkingHours(Form):
    """Local hours on one weekday, Monday being 1."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    opens: time
    closes: time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("closes must be later than opens")
        return self


class TeamMemberForm(Form):
    """Who performs services, which ones, and when."""

    name: Name
    service_ids: Annotated[tuple[UUID, ...], Field(max_length=200)]
    working_hours: Annotated[tuple[WorkingHours, ...], Field(max_length=50)]


class CreateTeamMember(Command):
    """Add a team member to a location."""

    type: ClassVar[str] = "booking.create_team_member.v1"
    subject: ClassVar[str] = "team_member_id"

    team_member_id: UUID
    location_id: UUID
    team_member: TeamMemberForm


class EventForm(Form):
    """One dated occurrence of a group service, with its capacity in spots."""

    service_id: UUID
    start: Instant
    capacity: Annotated[int, Field(ge=1, le=10_000)]
    team_member_id: UUID | None = None


class CreateEvent(Command):
    """Plan an event."""

    type: ClassVar[str] = "booking.create_event.v1"
    subject: ClassVar[str] = "event_id"

    event_id: UUID
    location_id: UUID
    event: EventForm


class ClientForm(Form):
    """The person who visits, known by a phone number that is unique in the chain."""

    name: Name
    phone: Phone
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class RegisterClient(Command):
    """Enter a client. A number that the chain knows already is refused, naming nobody."""

    type: ClassVar[str] = "booking.register_client.v1"
    subject: ClassVar[str] = "client_id"

    client_id: UUID
    chain_id: UUID
    client: ClientForm


class LineForm(Form):
    """One service of an appointment; without a team member any free one is taken."""

    service_id: UUID
    team_member_id: UUID | None = None


class AppointmentForm(Form):
    """Services in a row from `start` on."""

    start: Instant
    lines: Annotated[tuple[LineForm, ...], Field(min_length=1, max_length=20)]


class SpotsForm(Form):
    """Spots in an event."""

    event_id: UUID
    spots: Annotated[int, Field(ge=1, le=50)] = 1


class BookingForm(Form):
    """One submission: appointments, or spots in an event.

    `phone_confirmed` may be said by a trusted gateway alone, which vouches for it (rule G8).
    """

    name: Name
    phone: Phone
    phone_confirmed: bool = False
    appointments: Annotated[tuple[AppointmentForm, ...], Field(max_length=20)] = ()
    spots: SpotsForm | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.appointments) == (self.spots is not None):
            raise ValueError("give either appointments or spots")
        return self


class SubmitBooking(Command):
    """Book; answered when the booking is accepted or refused."""

    type: ClassVar[str] = "booking.submit_booking.v1"
    subject: ClassVar[str] = "booking_id"

    booking_id: UUID
    location_id: UUID
    booking: BookingForm


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


class BookingAccepted(Event):
    """A booking stands, with its appointments."""

    type: ClassVar[str] = "booking.booking_accepted.v1"
    subject: ClassVar[str] = "booking_id"

    booking_id: UUID
    location_id: UUID
    appointments: tuple[Appointment, ...]


class BookingRefused(Event):
    """A booking does not stand; whatever was held for it is released (rule X7)."""

    type: ClassVar[str] = "booking.booking_refused.v1"
    subject: ClassVar[str] = "booking_id"

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    appointment_ids: tuple[UUID, ...]
    reason: str


class AppointmentCancelled(Event):
    """An appointment ended.

    `cancelled_at` is the effective time. With `charge` the sessions are debited at the original
    start, or kept when it has passed; without, they come back (rules A2, A10, A15).
    """

    type: ClassVar[str] = "booking.appointment_cancelled.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    location_id: UUID
    appointment: Appointment
    cancelled_at: Instant
    charge: bool


class VisitStatusChanged(Event):
    """People set another visit status. `status_revision` counts the changes of one appointment."""

    type: ClassVar[str] = "booking.visit_status_changed.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    location_id: UUID
    client_id: UUID
    status_revision: int
    visit_status: VisitStatus
