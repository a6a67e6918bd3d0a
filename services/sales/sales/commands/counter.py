"""Take money at the counter, give it back, and let sessions be debited by hand."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from uuid import UUID

from clocks import Clocks, Times
from messaging import Work
from postgres import Transaction
from sales import announcements
from sales.commands import healing, sales
from sales.commands.healing import HealingWanted
from sales.commands.sales import SaleSaid
from sales.domain.counter import deciding
from sales.domain.counter.debits import HandDebit
from sales.domain.counter.payments import ClaimGivenUp, ClaimWanted, CounterLine, CounterPayment
from sales.domain.counter.state import Counter
from sales.domain.counter.wishes import (
    Answered,
    Debit,
    DebitWanted,
    Declined,
    Outcome,
    Reasons,
    Refusal,
    Take,
    Wish,
)
from sales.domain.healings import Healing
from sales.domain.sales.outcomes import ReversalWanted
from sales.domain.visits import Visit
from sales.store import counter as store
from sales.store import documents
from sales.store import healings as healing_store
from sales.store.counter import Reach

follow_up = deciding.follow_up


@dataclass(frozen=True, slots=True)
class Asked:
    """A command about a visit; `may_reach` tells whether the chain and location are the asker's."""

    command_id: UUID
    visit_id: UUID
    location_id: UUID
    may_reach: Callable[[UUID, UUID], bool]
    wish: Wish


@dataclass(frozen=True, slots=True)
class ClaimAnswered:
    """Membership leaves lines to a payment, or has `debited` some already."""

    claim_id: UUID
    debited: tuple[UUID, ...] = ()
    is_granted: bool = True


@dataclass(frozen=True, slots=True)
class DebitAnswered:
    """Membership has debited, as a settlement says; or it cannot, for these `reasons`.

    `paying` are the memberships by line.
    """

    debit_id: UUID
    settlement_revision: int | None = None
    paying: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    reasons: Reasons | None = None


CounterSaid: TypeAlias = Asked | ClaimAnswered | DebitAnswered
Said: TypeAlias = CounterSaid | SaleSaid | HealingWanted


def of_counter(said: Iterable[Said]) -> list[CounterSaid]:
    """Return what is said of payments and debits alone."""
    return [step for step in said if isinstance(step, Asked | ClaimAnswered | DebitAnswered)]


def of_sales(said: Iterable[Said]) -> list[SaleSaid]:
    """Return what is said of sales."""
    others = (Asked, ClaimAnswered, DebitAnswered, HealingWanted)
    return [step for step in said if not isinstance(step, others)]


def of_healings(said: Iterable[Said]) -> list[HealingWanted]:
    """Return the healings that are asked for."""
    return [step for step in said if isinstance(step, HealingWanted)]


@dataclass(frozen=True, slots=True)
class Known:
    """Payments, debits and sales as they were."""

    payments: Mapping[UUID, CounterPayment]
    debits: Mapping[UUID, HandDebit]
    sales: sales.Known
    healings: Mapping[UUID, Healing]


async def reach(transaction: Transaction, said: Collection[CounterSaid]) -> Reach:
    """Return what has to be locked for what is said of payments and debits."""
    names = {_name(step) for step in said}
    found = await store.reach(transaction, names) if names else Reach()
    found.visit_ids |= {step.visit_id for step in said if isinstance(step, Asked)}
    return found


def snapshot(counter: Counter) -> Known:
    """Return payments, debits and sales as they are now, to tell later what has changed."""
    return Known(
        {
            each.payment_id: replace(each, lines=[replace(line) for line in each.lines])
            for each in counter.payments.values()
        },
        {each.debit_id: replace(each) for each in counter.debits.values()},
        sales.snapshot(counter.sales.values()),
        {each.settlement_id: deepcopy(each) for each in counter.healings.values()},
    )


async def decide(
    work: Work, clocks: Clocks, counter: Counter, said: Sequence[tuple[UUID, Said]]
) -> list[tuple[UUID, Outcome]]:
    """Decide what is said, one after the other; return what follows, and from which message."""
    if not said:
        return []
    steps = [step for _, step in said]
    chains = {visit.owner.chain_id for visit in counter.visits.by_id.values()}
    times = await clocks.read(work.transaction, chains | sales.chains(steps))
    outcomes: list[tuple[UUID, Outcome]] = []
    for cause, step in said:
        match step:
            case Asked():
                outcomes += [(cause, each) for each in _fulfil(counter, times, step)]
            case ClaimAnswered() | DebitAnswered():
                outcomes += [(cause, each) for each in _note(counter, step)]
            case HealingWanted():
                outcomes += [(cause, each) for each in healing.decide(counter, times, step)]
            case _:
                outcomes += [(cause, each) for each in sales.decide(counter, times, step)]
    return outcomes


def _fulfil(counter: Counter, times: Times, asked: Asked) -> Sequence[Outcome]:
    visit = counter.visits.by_id.get(asked.visit_id)
    if visit is None or not _is_seen(visit, asked):
        detail = f"There is no visit {asked.visit_id} here."
        return [Declined(asked.command_id, Refusal.UNKNOWN, detail)]
    wish = asked.wish
    if isinstance(wish, Take):
        wish = replace(wish, at=times.at(visit.owner.chain_id, wish.at))
    return deciding.fulfil(counter, visit, asked.command_id, wish)


def _note(counter: Counter, answer: ClaimAnswered | DebitAnswered) -> Sequence[Outcome]:
    match answer:
        case ClaimAnswered() if answer.is_granted:
            return deciding.grant(counter, answer.claim_id)
        case ClaimAnswered():
            return deciding.deny(counter, answer.claim_id, answer.debited)
        case DebitAnswered(reasons=None):
            deciding.note_debit(counter, answer.debit_id, answer.settlement_revision, answer.paying)
            return []
        case DebitAnswered(reasons=reasons):
            return deciding.refuse_debit(counter, answer.debit_id, reasons or ())


async def save(transaction: Transaction, counter: Counter, known: Known) -> None:
    """Write the sales, payments and debits that are not as they were known.

    A payment's other lines may be at visits that are not locked, and stay as they are.
    """
    await sales.save(transaction, counter, known.sales)
    healings = [
        each for each in counter.healings.values() if known.healings.get(each.settlement_id) != each
    ]
    if healings:
        await healing_store.save(transaction, healings)
    payments = [
        each for each in counter.payments.values() if known.payments.get(each.payment_id) != each
    ]
    if payments:
        lines = [
            (each, line)
            for each in payments
            for line in each.lines
            if not _is_known(known, each, line)
        ]
        await store.save_payments(transaction, payments, lines)
    debits = [each for each in counter.debits.values() if known.debits.get(each.debit_id) != each]
    if debits:
        await store.save_debits(transaction, debits)


async def say(work: Work, counter: Counter, outcomes: Sequence[tuple[UUID, Outcome]]) -> None:
    """Tell membership, and answer who asked."""
    plans = await documents.load(work.transaction, told) if (told := set(_told(outcomes))) else {}
    for cause, outcome in outcomes:
        match outcome:
            case ClaimWanted():
                home = counter.visits.home_of(outcome.appointment_id)
                assert home is not None, "lines are claimed at visits that are locked"
                plan = plans.get(outcome.appointment_id)
                work.publish(announcements.claim_wanted(outcome, home, plan), cause=cause)
            case ClaimGivenUp():
                plan = plans[outcome.appointment_id]
                work.publish(announcements.claim_given_up(outcome, plan), cause=cause)
            case DebitWanted(debit=debit):
                wanted = announcements.debit_wanted(debit, plans[debit.appointment_id])
                work.publish(wanted, cause=cause)
            case Answered():
                _answer(work, counter, outcome)
            case Declined():
                work.refuse(outcome.command_id, announcements.declined(outcome))
            case _:
                sales.say(work, cause, outcome, plans)


def _answer(work: Work, counter: Counter, answered: Answered) -> None:
    visit = counter.visits.by_id[answered.visit_id]
    bill = visit.bill()
    assert bill is not None, "a visit with lines has a bill"
    view = announcements.bill_view(visit, bill, counter.payments.values())
    status = 201 if answered.is_new else 200
    work.conclude(answered.command_id, view.model_dump(mode="json"), status=status)


def _told(outcomes: Sequence[tuple[UUID, Outcome]]) -> Iterator[UUID]:
    """Give the appointments whose plans membership is told."""
    for _, outcome in outcomes:
        match outcome:
            case (
                ClaimGivenUp(appointment_id=appointment_id)
                | ReversalWanted(appointment_id=appointment_id)
            ):
                yield appointment_id
            case DebitWanted(debit=debit):
                yield debit.appointment_id
            case ClaimWanted(appointment_id=appointment_id):
                yield appointment_id
            case _:
                pass


def _name(step: CounterSaid) -> UUID:
    """Return the id of the payment, claim or debit that a step is about."""
    match step:
        case Asked(wish=wish):
            return wish.debit_id if isinstance(wish, Debit) else wish.payment_id
        case ClaimAnswered(claim_id=claim_id):
            return claim_id
        case DebitAnswered(debit_id=debit_id):
            return debit_id


def _is_seen(visit: Visit, asked: Asked) -> bool:
    owner = visit.owner
    is_there = owner.location_id == asked.location_id
    return is_there and asked.may_reach(owner.chain_id, asked.location_id)


def _is_known(known: Known, payment: CounterPayment, line: CounterLine) -> bool:
    before = known.payments.get(payment.payment_id)
    return before is not None and before.state is payment.state and line in before.lines
