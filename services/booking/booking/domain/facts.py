"""What happened to a booking, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from booking.domain.bookings import Appointment, Booking

RefusalReason = Literal["no_suitable_membership", "timed_out"]


@dataclass(frozen=True, slots=True)
class HoldAsked:
    """Sessions are to be held before the booking can be decided."""

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


Fact = HoldAsked | BookingAccepted | BookingRefused | AppointmentCancelled | VisitStatusChanged
