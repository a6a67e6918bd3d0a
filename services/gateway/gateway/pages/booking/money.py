"""What a client has to pay at the studio, as far as it is known before the visit."""

from contracts.booking_views import AppointmentView
from contracts.values import Money


def to_pay_there(appointment: AppointmentView) -> Money | None:
    """Return what nothing covers: no payment, no session that was debited or is set aside.

    After a start the bill says what is owed; before, sessions that are set aside will pay.
    """
    if appointment.state not in {"accepted", "requested"}:
        return None
    uncovered = sum(
        line.price.amount
        for line in appointment.lines
        if line.membership_id is None and not line.paid_online and line.debit_status != "debited"
    )
    owed = appointment.owed.amount
    amount = owed if appointment.debit_status == "not_debited" else min(owed, uncovered)
    return Money(amount=amount, currency=appointment.owed.currency) if amount > 0 else None
