"""How a booking is decided: it stands, or it does not."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from booking.domain.bookings import Booking
from booking.domain.facts import BookingAccepted, BookingRefused, RefusalReason


def accept(booking: Booking, carriers: Mapping[UUID, UUID], now: datetime) -> BookingAccepted:
    """Let a booking stand. `carriers` maps a line to the membership that holds sessions for it.

    From now on the calendar shows that debiting is planned (rule A3), and what was booked with a
    membership is marked as such (rule G10).
    """
    booking.state = "accepted"
    for appointment in booking.appointments:
        appointment.state = "accepted"
        appointment.accepted_at = now
        for line in appointment.lines:
            line.membership_id = carriers.get(line.line_id)
            if line.automatic_debiting:
                line.debit_status = appointment.debit_status = "automatic_debiting"
            if line.membership_booking and line.membership_id is not None:
                appointment.booked_with_membership = True
    return BookingAccepted(booking)


def refuse(booking: Booking, reason: RefusalReason) -> BookingRefused:
    """End a booking that was not decided yet; its slots and spots are free again."""
    booking.state = "refused"
    for appointment in booking.appointments:
        appointment.state = "refused"
        appointment.owed = 0
    return BookingRefused(booking, reason)
