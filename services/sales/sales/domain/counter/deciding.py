"""What is decided at the counter: which lines may be paid, and how (rules A13, A16)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from sales.domain.bills import BillLine
from sales.domain.counter import healing
from sales.domain.counter.claiming import claims, end_payment, is_due
from sales.domain.counter.debits import DebitState, HandDebit
from sales.domain.counter.payments import Claim, CounterLine, CounterPayment, State, answer_claim
from sales.domain.counter.state import Counter, belongs, claiming, show_payments, shows
from sales.domain.counter.wishes import (
    Answered,
    Debit,
    DebitWanted,
    Declined,
    Outcome,
    Reasons,
    Refusal,
    Take,
    Undo,
    Wish,
)
from sales.domain.sales import making
from sales.domain.visits import Visit


def fulfil(counter: Counter, visit: Visit, command_id: UUID, wish: Wish) -> list[Outcome]:
    """Do what is wished for a visit, or say why not."""
    match wish:
        case Take():
            return _take(counter, visit, command_id, wish)
        case Undo():
            return _undo(counter, visit, command_id, wish.payment_id)
        case Debit():
            return _debit(counter, visit, command_id, wish)


def grant(counter: Counter, claim_id: UUID) -> list[Outcome]:
    """Note that membership leaves lines to a payment; it is taken when that was all."""
    payment = claiming(counter, claim_id)
    if payment is None or not payment.stands:
        return []
    answer_claim(payment, claim_id, Claim.GRANTED)
    is_own = payment.state is State.PENDING and payment.sale_id is None
    return _conclude(counter, payment) if is_own and payment.is_granted else []


def deny(counter: Counter, claim_id: UUID, debited: Collection[UUID]) -> list[Outcome]:
    """Note that a session has paid lines already: no money is taken for any."""
    payment = claiming(counter, claim_id)
    if payment is None or not payment.stands:
        return []
    answer_claim(payment, claim_id, Claim.REFUSED)
    if payment.state is State.TAKEN:  # the bill shows that the money is to be given back
        return []
    reasons = _reasons((line_id, "debited") for line_id in sorted(debited))
    detail = "Sessions have paid some of the lines meanwhile."
    if payment.sale_id is not None:
        sale = counter.sales[payment.sale_id]
        return making.refuse(counter, sale, Refusal.PAID, detail, reasons)
    declined = Declined(payment.command_id, Refusal.PAID, detail, reasons)
    return [*end_payment(counter, payment, State.REFUSED), declined]


def note_debit(
    counter: Counter,
    debit_id: UUID,
    settlement_revision: int | None,
    paying: Mapping[UUID, UUID],
) -> None:
    """Note which memberships have paid which lines; what says so may be heard later."""
    debit = counter.debits.get(debit_id)
    if debit is None or debit.state is not DebitState.PENDING:
        return
    if debit.sale_id is not None:
        making.note_debit(counter, debit, paying)
    if debit.healing_id is not None:
        missing = [line_id for line_id in debit.line_ids if line_id not in paying]
        healing.note_refused(counter, debit, missing)
    if debit.partly:
        debit.line_ids = tuple(line_id for line_id in debit.line_ids if line_id in paying)
    debit.settlement_revision = settlement_revision
    debit.state = DebitState.DEBITED


def refuse_debit(counter: Counter, debit_id: UUID, reasons: Reasons) -> list[Outcome]:
    """Note that membership cannot debit."""
    debit = counter.debits.get(debit_id)
    if debit is None or debit.state is not DebitState.PENDING:
        return []
    debit.state = DebitState.REFUSED
    if debit.healing_id is not None:
        healing.note_refused(counter, debit, debit.line_ids)
        debit.line_ids = ()
        return healing.conclude(counter, debit)
    detail = "No membership can pay these lines; the reasons say why."
    if debit.sale_id is not None:
        sale = counter.sales[debit.sale_id]
        return making.refuse(counter, sale, Refusal.NO_MEMBERSHIP, detail, reasons)
    return [Declined(debit.command_id, Refusal.NO_MEMBERSHIP, detail, reasons)]


def follow_up(counter: Counter) -> Iterator[Outcome]:
    """Give what follows from what was heard of the appointments, and said.

    A debit is done when its settlement is known. A line that was paid when no session would have
    paid it, and has come to be planned for one, is claimed. Sales go on.
    """
    for debit in counter.debits.values():
        if debit.state is DebitState.DEBITED and shows(counter, debit):
            debit.state = DebitState.DONE
            yield from _show_debit(counter, debit)
    for sale in counter.sales.values():
        yield from making.advance(counter, sale)
    for payment in counter.payments.values():
        if payment.state is State.TAKEN:
            yield from claims(counter, payment)


def _show_debit(counter: Counter, debit: HandDebit) -> list[Outcome]:
    if debit.sale_id is not None:
        return making.show_debit(counter, debit)
    if debit.healing_id is not None:
        return healing.conclude(counter, debit)
    home = counter.visits.home_of(debit.appointment_id)
    assert home is not None, "a debit is loaded with its visit"
    return [Answered(debit.command_id, home.visit_id)]


def _take(counter: Counter, visit: Visit, command_id: UUID, wish: Take) -> list[Outcome]:
    chosen = _choose(counter, visit, command_id, wish.line_ids)
    if isinstance(chosen, Declined):
        return [chosen]
    plan = visit.appointments[chosen[0][0]].plan
    assert plan is not None, "a line that stands was planned"
    payment = CounterPayment(
        payment_id=wish.payment_id,
        command_id=command_id,
        visit_id=visit.visit_id,
        method=wish.method,
        currency=plan.currency,
        taken_at=wish.at,
        lines=[CounterLine(each.line.line_id, owner, each.owed) for owner, each in chosen],
    )
    counter.payments[payment.payment_id] = payment
    wanted: list[Outcome] = list(claims(counter, payment))
    return wanted or _conclude(counter, payment)


def _conclude(counter: Counter, payment: CounterPayment) -> list[Outcome]:
    """Take the money, unless what it is for is not owed any more as it was."""
    if not is_due(counter, payment):
        detail = "The visit has changed meanwhile: look at its bill again."
        declined = Declined(payment.command_id, Refusal.CONFLICT, detail)
        return [*end_payment(counter, payment, State.REFUSED), declined]
    payment.state = State.TAKEN
    show_payments(counter, {line.appointment_id for line in payment.lines})
    return [Answered(payment.command_id, payment.visit_id, is_new=True)]


def _undo(counter: Counter, visit: Visit, command_id: UUID, payment_id: UUID) -> list[Outcome]:
    payment = counter.payments.get(payment_id)
    if payment is None or not belongs(counter, payment, visit):
        detail = f"There is no payment {payment_id} at this visit."
        return [Declined(command_id, Refusal.UNKNOWN, detail)]
    if payment.state is not State.TAKEN:
        detail = f"The payment is {payment.state}: there is nothing to give back."
        return [Declined(command_id, Refusal.CONFLICT, detail)]
    if payment.sale_id is not None:
        detail = f"The money was taken in the sale {payment.sale_id}: refund that."
        return [Declined(command_id, Refusal.CONFLICT, detail)]
    given_up = end_payment(counter, payment, State.UNDONE)
    show_payments(counter, {line.appointment_id for line in payment.lines})
    return [*given_up, Answered(command_id, visit.visit_id)]


def _debit(counter: Counter, visit: Visit, command_id: UUID, wish: Debit) -> list[Outcome]:
    chosen = _choose(counter, visit, command_id, wish.line_ids, by_session=True)
    if isinstance(chosen, Declined):
        return [chosen]
    owners = {appointment_id for appointment_id, _ in chosen}
    if len(owners) > 1:
        detail = "Name lines of one appointment: each is debited for itself."
        return [Declined(command_id, Refusal.INVALID, detail)]
    debit = HandDebit(
        debit_id=wish.debit_id,
        command_id=command_id,
        visit_id=visit.visit_id,
        appointment_id=owners.pop(),
        line_ids=tuple(each.line.line_id for _, each in chosen),
        membership_id=wish.membership_id,
    )
    counter.debits[debit.debit_id] = debit
    return [DebitWanted(debit)]


def _choose(
    counter: Counter,
    visit: Visit,
    command_id: UUID,
    line_ids: tuple[UUID, ...],
    *,
    by_session: bool = False,
) -> list[tuple[UUID, BillLine]] | Declined:
    """Return the lines that are meant, each with its appointment's id; or else all that are owed.

    A session pays only lines that have had no money yet.
    """
    bill = visit.bill()
    lines = list(bill.lines) if bill else []
    if unknown := set(line_ids) - {each.line.line_id for _, each in lines}:
        detail = f"These lines do not stand on the bill: {', '.join(map(str, sorted(unknown)))}."
        return Declined(command_id, Refusal.INVALID, detail)
    meant = [
        (owner, each)
        for owner, each in lines
        if each.line.line_id in line_ids or (not line_ids and each.owed > 0)
    ]
    taken: dict[UUID, str] = {}
    for _, each in meant:
        is_paid = each.paid > 0 if by_session else each.owed == 0
        why = counter.why_taken(each) or ("paid" if is_paid else None)
        if why is not None:
            taken[each.line.line_id] = why
    free = [pair for pair in meant if pair[1].line.line_id not in taken]
    if not free or (line_ids and taken):
        detail = "It is paid, or is about to be." if taken else "Nothing is owed."
        return Declined(command_id, Refusal.PAID, detail, _reasons(taken.items()))
    return free


def _reasons(lines: Iterable[tuple[UUID, str]]) -> Reasons:
    return tuple({"line_id": str(line_id), "reason": reason} for line_id, reason in lines)
