"""How a sale is refunded, in part or whole: what can be refused is asked first.

Memberships that were sold are voided, then debits are reversed, and then the money goes back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid5

from sales.domain.counter.claiming import is_planned
from sales.domain.counter.payments import ClaimGivenUp, CounterPayment
from sales.domain.counter.payments import State as PaymentState
from sales.domain.counter.state import Counter, show_payments
from sales.domain.counter.wishes import Declined, Outcome, Refusal
from sales.domain.sales.outcomes import MoneyBack, ReversalWanted, SaleAnswered, VoidWanted
from sales.domain.sales.sale import Kind, Payer, Refund, Sale, SaleLine, State


@dataclass(frozen=True, slots=True)
class Claimback:
    """A refund that is asked for; without ids of all lines that were not refunded yet."""

    refund_id: UUID
    command_id: UUID
    sale_id: UUID
    location_id: UUID
    sale_line_ids: tuple[UUID, ...]


def ask_refund(counter: Counter, asked: Claimback) -> list[Outcome]:
    """Begin to refund a sale, or say why not."""
    sale = counter.sales.get(asked.sale_id)
    if sale is None or sale.location_id != asked.location_id:
        detail = f"There is no sale {asked.sale_id} here."
        return [Declined(asked.command_id, Refusal.UNKNOWN, detail)]
    if sale.state not in {State.COMPLETED, State.REFUNDED_PARTIALLY}:
        detail = f"The sale is {sale.state}: nothing of it can be given back."
        return [Declined(asked.command_id, Refusal.CONFLICT, detail)]
    named = set(asked.sale_line_ids)
    if unknown := named - {line.sale_line_id for line in sale.lines}:
        detail = f"The sale has no such lines: {', '.join(map(str, sorted(unknown)))}."
        return [Declined(asked.command_id, Refusal.INVALID, detail, field="sale_line_ids")]
    lines = [line for line in sale.lines if line.sale_line_id in named or not named]
    if named and any(line.refund is Refund.DONE for line in lines):
        return [Declined(asked.command_id, Refusal.CONFLICT, "It is refunded already.")]
    lines = [line for line in lines if line.refund is Refund.NONE]
    if sum(line.kind is Kind.MEMBERSHIP for line in lines) > 1:
        detail = "Refund one membership after the other: each may turn out to be in use."
        return [Declined(asked.command_id, Refusal.INVALID, detail, field="sale_line_ids")]
    sale.state = State.REFUNDING
    sale.refund_id, sale.refund_command_id = asked.refund_id, asked.command_id
    for line in lines:
        line.refund = Refund.ASKED
    return list(_voids(sale, lines))


def note_void(counter: Counter, void_id: UUID, membership_id: UUID) -> None:
    """Note that a membership is voided."""
    for _, line in _voiding(counter, void_id, membership_id):
        line.refund = Refund.GRANTED


def refuse_void(
    counter: Counter, void_id: UUID, membership_id: UUID, used: int, held: int
) -> list[Outcome]:
    """Note that a membership cannot be taken back, and say why nothing is refunded for it."""
    outcomes: list[Outcome] = []
    for sale, line in _voiding(counter, void_id, membership_id):
        line.refund = Refund.KEPT
        if sale.refund_command_id is not None:
            detail = "Sessions of a membership are used or held: it cannot be taken back."
            reason = {"membership_id": str(membership_id), "used": used, "held": held}
            declined = Declined(sale.refund_command_id, Refusal.CONFLICT, detail, (reason,))
            sale.refund_command_id = None
            outcomes.append(declined)
    return outcomes


def note_reversal(counter: Counter, reversal_id: UUID, revision: int | None) -> None:
    """Note that debits are reversed, as a settlement says that may be heard later."""
    for sale in counter.sales.values():
        for line in sale.lines:
            if line.refund is Refund.REVERSING and reversal_id == _reversal_id(sale, line):
                line.refund = Refund.GRANTED if revision is None else Refund.REVERSING
                line.reversal_revision = revision


def go_on(counter: Counter, sale: Sale) -> list[Outcome]:
    """Take the next step of a refund, when what it waits for is known."""
    lines = [line for line in sale.lines if line.refund not in {Refund.NONE, Refund.DONE}]
    if any(line.refund is Refund.ASKED and line.kind is Kind.MEMBERSHIP for line in lines):
        return []
    if any(line.refund is Refund.KEPT for line in lines):
        _give_up(sale, lines)
        return []
    outcomes: list[Outcome] = list(_reversals(counter, sale, lines))
    for line in lines:
        if line.refund is Refund.REVERSING and _shows(counter, line):
            line.refund = Refund.GRANTED
    if any(line.refund is Refund.REVERSING for line in lines):
        return outcomes
    outcomes += _conclude(counter, sale, lines)
    assert sale.refund_command_id is not None, "it was not answered yet"
    outcomes.append(SaleAnswered(sale.refund_command_id, sale))
    sale.refund_command_id = None
    return outcomes


def _give_up(sale: Sale, lines: Collection[SaleLine]) -> None:
    """Refund nothing: the membership, which is asked for before all else, is in use."""
    for line in lines:
        line.refund = Refund.NONE
    _settle(sale)


def _pay_back(sale: Sale, lines: Collection[SaleLine]) -> list[Outcome]:
    line_ids = tuple(line.sale_line_id for line in lines)
    return [MoneyBack(sale, line_ids)] if sale.payment_id is not None and line_ids else []


def _conclude(counter: Counter, sale: Sale, lines: Collection[SaleLine]) -> list[Outcome]:
    for line in lines:
        line.refund = Refund.DONE
    _settle(sale)
    payment = counter.payments.get(sale.counter_payment_id)
    outcomes = _pay_back(sale, lines)
    return outcomes if payment is None else [*outcomes, *_give_back(counter, payment, lines)]


def _settle(sale: Sale) -> None:
    done = [line.refund is Refund.DONE for line in sale.lines]
    sale.state = State.REFUNDED_PARTIALLY if any(done) else State.COMPLETED
    if all(done):
        sale.state = State.REFUNDED


def _give_back(
    counter: Counter, payment: CounterPayment, refunded: Collection[SaleLine]
) -> Iterator[ClaimGivenUp]:
    """Give back the money of lines of the visit; before the start they are planned again."""
    line_ids = {line.line_id for line in refunded}
    for line in payment.lines:
        if line.line_id in line_ids and not line.is_undone:
            line.is_undone = True
            if line.is_claimed and line.claim_id and is_planned(counter, line.appointment_id):
                yield ClaimGivenUp(line.claim_id, line.appointment_id)
    if all(line.is_undone for line in payment.lines):
        payment.state = PaymentState.UNDONE
    show_payments(counter, {line.appointment_id for line in payment.lines})


def _reversals(
    counter: Counter, sale: Sale, lines: Collection[SaleLine]
) -> Iterator[ReversalWanted]:
    """Ask for debits that still stand; one that was undone before has nothing to give back."""
    wanted: defaultdict[UUID, list[UUID]] = defaultdict(list)
    ids: dict[UUID, UUID] = {}
    for line in lines:
        if line.refund is Refund.ASKED and line.payer is Payer.MEMBERSHIP:
            appointment_id, line_id = line.visited
            appointment = counter.visits.find(appointment_id)
            if appointment and appointment.debits.get(line_id) == line.membership_id:
                line.refund = Refund.REVERSING
                wanted[appointment_id].append(line_id)
                ids[appointment_id] = _reversal_id(sale, line)
    for appointment_id, line_ids in wanted.items():
        yield ReversalWanted(ids[appointment_id], appointment_id, tuple(line_ids))


def _reversal_id(sale: Sale, line: SaleLine) -> UUID:
    assert sale.refund_id is not None, "it is being refunded"
    return uuid5(sale.refund_id, f"reversal/{line.appointment_id}")


def _shows(counter: Counter, line: SaleLine) -> bool:
    appointment_id, _ = line.visited
    appointment = counter.visits.find(appointment_id)
    settlement = appointment.settlement if appointment else None
    told = line.reversal_revision
    return settlement is not None and told is not None and settlement.revision >= told


def _voids(sale: Sale, lines: Collection[SaleLine]) -> Iterator[VoidWanted]:
    for line in lines:
        if line.kind is Kind.MEMBERSHIP:
            assert line.membership_id is not None, "it was issued"
            yield VoidWanted(_void_id(sale, line), sale, line.membership_id)


def _voiding(
    counter: Counter, void_id: UUID, membership_id: UUID
) -> Iterator[tuple[Sale, SaleLine]]:
    for sale in counter.sales.values():
        for line in sale.of_kind(Kind.MEMBERSHIP):
            is_meant = (line.membership_id, line.refund) == (membership_id, Refund.ASKED)
            if is_meant and _void_id(sale, line) == void_id:
                yield sale, line


def _void_id(sale: Sale, line: SaleLine) -> UUID:
    assert sale.refund_id is not None, "it is being refunded"
    return uuid5(sale.refund_id, f"void/{line.sale_line_id}")
