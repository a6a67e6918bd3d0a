"""How a sale goes on: all of it happens, or nothing does.

Each step is taken when all that it waits for is known, in whatever order that is heard: sessions
pay, money is cleared for the rest, memberships are issued, and then the money is taken.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias
from uuid import UUID, uuid5

from sales.domain.counter.claiming import claims, end_payment, is_due
from sales.domain.counter.debits import HandDebit
from sales.domain.counter.payments import Claim, CounterLine, CounterPayment
from sales.domain.counter.payments import State as PaymentState
from sales.domain.counter.state import Counter, show_payments
from sales.domain.counter.wishes import Declined, Outcome, Reasons, Refusal
from sales.domain.sales import refunding
from sales.domain.sales.outcomes import (
    IssueWanted,
    MoneyBack,
    PageWanted,
    ReversalWanted,
    SaleAnswered,
    VoidWanted,
)
from sales.domain.sales.sale import Kind, Payer, Sale, SaleLine, State


def advance(counter: Counter, sale: Sale) -> list[Outcome]:
    """Take the steps for which all is known; a sale that waits for more stays as it is."""
    outcomes: list[Outcome] = []
    while (step := _STEPS.get(sale.state)) is not None:
        before = sale.state
        outcomes += step(counter, sale)
        if sale.state is before:
            break
    return outcomes


def refuse(
    counter: Counter, sale: Sale, refusal: Refusal, detail: str, reasons: Reasons = ()
) -> list[Outcome]:
    """Undo what was done of a sale, and say why, unless it is over.

    What membership has not answered yet is undone when it has.
    """
    if not sale.is_in_flight or sale.is_sold:
        return []
    sale.state = State.REFUSED
    outcomes: list[Outcome] = list(_reversals(sale))
    payment = counter.payments.get(sale.counter_payment_id)
    if payment is not None:
        outcomes += end_payment(counter, payment, PaymentState.REFUSED)
    outcomes += [_void(sale, each) for each in sale.of_kind(Kind.MEMBERSHIP) if each.membership_id]
    if sale.payment_id is not None:
        outcomes.append(MoneyBack(sale))
    if not sale.is_answered:
        sale.is_answered = True
        outcomes.append(Declined(sale.command_id, refusal, detail, reasons))
    return outcomes


def charge(counter: Counter, sale: Sale, line: SaleLine) -> None:
    """Let money pay a line of the visit, when the sale comes to it."""
    assert sale.visit_id, "it has a line of the visit"
    appointment_id, line_id = line.visited
    line.payer = Payer.MONEY
    payment = counter.payments.setdefault(
        sale.counter_payment_id,
        CounterPayment(
            payment_id=sale.counter_payment_id,
            command_id=sale.command_id,
            visit_id=sale.visit_id,
            method=sale.method,
            currency=sale.currency,
            taken_at=sale.sold_at,
            lines=[],
            sale_id=sale.sale_id,
        ),
    )
    amount = line.price - line.discount
    payment.lines.append(CounterLine(line_id, appointment_id, amount, discount=line.discount))


def note_debit(counter: Counter, debit: HandDebit, paying: Mapping[UUID, UUID]) -> None:
    """Note which memberships pay which lines; money pays what was asked for beside them."""
    assert debit.sale_id, "it is a debit of a sale"
    sale = counter.sales[debit.sale_id]
    for line in _lines(sale, debit.line_ids):
        _, line_id = line.visited
        if line_id in paying:
            line.membership_id = paying[line_id]
        elif sale.state is State.DEBITING:
            charge(counter, sale, line)


def show_debit(counter: Counter, debit: HandDebit) -> list[Outcome]:
    """Note that the bill shows a debit; that of a sale that was refused meanwhile is undone."""
    assert debit.sale_id, "it is a debit of a sale"
    sale = counter.sales[debit.sale_id]
    for line in _lines(sale, debit.line_ids):
        line.payer = Payer.MEMBERSHIP
    return list(_reversals(sale)) if sale.state is State.REFUSED else []


def issue(counter: Counter, sale_line_id: UUID, membership_id: UUID) -> list[Outcome]:
    """Note what was issued; that of a sale that was refused meanwhile is voided."""
    for sale in counter.sales.values():
        for line in sale.lines:
            if line.sale_line_id == sale_line_id and line.membership_id is None:
                line.membership_id = membership_id
                return [_void(sale, line)] if sale.state is State.REFUSED else []
    return []


def refuse_issue(counter: Counter, sale_line_id: UUID, reason: str) -> list[Outcome]:
    """Note that what is sold cannot be issued: nothing is sold."""
    for sale in counter.sales.values():
        if sale.state is State.ISSUING and any(
            line.sale_line_id == sale_line_id for line in sale.lines
        ):
            return refuse(counter, sale, Refusal.UNKNOWN, reason)
    return []


def show_page(sale: Sale, checkout_url: str) -> list[Outcome]:
    """Answer with the page where the client pays."""
    if sale.state is not State.OPENING:
        return []
    sale.state, sale.checkout_url = State.AWAITING_PAYMENT, checkout_url
    sale.is_answered = True
    return [SaleAnswered(sale.command_id, sale, is_new=True)]


def receive(sale: Sale) -> list[Outcome]:
    """Note that the client has paid."""
    if sale.state not in {State.OPENING, State.AWAITING_PAYMENT}:
        return []
    return _sell_memberships(sale)


def lose(counter: Counter, sale: Sale) -> list[Outcome]:
    """Note that the client has not paid in time."""
    if sale.state not in {State.OPENING, State.AWAITING_PAYMENT}:
        return []
    return refuse(counter, sale, Refusal.CONFLICT, "It could not be paid online.")


def _debited(counter: Counter, sale: Sale) -> list[Outcome]:
    if any(line.payer is Payer.ASKED for line in sale.lines):
        return []
    sale.state = State.CLAIMING
    payment = counter.payments.get(sale.counter_payment_id)
    return [] if payment is None else list(claims(counter, payment))


def _claimed(counter: Counter, sale: Sale) -> list[Outcome]:
    payment = counter.payments.get(sale.counter_payment_id)
    if payment is not None:
        if any(line.claim is Claim.ASKED for line in payment.lines):
            return []
        if not is_due(counter, payment):
            detail = "The visit has changed meanwhile: look at its bill again."
            return refuse(counter, sale, Refusal.CONFLICT, detail)
    if sale.method == "online" and sale.to_pay > 0:
        sale.state, sale.payment_id = State.OPENING, sale.online_payment_id
        return [PageWanted(sale)]
    return _sell_memberships(sale)


def _sell_memberships(sale: Sale) -> list[Outcome]:
    sale.state = State.ISSUING
    return [IssueWanted(sale, line) for line in sale.of_kind(Kind.MEMBERSHIP)]


def _issued(counter: Counter, sale: Sale) -> list[Outcome]:
    if any(line.membership_id is None for line in sale.of_kind(Kind.MEMBERSHIP)):
        return []
    sale.state = State.COMPLETED
    payment = counter.payments.get(sale.counter_payment_id)
    if payment is not None:
        payment.state = PaymentState.TAKEN
        show_payments(counter, {line.appointment_id for line in payment.lines})
    if sale.is_answered:
        return []
    sale.is_answered = True
    return [SaleAnswered(sale.command_id, sale, is_new=True)]


def _reversals(sale: Sale) -> Iterator[ReversalWanted]:
    """Give back, once, what sessions paid."""
    paid: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for line in sale.of_kind(Kind.VISIT):
        if line.payer is Payer.MEMBERSHIP:
            line.payer = Payer.MONEY
            appointment_id, line_id = line.visited
            paid[appointment_id].append(line_id)
    for appointment_id, line_ids in paid.items():
        reversal_id = uuid5(sale.sale_id, f"undo/{line_ids[0]}")
        yield ReversalWanted(reversal_id, appointment_id, tuple(line_ids))


def _void(sale: Sale, line: SaleLine) -> VoidWanted:
    assert line.membership_id, "it was issued"
    return VoidWanted(uuid5(line.sale_line_id, "undo"), sale, line.membership_id)


def _lines(sale: Sale, line_ids: tuple[UUID, ...]) -> Iterator[SaleLine]:
    return (line for line in sale.of_kind(Kind.VISIT) if line.line_id in line_ids)


_Step: TypeAlias = Callable[[Counter, Sale], list[Outcome]]
_STEPS: Final[Mapping[State, _Step]] = {
    State.DEBITING: _debited,
    State.CLAIMING: _claimed,
    State.ISSUING: _issued,
    State.REFUNDING: refunding.go_on,
}
