"""Take online payments: ask the provider for them, and say what became of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from uuid import UUID

from clocks import Clocks, Times
from contracts.base import derive_id
from messaging import Work
from sales import announcements
from sales.commands.heard import Heard
from sales.commands.sales import PaymentChanged
from sales.domain import payments as domain
from sales.domain.facts import Receipt
from sales.domain.payments import Errand, Outcome, Payment, State
from sales.store import errands
from sales.store import payments as store
from sales.store.errands import NewErrand


@dataclass(frozen=True, slots=True)
class Requested:
    """A booking waits for this payment."""

    payment: Payment


@dataclass(frozen=True, slots=True)
class Refused:
    """A booking does not stand."""

    booking_id: UUID


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An appointment of a booking ended without charge."""

    booking_id: UUID
    appointment_id: UUID


@dataclass(frozen=True, slots=True)
class ProviderSaid:
    """What became of a payment."""

    payment_id: UUID
    kind: Literal["paid", "expired", "failed", "refunded"]
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Lines of a sale are refunded."""

    sale_id: UUID
    line_ids: tuple[UUID, ...]


Step: TypeAlias = Requested | Refused | Cancelled | ProviderSaid | GivenBack


@dataclass(frozen=True, slots=True)
class Followed:
    """What payments mean for bills, and for sales."""

    heard: list[Heard] = field(default_factory=list[Heard])
    said: list[tuple[UUID, PaymentChanged]] = field(
        default_factory=list[tuple[UUID, PaymentChanged]]
    )


@dataclass(slots=True)
class Decided:
    """What was decided about locked payments, in order, and because of which message."""

    touched: dict[UUID, Payment] = field(default_factory=dict[UUID, Payment])
    outcomes: list[tuple[UUID, Payment, Outcome]] = field(
        default_factory=list[tuple[UUID, Payment, Outcome]]
    )

    def add(self, cause: UUID, payment: Payment, outcomes: Sequence[Outcome]) -> None:
        """Note what follows for a payment from `cause`."""
        self.touched[payment.payment_id] = payment
        self.outcomes += [(cause, payment, outcome) for outcome in outcomes]


async def keep(work: Work, clocks: Clocks, steps: Sequence[tuple[UUID, Step]]) -> Followed:
    """Take these steps, each with the message that says it; return what follows elsewhere."""
    if not steps:
        return Followed()
    refused = {step.booking_id for _, step in steps if isinstance(step, Refused)}
    if refused:
        await store.note_refused(work.transaction, refused)
    new = [step.payment for _, step in steps if isinstance(step, Requested)]
    if new:
        await store.insert(work.transaction, new)
    payments = await store.lock_and_load(work.transaction, {_name(step) for _, step in steps})
    times = await clocks.read(work.transaction, {each.owner.chain_id for each in payments})
    named = {each.booking_id: each for each in payments}
    named |= {each.payment_id: each for each in payments}
    decided = Decided()
    # Stably sorted: a payment is asked for before anything becomes of it.
    for cause, step in sorted(steps, key=lambda pair: not isinstance(pair[1], Requested)):
        payment = named.get(_name(step))
        if payment is not None:  # most bookings have none, and others may use the same provider
            decided.add(cause, payment, _decide(work, times, payment, step))
    await _hear_provider(work, [step for _, step in steps if isinstance(step, ProviderSaid)])
    return await conclude(work, times, decided)


async def conclude(work: Work, times: Times, decided: Decided) -> Followed:
    """Save what was decided, say it, and send the errands; return what follows elsewhere."""
    if not decided.touched:
        return Followed()
    await store.save(work.transaction, decided.touched.values())
    new = [
        _errand(payment, outcome)
        for _, payment, outcome in decided.outcomes
        if isinstance(outcome, Errand)
    ]
    if new:
        await errands.insert(work.transaction, new)
    for cause, payment, outcome in decided.outcomes:
        received_at = times.at(payment.owner.chain_id, work.now)
        message = announcements.payment_outcome(payment, outcome, received_at)
        if message is not None:
            work.publish(message, cause=cause)
    return Followed(
        [heard for payment in decided.touched.values() for heard in _receipts(payment)],
        [
            (derive_id(payment.payment_id, "changed", payment.state), _changed(payment))
            for payment in decided.touched.values()
            if payment.sale_id is not None
        ],
    )


def closing_id(payment_id: UUID) -> UUID:
    """Return the id of the errand that closes a payment's page."""
    return derive_id(payment_id, domain.ErrandKind.CLOSE)


def _name(step: Step) -> UUID:
    """Return the id of the payment, or of its booking, that a step is about."""
    match step:
        case Requested(payment=payment):
            return payment.payment_id
        case ProviderSaid(payment_id=payment_id):
            return payment_id
        case Refused(booking_id=booking_id) | Cancelled(booking_id=booking_id):
            return booking_id
        case GivenBack(sale_id=sale_id):
            return sale_id


def _decide(work: Work, times: Times, payment: Payment, step: Step) -> list[Outcome]:
    match step:
        case Requested():
            closes_at = payment.expires_at - times.of(payment.owner.chain_id)
            return domain.ask(payment, closes_at=closes_at, now=work.now)
        case Refused():
            return domain.refuse(payment)
        case Cancelled(appointment_id=appointment_id):
            return domain.cancel(payment, appointment_id)
        case GivenBack(line_ids=line_ids):
            return domain.give_back_lines(payment, line_ids)
        case ProviderSaid():
            return _hear(payment, step)


def _hear(payment: Payment, said: ProviderSaid) -> list[Outcome]:
    match said.kind:
        case "paid":
            return domain.receive(payment, said.amount, said.currency)
        case "expired":
            return domain.fail(payment, State.EXPIRED, "expired")
        case "failed":
            return domain.fail(payment, State.FAILED, "failed")
        case "refunded":
            return []  # the errand of the refund learns it


async def _hear_provider(work: Work, said: Collection[ProviderSaid]) -> None:
    closed = [each.payment_id for each in said if each.kind != "refunded"]
    if closed:
        await errands.withdraw_closing(work.transaction, closed)
    given_back = [each.payment_id for each in said if each.kind == "refunded"]
    if given_back:
        await errands.hurry_refunds(work.transaction, given_back)


def _errand(payment: Payment, errand: Errand) -> NewErrand:
    # A line is given back once, so the first one of a refund names it.
    subject = errand.line_ids[0] if errand.line_ids else ""
    return NewErrand(
        errand_id=derive_id(payment.payment_id, errand.kind, subject),
        payment_id=payment.payment_id,
        kind=errand.kind,
        line_ids=errand.line_ids,
        amount=errand.amount,
        due_at=errand.due_at,
    )


def _changed(payment: Payment) -> PaymentChanged:
    assert payment.sale_id is not None, "it is of a sale"
    is_lost = payment.state in {State.FAILED, State.EXPIRED}
    is_open = payment.state is State.OPEN
    return PaymentChanged(
        sale_id=payment.sale_id,
        is_paid=payment.state in {State.PAID, State.REFUNDED},
        is_lost=is_lost,
        checkout_url=payment.checkout_url if is_open else None,
    )


def _receipts(payment: Payment) -> Iterator[Heard]:
    if payment.revision == 0 or payment.sale_id is not None:  # a sale pays at the counter
        return
    visits: Mapping[UUID, UUID] = {line.appointment_id: line.visit_id for line in payment.lines}
    for appointment_id, amounts in domain.receipts(payment).items():
        yield Heard(
            derive_id(payment.payment_id, "receipt", payment.revision),
            visits[appointment_id],
            payment.owner,
            appointment_id,
            Receipt(payment.revision, amounts),
        )
