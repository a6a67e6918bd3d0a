"""What booking says."""

from typing import ClassVar
from uuid import UUID

from contracts.base import Event
from contracts.values import Appointment, Instant, VisitStatus


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


class ClientsMerged(Event):
    """The merged ids mean `client_id` from now on, everywhere, for ever."""

    type: ClassVar[str] = "booking.clients_merged.v1"
    subject: ClassVar[str] = "client_id"

    client_id: UUID
    chain_id: UUID
    merged_client_ids: tuple[UUID, ...]


class VisitStatusChanged(Event):
    """People set another visit status. `status_revision` counts the changes of one appointment."""

    type: ClassVar[str] = "booking.visit_status_changed.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    location_id: UUID
    client_id: UUID
    status_revision: int
    visit_status: VisitStatus
