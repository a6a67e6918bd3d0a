"""What others say about the payment of an appointment; what is older than known is ignored."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Literal
from uuid import UUID

from booking.domain.bookings import Appointment, Booking, DebitStatus, PaymentStatus

Outcome = Literal["planned", "debited", "not_debited", "reversed"]


def settle(
    appointment: Appointment,
    revision: int,
    *,
    outcome: Outcome,
    debited: Mapping[UUID, UUID | None],
    claimed: AbstractSet[UUID] = frozenset(),
    of_a_void_start: bool = False,
) -> bool:
    """Show what sessions pay of an appointment; return whether it was news.

    `debited` maps each debited line to the membership that paid it, automatically or by hand;
    the `claimed` ones are paid with money, and no debit is due for them (rule A16). `planned` is
    of before the start: the other lines with automatic debiting are still to be debited. After it,
    they are `not_debited` (rules A3, A8), also when debits were `reversed` (rule A10). Nothing is
    due any more for what was cancelled without charge. The visit status and a cancellation are not
    touched (rule A6).
    """
    if revision <= appointment.settlement_revision:
        return False
    appointment.settlement_revision = revision
    if of_a_void_start:
        return True
    for line in appointment.lines:
        if line.line_id in debited:
            line.membership_id = debited[line.line_id]
            line.debit_status = "debited"
            continue
        is_due = line.automatic_debiting and appointment.is_to_begin
        if outcome == "planned":
            line.debit_status = "automatic_debiting" if is_due else None
        elif line.automatic_debiting or line.debit_status == "debited":
            line.membership_id = None
            is_owed = is_due and line.line_id not in claimed
            line.debit_status = "not_debited" if is_owed else None
    appointment.debit_status = debit_status_of(appointment)
    return True


def debit_status_of(appointment: Appointment) -> DebitStatus | None:
    """Sum up the lines with automatic debiting; without any there is no status (rule A3)."""
    statuses = {line.debit_status for line in appointment.lines if line.automatic_debiting}
    for status in ("not_debited", "automatic_debiting", "debited"):
        if status in statuses:
            return status
    return None


def fail(appointment: Appointment) -> bool:
    """Show that the start could not be settled because of an error of ours; return whether it was.

    A settlement, which comes when the error is put right, is the newer truth.
    """
    if appointment.debit_status != "automatic_debiting":
        return False
    appointment.debit_status = "not_debited"
    for line in appointment.lines:
        if line.debit_status == "automatic_debiting":
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
