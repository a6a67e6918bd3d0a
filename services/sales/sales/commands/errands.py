"""Take over what the payment provider answered, once for each errand."""

from dataclasses import dataclass
from typing import TypeAlias

from clocks import Clocks
from messaging import Work
from sales.commands import bills
from sales.commands.payments import Decided, closing_id, conclude
from sales.domain import payments as domain
from sales.domain.payments import ErrandKind, Outcome, Payment, State
from sales.store import errands
from sales.store import payments as store
from sales.store.errands import Claimed


@dataclass(frozen=True, slots=True)
class Opened:
    """There is a checkout page."""

    session_id: str
    checkout_url: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody can pay at the page any more; nobody has."""


@dataclass(frozen=True, slots=True)
class Paid:
    """It could not be closed, because it was paid."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The money went back."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider will not do it, however often it is asked."""

    reason: str


Answer: TypeAlias = Opened | Closed | Paid | GivenBack | Declined


async def take_answer(work: Work, clocks: Clocks, errand: Claimed, answer: Answer) -> None:
    """Note what was answered and what follows; an errand that is done already changes nothing."""
    [payment] = await store.lock_and_load(work.transaction, [errand.payment_id])
    if not await errands.take(work.transaction, errand.errand_id):
        return
    problem = answer.reason if isinstance(answer, Declined) else None
    await errands.finish(work.transaction, errand.errand_id, problem=problem)
    if problem is not None and errand.kind is ErrandKind.OPEN:
        # There is nothing to close.
        await errands.finish(work.transaction, closing_id(payment.payment_id))
    times = await clocks.read(work.transaction, [payment.owner.chain_id])
    decided = Decided()
    decided.add(errand.errand_id, payment, _follows(payment, errand, answer))
    followed = await conclude(work, times, decided)
    await bills.keep(work, clocks, followed.heard, followed.said)


def _follows(payment: Payment, errand: Claimed, answer: Answer) -> list[Outcome]:
    match answer:
        case Opened(session_id=session_id, checkout_url=checkout_url):
            return domain.open_page(payment, session_id, checkout_url)
        case Closed():
            return domain.fail(payment, State.EXPIRED, "expired")
        case Paid(amount=amount, currency=currency):
            return domain.receive(payment, amount, currency)
        case GivenBack():
            return domain.note_refund(payment, errand.line_ids)
        case Declined(reason=reason) if errand.kind is ErrandKind.OPEN:
            return domain.fail(payment, State.FAILED, reason)
        case Declined():
            return []  # the errand's row keeps the reason
