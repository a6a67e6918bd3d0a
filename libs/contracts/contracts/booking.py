"""What booking is asked to do, and what it says."""

from datetime import date, time
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
    sandbox: bool = False
    """A chain for developers: its clock can be moved (`SetTestClock`)."""


class CreateChain(Command):
    """Found a chain."""

    type: ClassVar[str] = "booking.create_chain.v1"
    subject: ClassVar[str] = "chain_id"

    chain_id: UUID
    chain: ChainForm


class TestClockForm(Form):
    """The time that it shall be in a sandbox chain; it moves forward only."""

    now: Instant


class SetTestClock(Command):
    """Move the clock of a sandbox chain; everything that is due by then happens."""

    type: ClassVar[str] = "booking.set_test_clock.v1"
    subject: ClassVar[str] = "chain_id"

    chain_id: UUID
    clock: TestClockForm


class CategoryForm(Form):
    """A group of services throughout a chain, which a membership type may cover as a whole."""

    name: Name


class CreateCategory(Command):
    """Add a category to a chain."""

    type: ClassVar[str] = "booking.create_category.v1"
    subject: ClassVar[str] = "category_id"

    category_id: UUID
    chain_id: UUID
    category: CategoryForm


PaymentPolicy = Literal["off", "optional", "mandatory"]


class OnlinePayment(Form):
    """Whether services with `online_prepayment` may, or must, be paid when they are booked online.

    Turning one on from `off` turns on the prepayment of all services of its kind, individual ones
    with the membership switch left out (rule G4).
    """

    individual: PaymentPolicy = "off"
    group: PaymentPolicy = "off"


class WidgetTheme(Form):
    """How the widget looks; the label "Membership booking" has its colour (rule G9)."""

    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#3b5bdb"
    mode: Literal["light", "dark", "auto"] = "auto"


class LocationForm(Form):
    """A branch: its IANA time zone, currency, and the region of phone numbers without a prefix.

    With `phone_confirmation` every online booking needs a confirmed phone number, not only those
    that spend sessions (rule G8).
    """

    name: Name
    time_zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
    currency: Currency
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    online_payment: OnlinePayment = OnlinePayment()
    phone_confirmation: bool = False
    widget_theme: WidgetTheme = WidgetTheme()


class CreateLocation(Command):
    """Open a location in a chain."""

    type: ClassVar[str] = "booking.create_location.v1"
    subject: ClassVar[str] = "location_id"

    location_id: UUID
    chain_id: UUID
    location: LocationForm


class ChangeLocation(Command):
    """Replace the settings of a location; its currency and time zone stay."""

    type: ClassVar[str] = "booking.change_location.v1"
    subject: ClassVar[str] = "location_id"

    location_id: UUID
    location: LocationForm


class ServiceForm(Form):
    """A service and its settings.

    `membership_booking` is the switch of rule G1 ("Prohibit online booking without a membership"
    of an individual service, "Membership booking" of a group service). With `online_prepayment` the
    service is paid online where the location's policy says so; an individual service takes one of
    the two (rule G2). `automatic_debiting` and `free_cancellation_hours` are those of rules A1 and
    A2. `price` is in minor units of the location's currency; `duration_minutes` a multiple of 5.
    """

    name: Name
    kind: Literal["individual", "group"]
    duration_minutes: Annotated[int, Field(ge=5, le=24 * 60, multiple_of=5)]
    price: MinorUnits
    category_id: UUID | None = None
    membership_booking: bool = False
    online_prepayment: bool = False
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


class DuplicateForm(Form):
    """What the copy of a service has instead; the way out of rule G2."""

    name: Name | None = None
    membership_booking: bool | None = None
    online_prepayment: bool | None = None


class DuplicateService(Command):
    """Offer a copy of a service, `service_id`, performed by the same team members."""

    type: ClassVar[str] = "booking.duplicate_service.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    original_service_id: UUID
    location_id: UUID
    duplicate: DuplicateForm


class MergeForm(Form):
    """The services that become one with another, of the same location and kind (rule A11)."""

    service_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]


class MergeServices(Command):
    """Merge services into `service_id`; the old ids mean it for ever (rules A11, A17)."""

    type: ClassVar[str] = "booking.merge_services.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    location_id: UUID
    merge: MergeForm


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


class ChangeTeamMember(Command):
    """Replace what is said of a team member; bookings made stay."""

    type: ClassVar[str] = "booking.change_team_member.v1"
    subject: ClassVar[str] = "team_member_id"

    team_member_id: UUID
    location_id: UUID
    team_member: TeamMemberForm


class TimeOffForm(Form):
    """When a team member does not work, whatever the working hours say."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("end must be later than start")
        return self


class AddTimeOff(Command):
    """Take time off; bookings made stay, and new ones find no slot."""

    type: ClassVar[str] = "booking.add_time_off.v1"
    subject: ClassVar[str] = "time_off_id"

    time_off_id: UUID
    team_member_id: UUID
    location_id: UUID
    time_off: TimeOffForm


class RemoveTimeOff(Command):
    """Work after all."""

    type: ClassVar[str] = "booking.remove_time_off.v1"
    subject: ClassVar[str] = "time_off_id"

    time_off_id: UUID
    team_member_id: UUID
    location_id: UUID


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


class EventSeriesForm(Form):
    """Events of one group service on the same local time of some weekdays, Monday being 1.

    They begin on `first_date` and end with `last_date`; `except_dates` are left out.
    """

    service_id: UUID
    first_date: date
    last_date: date
    weekdays: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)]
    time: time
    capacity: Annotated[int, Field(ge=1, le=10_000)]
    team_member_id: UUID | None = None
    except_dates: Annotated[tuple[date, ...], Field(max_length=366)] = ()

    @model_validator(mode="after")
    def _within_a_year(self) -> Self:
        if not 0 <= (self.last_date - self.first_date).days <= 366:
            raise ValueError("last_date must be at most 366 days after first_date")
        return self


class CreateEventSeries(Command):
    """Plan a series of events, all or none."""

    type: ClassVar[str] = "booking.create_event_series.v1"
    subject: ClassVar[str] = "series_id"

    series_id: UUID
    location_id: UUID
    series: EventSeriesForm


class EventMoveForm(Form):
    """The new start of an event."""

    start: Instant


class MoveEvent(Command):
    """Move an event that has not begun, and with it the starts of all its bookings (rule A10)."""

    type: ClassVar[str] = "booking.move_event.v1"
    subject: ClassVar[str] = "event_id"

    event_id: UUID
    location_id: UUID
    move: EventMoveForm


class CapacityForm(Form):
    """How many spots an event has; not fewer than are taken."""

    capacity: Annotated[int, Field(ge=1, le=10_000)]


class ChangeEventCapacity(Command):
    """Change the capacity of an event (rule A10)."""

    type: ClassVar[str] = "booking.change_event_capacity.v1"
    subject: ClassVar[str] = "event_id"

    event_id: UUID
    location_id: UUID
    capacity: CapacityForm


class CancelEvent(Command):
    """Cancel a whole event: its bookings end, and their sessions and payments come back (A10)."""

    type: ClassVar[str] = "booking.cancel_event.v1"
    subject: ClassVar[str] = "event_id"

    event_id: UUID
    location_id: UUID


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
    `pay_online` is the client's choice where there is one: a group service that can be paid online
    or booked with a membership (rule G3), or a prepayment that is optional.
    """

    name: Name
    phone: Phone
    phone_confirmed: bool = False
    appointments: Annotated[tuple[AppointmentForm, ...], Field(max_length=20)] = ()
    spots: SpotsForm | None = None
    pay_online: bool | None = None

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


class AppointmentRescheduled(Event):
    """An appointment has another time; `appointment` is its plan from now on.

    `rescheduled_at` is the effective time, always before `previous_start`, which is void whether
    it was heard already or not (rules G11, A15). The new date may be another visit.
    """

    type: ClassVar[str] = "booking.appointment_rescheduled.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    location_id: UUID
    appointment: Appointment
    previous_start: Instant
    previous_visit_id: UUID
    rescheduled_at: Instant


class RescheduleRefused(Event):
    """An appointment stays as it was; what was held for the new time alone is released."""

    type: ClassVar[str] = "booking.reschedule_refused.v1"
    subject: ClassVar[str] = "reschedule_id"

    reschedule_id: UUID
    appointment_id: UUID
    location_id: UUID
    client_id: UUID
    revision: int
    reason: str


class TestClockSet(Event):
    """It is `offset_seconds` later in a sandbox chain than elsewhere, as of `revision`."""

    type: ClassVar[str] = "booking.test_clock_set.v1"
    subject: ClassVar[str] = "chain_id"

    chain_id: UUID
    revision: int
    offset_seconds: int


class ServicesMerged(Event):
    """The old ids mean `service_id` from now on, in bookings and memberships, for ever."""

    type: ClassVar[str] = "booking.services_merged.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    chain_id: UUID
    location_id: UUID
    merged_service_ids: tuple[UUID, ...]


class VisitStatusChanged(Event):
    """People set another visit status. `status_revision` counts the changes of one appointment."""

    type: ClassVar[str] = "booking.visit_status_changed.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    location_id: UUID
    client_id: UUID
    status_revision: int
    visit_status: VisitStatus
