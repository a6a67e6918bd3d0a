"""What happened to a booking, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from booking.domain.bookings import Appointment, Booking, Reschedule

RefusalReason = Literal["no_suitable_membership", "timed_out", "unpaid", "event_cancelled"]
KeptReason = Literal[
    "no_suitable_membership", "timed_out", "cancelled", "event_moved", "event_cancelled"
]


@dataclass(frozen=True, slots=True)
class HoldAsked:
    """Sessions are to be held before the booking can be decided."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class PaymentAsked:
    """The booking is to be paid online before it can stand."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class BookingAccepted:
    """A booking stands."""

    booking: Booking


@dataclass(frozen=True, slots=True)
class BookingRefused:
    """A booking does not stand."""

    booking: Booking
    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class NewTimeHoldAsked:
    """Sessions are to be held before an appointment can have its new time."""

    booking: Booking
    reschedule: Reschedule


@dataclass(frozen=True, slots=True)
class AppointmentRescheduled:
    """An appointment has another time, since the effective time `at`."""

    booking: Booking
    appointment: Appointment
    at: datetime
    previous_start: datetime


@dataclass(frozen=True, slots=True)
class RescheduleRefused:
    """An appointment stays as it was."""

    booking: Booking
    reschedule: Reschedule
    reason: KeptReason


@dataclass(frozen=True, slots=True)
class AppointmentCancelled:
    """An appointment ended. `at` is the effective time of the cancellation."""

    booking: Booking
    appointment: Appointment
    at: datetime
    charge: bool


@dataclass(frozen=True, slots=True)
class VisitStatusChanged:
    """People set another visit status."""

    booking: Booking
    appointment: Appointment


Question = HoldAsked | PaymentAsked | NewTimeHoldAsked
Change = AppointmentRescheduled | RescheduleRefused | AppointmentCancelled | VisitStatusChanged
Fact = Question | BookingAccepted | BookingRefused | Change
