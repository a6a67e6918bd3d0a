"""Claims of payments at the counter: asked for, and given up (rule A16)."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sales.domain.counter.payments import (
    Claim,
    ClaimGivenUp,
    ClaimWanted,
    CounterLine,
    CounterPayment,
    State,
    ask_claim,
    end,
)
from sales.domain.counter.state import Counter, standing
from sales.domain.facts import Standing


def claims(counter: Counter, payment: CounterPayment) -> Iterator[ClaimWanted]:
    """Claim the lines that a session might pay, each appointment's at its present revision.

    A sale is refunded line by line, so each of its lines is claimed for itself.
    """
    unclaimed: defaultdict[UUID, list[CounterLine]] = defaultdict(list)
    for line in payment.lines:
        if line.claim is Claim.NEEDLESS and not line.is_undone:
            unclaimed[line.appointment_id].append(line)
    for appointment_id, lines in unclaimed.items():
        appointment = counter.visits.find(appointment_id)
        plan = appointment.plan if appointment else None
        if plan is not None and plan.standing is not Standing.CANCELLED:
            due = {each.line_id for each in plan.lines if each.is_for_sessions}
            wanted = [line for line in lines if line.line_id in due]
            groups = [wanted] if payment.sale_id is None else [[line] for line in wanted]
            for group in groups:
                yield from ask_claim(payment, group, plan.revision)


def end_payment(counter: Counter, payment: CounterPayment, state: State) -> list[ClaimGivenUp]:
    """End a payment; what was cancelled without charge will not be planned again."""
    return [each for each in end(payment, state) if is_planned(counter, each.appointment_id)]


def is_planned(counter: Counter, appointment_id: UUID) -> bool:
    """Return whether membership may plan the lines of an appointment again."""
    appointment = counter.visits.find(appointment_id)
    plan = appointment.plan if appointment else None
    return plan is not None and plan.standing is not Standing.CANCELLED


def is_due(counter: Counter, payment: CounterPayment) -> bool:
    """Return whether all that a payment is for is owed as it was."""
    lines = standing(counter, payment)
    return all(
        (each := lines.get(line.line_id)) is not None
        and each.owed == line.amount + line.discount
        and counter.why_taken(each, but=payment.payment_id) is None
        for line in payment.lines
    )
