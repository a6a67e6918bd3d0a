"""What others say about the payment of an appointment; what is older than known is ignored."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Literal
from uuid import UUID

from booking.domain.bookings import Appointment, Booking, DebitStatus, Line, PaymentStatus

Outcome = Literal["planned", "debited", "not_debited", "reversed"]


def settle(
    appointment: Appointment,
    revision: int,
    *,
    outcome: Outcome,
    debited: Mapping[UUID, UUID | None],
    claimed: AbstractSet[UUID] = frozenset(),
    held: Mapping[UUID, UUID] | None = None,
    of_a_void_start: bool = False,
) -> bool:
    """Show what sessions pay of an appointment; return whether it was news.

    `debited` maps each debited line to the membership that paid it, automatically or by hand;
    the `claimed` ones are paid with money, and no debit is due for them (rule A16). `planned` is
    of before the start: the other lines with automatic debiting are still to be debited. After it,
    they are `not_debited` (rules A3, A8), also when debits were `reversed` (rule A10). Nothing is
    due any more for what was cancelled without charge. The visit status and a cancellation are not
    touched (rule A6). `held` maps each line that sessions are set aside for to its membership, as
    far as it is told; what is said later of what carries a line stays.
    """
    if revision <= appointment.settlement_revision:
        return False
    appointment.settlement_revision = revision
    if of_a_void_start:
        return True
    for line in appointment.lines:
        if revision > line.carrier_revision:
            line.carrier_revision = revision
            line.membership_id = _carrier(line, outcome, debited, held)
            line.hold_released &= held is None or line.line_id not in held
        if line.line_id in debited:
            line.debit_status = "debited"
            continue
        is_due = appointment.is_to_begin and line.automatic_debiting and line.line_id not in claimed
        if outcome == "planned":
            line.debit_status = "automatic_debiting" if is_due else None
        elif line.automatic_debiting or line.debit_status == "debited":
            line.debit_status = "not_debited" if is_due else None
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
    """Show what the bill of the visit says of this appointment; return whether it was news.

    The first bill of most visits only repeats what was booked.
    """
    if revision <= appointment.bill_revision:
        return False
    if revision == 1 and (payment_status, owed) == (appointment.payment_status, appointment.owed):
        return False
    appointment.bill_revision = revision
    appointment.payment_status = payment_status
    appointment.owed = owed
    return True


def carry_on(
    booking: Booking, line_id: UUID, membership_id: UUID | None, settlement_revision: int
) -> bool:
    """Show that another membership holds sessions for a line, or none any more (rules G6, X6).

    What a settlement newer than this one says is newer, and stays. Return whether it was news.
    """
    lines = (line for appointment in booking.appointments for line in appointment.lines)
    line = next((line for line in lines if line.line_id == line_id), None)
    if line is None:
        return False
    if settlement_revision >= line.carrier_revision:
        line.membership_id, line.hold_released = membership_id, membership_id is None
        line.carrier_revision = settlement_revision
        return True
    is_released = membership_id is None and line.membership_id is None
    is_news = is_released and not line.hold_released
    line.hold_released |= is_released
    return is_news


def _carrier(
    line: Line,
    outcome: Outcome,
    debited: Mapping[UUID, UUID | None],
    held: Mapping[UUID, UUID] | None,
) -> UUID | None:
    """Return which membership paid a line or holds sessions for it, as a settlement says."""
    if line.line_id in debited:
        return debited[line.line_id]
    if held is not None:
        return held.get(line.line_id)
    was_to_pay = line.automatic_debiting or line.debit_status == "debited"
    return None if was_to_pay and outcome != "planned" else line.membership_id
