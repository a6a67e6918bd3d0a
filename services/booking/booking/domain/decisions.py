"""How a booking is decided: it stands, or it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from booking.domain.bookings import Appointment, Booking
from booking.domain.catalogue import Location
from booking.domain.facts import BookingAccepted, BookingRefused, PaymentAsked, RefusalReason


@dataclass(frozen=True, slots=True)
class Patience:
    """How long membership may take to answer, and the client to pay, until it is a refusal (X7)."""

    decided_within: timedelta
    paid_within: timedelta

    def decide_by(self, location: Location, submitted_at: datetime, now: datetime) -> datetime:
        """Return when, by the database's clock, a submission must be decided.

        It counts from the submission, `submitted_at` by the clock of its chain, however late it is
        heard; `now` is the database's time, which no broker's clock is ahead of.
        """
        return min(submitted_at - location.ahead, now) + self.decided_within


def carry(booking: Booking, carriers: Mapping[UUID, UUID]) -> None:
    """Note which membership holds sessions for which line."""
    for appointment in booking.appointments:
        for line in appointment.lines:
            line.membership_id = carriers.get(line.line_id)


def go_on(booking: Booking, now: datetime, patience: Patience) -> BookingAccepted | PaymentAsked:
    """Let a booking stand that needs no membership or has what it needs; or let it be paid first.

    `now` is the database's time.
    """
    if not booking.to_pay:
        return accept(booking, booking.location.at(now))
    booking.state = "awaiting_payment"
    booking.decide_by = now + patience.paid_within
    booking.pay_until = booking.location.at(booking.decide_by)
    return PaymentAsked(booking)


def accept(booking: Booking, now: datetime) -> BookingAccepted:
    """Let a booking stand; `now` is the time in its chain.

    From now on the calendar shows that debiting is planned (rule A3), and what was booked with a
    membership is marked as such (rule G10).
    """
    booking.state = "accepted"
    for appointment in booking.appointments:
        appointment.state = "accepted"
        appointment.accepted_at = now
        plan_payment(appointment)
    return BookingAccepted(booking)


def plan_payment(appointment: Appointment) -> None:
    """Show how an appointment will be paid: debited later, paid online already, or owed.

    What the bill of its visit said stands until that says something else.
    """
    for line in appointment.lines:
        line.debit_status = "automatic_debiting" if line.automatic_debiting else None
    debited = any(line.automatic_debiting for line in appointment.lines)
    appointment.debit_status = "automatic_debiting" if debited else None
    appointment.booked_with_membership = any(
        line.membership_booking and line.membership_id is not None for line in appointment.lines
    )
    if appointment.bill_revision:
        return
    appointment.owed = sum(line.price for line in appointment.lines if not line.paid_online)
    if not any(line.paid_online for line in appointment.lines):
        appointment.payment_status = "unpaid"
    else:
        appointment.payment_status = "paid_partially" if appointment.owed else "paid"


def refuse(booking: Booking, reason: RefusalReason) -> BookingRefused:
    """End a booking that was not decided yet; its slots and spots are free again."""
    booking.state = "refused"
    for appointment in booking.appointments:
        appointment.state = "refused"
        appointment.owed = 0
    return BookingRefused(booking, reason)
