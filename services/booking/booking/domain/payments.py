"""What others say about the payment of an appointment; what is older than known is ignored."""

from collections.abc import Mapping
from uuid import UUID

from booking.domain.bookings import Appointment, Booking, PaymentStatus


def settle(
    appointment: Appointment,
    revision: int,
    *,
    debited: Mapping[UUID, UUID | None],
    reversed_: bool,
    of_a_void_start: bool = False,
) -> bool:
    """Show the outcome of automatic debiting; return whether it was news.

    `debited` maps each debited line to the membership that paid it. All lines with automatic
    debiting paid is `debited`, less is `not_debited` (rules A3, A8); `reversed_` leaves no debit
    status. The visit status and a cancellation are not touched (rule A6).
    """
    if revision <= appointment.settlement_revision:
        return False
    appointment.settlement_revision = revision
    if of_a_void_start:
        return True
    if reversed_:
        _undebit(appointment)
        return True
    planned = [line for line in appointment.lines if line.automatic_debiting]
    for line in planned:
        line.membership_id = debited.get(line.line_id)
        line.debit_status = "debited" if line.line_id in debited else "not_debited"
    all_paid = all(line.debit_status == "debited" for line in planned)
    appointment.debit_status = "debited" if all_paid else "not_debited"
    return True


def fail(appointment: Appointment) -> bool:
    """Show that the start could not be settled because of an error of ours; return whether it was.

    A settlement, which comes when the error is put right, is the newer truth.
    """
    if appointment.debit_status != "automatic_debiting":
        return False
    appointment.debit_status = "not_debited"
    for line in appointment.lines:
        if line.automatic_debiting:
            line.debit_status = "not_debited"
    return True


def bill(appointment: Appointment, revision: int, payment_status: PaymentStatus, owed: int) -> bool:
    """Show what the bill of the visit says of this appointment; return whether it was news."""
    if revision <= appointment.bill_revision:
        return False
    appointment.bill_revision = revision
    appointment.payment_status = payment_status
    appointment.owed = owed
    return True


def carry_on(booking: Booking, line_id: UUID, membership_id: UUID | None) -> bool:
    """Show that another membership holds sessions for a line, or none any more (rules G6, X6).

    What is settled already names who paid: that stays. Return whether it was news.
    """
    for appointment in booking.appointments:
        for line in appointment.lines:
            if line.line_id == line_id and line.debit_status not in {"debited", "not_debited"}:
                line.membership_id = membership_id
                line.hold_released = membership_id is None
                return True
    return False


def _undebit(appointment: Appointment) -> None:
    appointment.debit_status = None
    for line in appointment.lines:
        if line.automatic_debiting:
            line.debit_status = None
            line.membership_id = None
