"""What booking answers: the same shapes from its own API, in replies, and at the public edge."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Value
from contracts.booking import OnlinePayment, PaymentPolicy, WidgetTheme, WorkingHours
from contracts.membership import HoldSessions
from contracts.reply import Problem
from contracts.values import Currency, DebitStatus, Instant, Money, PaymentStatus, VisitStatus

BookingState = Literal["requested", "awaiting_payment", "accepted", "refused"]


class ChainView(Value):
    """A chain."""

    chain_id: UUID
    name: str
    sandbox: bool = False


class TestClockView(Value):
    """The time in a chain; it differs from the time elsewhere in sandboxes alone."""

    chain_id: UUID
    revision: int
    offset_seconds: int
    now: Instant


class CategoryView(Value):
    """A category of services."""

    category_id: UUID
    chain_id: UUID
    name: str


class CategoryList(Value):
    """The categories of a chain, by name."""

    categories: tuple[CategoryView, ...]


class LocationView(Value):
    """A location."""

    location_id: UUID
    chain_id: UUID
    name: str
    time_zone: str
    currency: Currency
    region: str
    online_payment: OnlinePayment
    phone_confirmation: bool
    widget_theme: WidgetTheme


class LocationList(Value):
    """The locations of a chain, by name."""

    locations: tuple[LocationView, ...]


class ServiceView(Value):
    """A service with its settings (rules G1, A1).

    `online_payment` is what the location's policy makes of `online_prepayment`: whether the service
    may, or must, be paid when it is booked online.
    """

    service_id: UUID
    location_id: UUID
    name: str
    kind: Literal["individual", "group"]
    duration_minutes: int
    price: Money
    category_id: UUID | None
    membership_booking: bool
    online_prepayment: bool
    online_payment: PaymentPolicy
    automatic_debiting: bool
    free_cancellation_hours: int


class ServiceList(Value):
    """The services of a location, by name."""

    services: tuple[ServiceView, ...]


class TimeOffView(Value):
    """When a team member does not work."""

    time_off_id: UUID
    start: Instant
    end: Instant


class TeamMemberView(Value):
    """A team member."""

    team_member_id: UUID
    location_id: UUID
    name: str
    service_ids: tuple[UUID, ...]
    working_hours: tuple[WorkingHours, ...]
    time_off: tuple[TimeOffView, ...] = ()


class TeamMemberList(Value):
    """The team members of a location, by name."""

    team_members: tuple[TeamMemberView, ...]


class EventView(Value):
    """An event; `spots_taken` never exceeds `capacity` (rule X2).

    `series_id` is that of the series with which it was planned.
    """

    event_id: UUID
    location_id: UUID
    service_id: UUID
    service_name: str
    team_member_id: UUID | None
    start: Instant
    end: Instant
    capacity: int
    spots_taken: int
    cancelled: bool = False
    series_id: UUID | None = None


class EventList(Value):
    """The events of a location on one local date, by start."""

    events: tuple[EventView, ...]


class FreeSlot(Value):
    """A start that can be booked; each of the services in a row has one of its team members.

    `team_member_ids` names one of those who are free for each service, in their order.
    """

    start: Instant
    team_member_ids: tuple[UUID, ...]


class FreeSlots(Value):
    """The free starts of services in a row on one local date, by start."""

    service_ids: tuple[UUID, ...]
    date: date
    time_zone: str
    slots: tuple[FreeSlot, ...]


class FreeDates(Value):
    """The local dates on which services in a row have a free start."""

    service_ids: tuple[UUID, ...]
    time_zone: str
    dates: tuple[date, ...]


class ClientView(Value):
    """A client, with the phone number in E.164 form; one that was erased has neither.

    `merged_client_ids` are ids of before that mean this client.
    """

    client_id: UUID
    chain_id: UUID
    name: str | None
    phone: str | None
    erased: bool = False
    merged_client_ids: tuple[UUID, ...] = ()


class ClientPage(Value):
    """Clients of a chain, by name."""

    clients: tuple[ClientView, ...]
    next_cursor: str | None


class ClientNames(Value):
    """The names of clients; those that were erased have none."""

    names: dict[UUID, str]


class LineView(Value):
    """One service or spot of an appointment; `membership_id` is what holds or paid it.

    `hold_released` says that a session was set aside, and is no longer (rule X6).
    """

    line_id: UUID
    service_id: UUID
    service_name: str
    team_member_id: UUID | None
    price: Money
    debit_status: DebitStatus | None
    membership_id: UUID | None
    paid_online: bool = False
    hold_released: bool = False


class AppointmentView(Value):
    """An entry in the calendar with its three statuses.

    `booked_with_membership` is the tag "Booking with membership" of rule G10,
    `free_cancellation_until` the deadline of rule A2. `debit_status` is absent without automatic
    debiting (rule A3). After a `technical_error` it is `not_debited` until the error is put right.
    """

    appointment_id: UUID
    booking_id: UUID
    visit_id: UUID
    location_id: UUID
    client_id: UUID
    client_name: str
    event_id: UUID | None
    start: Instant
    end: Instant
    state: Literal["requested", "accepted", "refused", "cancelled"]
    visit_status: VisitStatus
    debit_status: DebitStatus | None
    debit_failure: Literal["technical_error"] | None = None
    payment_status: PaymentStatus
    owed: Money
    booked_with_membership: bool
    free_cancellation_until: Instant
    lines: tuple[LineView, ...]


class BookingView(Value):
    """One submission and what became of it.

    While it is `awaiting_payment`, its spots are kept until `pay_until`; the payment says where to
    pay.
    """

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    state: BookingState
    submitted_at: Instant
    appointments: tuple[AppointmentView, ...]
    payment_id: UUID | None = None
    pay_until: Instant | None = None


class AppointmentPage(Value):
    """A client's appointments of all locations of the chain, the latest start first."""

    appointments: tuple[AppointmentView, ...]
    next_cursor: str | None


class MyBookings(Value):
    """The appointments of the client who asks, at one location, the latest start first."""

    client_id: UUID | None
    appointments: tuple[AppointmentView, ...]


class BookingPlan(Value):
    """What a submission would take, and the sessions that it would ask for; nothing is changed."""

    booking: BookingView
    hold: HoldSessions | None
    to_pay: Money | None


class BookingForecast(Value):
    """What would happen to a submission now, and why; nothing is changed.

    `booking` names for each line the membership that would carry it, and `names` says what it is
    called; with `to_pay` the booking would wait for that payment. A refusal has the `problem` that
    the submission would meet.
    """

    outcome: Literal["accepted", "awaiting_payment", "refused"]
    booking: BookingView | None = None
    to_pay: Money | None = None
    problem: Problem | None = None
    names: dict[UUID, str] = Field(default_factory=dict[UUID, str])


class DebitCounts(Value):
    """How many appointments that stand have which debit status (rule A3)."""

    automatic_debiting: int = 0
    debited: int = 0
    not_debited: int = 0


class CalendarEvent(Value):
    """An event in the calendar, with the appointments of its participants if they were asked for.

    `debits` sums up the participants, whether they are shown or not.
    """

    event: EventView
    appointments: tuple[AppointmentView, ...]
    debits: DebitCounts = DebitCounts()


class CalendarView(Value):
    """Local days of a location, from `date` to `until`: individual appointments, events, by start.

    Without `until` it is one day.
    """

    location_id: UUID
    until: date | None = None
    date: date
    time_zone: str
    appointments: tuple[AppointmentView, ...]
    events: tuple[CalendarEvent, ...]
