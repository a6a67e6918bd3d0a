"""What booking answers: the same shapes from its own API, in replies, and at the public edge."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.base import Value
from contracts.booking import WorkingHours
from contracts.values import Currency, DebitStatus, Instant, Money, PaymentStatus, VisitStatus


class ChainView(Value):
    """A chain."""

    chain_id: UUID
    name: str


class LocationView(Value):
    """A location."""

    location_id: UUID
    chain_id: UUID
    name: str
    time_zone: str
    currency: Currency
    region: str


class ServiceView(Value):
    """A service with its settings (rules G1, A1)."""

    service_id: UUID
    location_id: UUID
    name: str
    kind: Literal["individual", "group"]
    duration_minutes: int
    price: Money
    membership_booking: bool
    automatic_debiting: bool
    free_cancellation_hours: int


class ServiceList(Value):
    """The services of a location, by name."""

    services: tuple[ServiceView, ...]


class TeamMemberView(Value):
    """A team member."""

    team_member_id: UUID
    location_id: UUID
    name: str
    service_ids: tuple[UUID, ...]
    working_hours: tuple[WorkingHours, ...]


class TeamMemberList(Value):
    """The team members of a location, by name."""

    team_members: tuple[TeamMemberView, ...]


class EventView(Value):
    """An event; `spots_taken` never exceeds `capacity` (rule X2)."""

    event_id: UUID
    location_id: UUID
    service_id: UUID
    service_name: str
    team_member_id: UUID | None
    start: Instant
    end: Instant
    capacity: int
    spots_taken: int


class EventList(Value):
    """The events of a location on one local date, by start."""

    events: tuple[EventView, ...]


class FreeSlot(Value):
    """A start that can be booked with a team member."""

    start: Instant
    team_member_id: UUID


class FreeSlots(Value):
    """The free starts of one service on one local date, by start."""

    service_id: UUID
    date: date
    time_zone: str
    slots: tuple[FreeSlot, ...]


class ClientView(Value):
    """A client, with the phone number in E.164 form."""

    client_id: UUID
    chain_id: UUID
    name: str
    phone: str


class ClientList(Value):
    """The clients that a search found."""

    clients: tuple[ClientView, ...]


class LineView(Value):
    """One service or spot of an appointment; `membership_id` is what holds or paid it."""

    line_id: UUID
    service_id: UUID
    service_name: str
    team_member_id: UUID | None
    price: Money
    debit_status: DebitStatus | None
    membership_id: UUID | None


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
    """One submission and what became of it."""

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    state: Literal["requested", "accepted", "refused"]
    submitted_at: Instant
    appointments: tuple[AppointmentView, ...]


class CalendarEvent(Value):
    """An event in the calendar, with the appointments of its participants."""

    event: EventView
    appointments: tuple[AppointmentView, ...]


class CalendarView(Value):
    """One local day of a location: individual appointments, and events, by start."""

    location_id: UUID
    date: date
    time_zone: str
    appointments: tuple[AppointmentView, ...]
    events: tuple[CalendarEvent, ...]
