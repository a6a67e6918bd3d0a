"""Make sales, and take them on with what membership answers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias
from uuid import UUID

from clocks import Times
from messaging import Work
from postgres import Transaction
from sales import announcements
from sales.domain.counter.state import Counter
from sales.domain.counter.wishes import Healed, Outcome
from sales.domain.sales import making, refunding
from sales.domain.sales.outcomes import (
    IssueWanted,
    MoneyBack,
    PageWanted,
    ReversalWanted,
    SaleAnswered,
    SaleOutcome,
    VoidWanted,
)
from sales.domain.sales.placing import Order, place
from sales.domain.sales.refunding import Claimback
from sales.domain.sales.sale import Sale
from sales.store import sales as store
from sales.store.counter import Reach


@dataclass(frozen=True, slots=True)
class Placed:
    """A sale is asked for."""

    order: Order


@dataclass(frozen=True, slots=True)
class Issued:
    """A membership that was sold exists; without an id it cannot be issued, for this `reason`."""

    sale_line_id: UUID
    membership_id: UUID | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """A sale is to be refunded."""

    claimback: Claimback


@dataclass(frozen=True, slots=True)
class Voided:
    """A membership that was sold is voided; or kept, for sessions are `used` or `held`."""

    void_id: UUID
    membership_id: UUID
    is_kept: bool = False
    used: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Reversed:
    """Debits of an appointment are given back, as this revision of its settlement says."""

    reversal_id: UUID
    visit_id: UUID
    appointment_id: UUID
    settlement_revision: int | None


@dataclass(frozen=True, slots=True)
class PaymentChanged:
    """What became of the online payment of a sale; with a `checkout_url` it can be paid there."""

    sale_id: UUID
    is_paid: bool
    is_lost: bool
    checkout_url: str | None


SaleSaid: TypeAlias = Placed | Issued | RefundAsked | Voided | Reversed | PaymentChanged
Known: TypeAlias = Mapping[UUID, Sale]


async def reach(
    transaction: Transaction, said: Collection[SaleSaid], appointment_ids: Collection[UUID]
) -> tuple[set[UUID], Reach]:
    """Return the sales that are spoken of, or pay these appointments, and what to lock for them."""
    reversed_ids = {step.appointment_id for step in said if isinstance(step, Reversed)}
    places = reversed_ids.union(appointment_ids)
    sale_ids, found = await store.reach(transaction, {_name(step) for step in said}, places)
    for step in said:
        if isinstance(step, Placed) and step.order.sale.visit_id is not None:
            found.visit_ids.add(step.order.sale.visit_id)
        if isinstance(step, Reversed):
            found.appointments[step.appointment_id] = step.visit_id
    return sale_ids, found


def snapshot(sales: Iterable[Sale]) -> Known:
    """Return sales as they are now, to tell later which have changed."""
    return {
        sale.sale_id: replace(sale, lines=[replace(line) for line in sale.lines]) for sale in sales
    }


def chains(said: Collection[object]) -> set[UUID]:
    """Return the chains in which something is sold."""
    return {step.order.sale.chain_id for step in said if isinstance(step, Placed)}


def buyers(said: Collection[object]) -> set[UUID]:
    """Return the clients to whom lines of a visit are sold."""
    orders = (step.order for step in said if isinstance(step, Placed))
    return {order.sale.client_id for order in orders if order.sale.visit_id is not None}


def decide(counter: Counter, times: Times, step: SaleSaid) -> list[Outcome]:
    """Do what is asked for, dated by the clock of its chain; or note what is answered."""
    match step:
        case Placed(order=order):
            order.sale.sold_at = times.at(order.sale.chain_id, order.sale.sold_at)
            return place(counter, order)
        case RefundAsked(claimback=claimback):
            return refunding.ask_refund(counter, claimback)
        case PaymentChanged():
            return _follow(counter, step)
        case _:
            return _hear(counter, step)


def _follow(counter: Counter, changed: PaymentChanged) -> list[Outcome]:
    sale = counter.sales[changed.sale_id]
    if changed.is_paid:
        return making.receive(sale)
    if changed.is_lost:
        return making.lose(counter, sale)
    return [] if changed.checkout_url is None else making.show_page(sale, changed.checkout_url)


def _hear(counter: Counter, step: Issued | Voided | Reversed) -> list[Outcome]:
    match step:
        case Issued(membership_id=UUID() as membership_id):
            return making.issue(counter, step.sale_line_id, membership_id)
        case Issued():
            return making.refuse_issue(counter, step.sale_line_id, step.reason)
        case Voided(void_id=void_id, membership_id=membership_id, is_kept=True):
            return refunding.refuse_void(counter, void_id, membership_id, step.used, step.held)
        case Voided():
            refunding.note_void(counter, step.void_id, step.membership_id)
        case Reversed():
            refunding.note_reversal(counter, step.reversal_id, step.settlement_revision)
    return []


async def save(transaction: Transaction, counter: Counter, known: Known) -> None:
    """Write the sales that are not as they were known."""
    changed = [sale for sale in counter.sales.values() if known.get(sale.sale_id) != sale]
    if changed:
        await store.save(transaction, changed)


def say(
    work: Work,
    cause: UUID,
    outcome: SaleOutcome | Healed,
    plans: Mapping[UUID, str],
) -> None:
    """Tell membership, and answer who asked; `plans` are those of appointments."""
    match outcome:
        case IssueWanted(sale=sale, line=line):
            work.publish(announcements.membership_sold(sale, line), cause=cause)
        case VoidWanted():
            work.publish(announcements.void_wanted(outcome), cause=cause)
        case ReversalWanted():
            plan = plans[outcome.appointment_id]
            work.publish(announcements.reversal_wanted(outcome, plan), cause=cause)
        case Healed(healing=healing):
            view = announcements.settled_visits(healing).model_dump(mode="json")
            work.conclude(healing.command_id, view)
        case PageWanted() | MoneyBack():
            pass  # the payment of a sale is kept with the others
        case SaleAnswered(sale=sale):
            view = announcements.sale_view(sale).model_dump(mode="json")
            work.conclude(outcome.command_id, view, status=201 if outcome.is_new else 200)


def _name(step: SaleSaid) -> UUID:
    """Return the id by which a sale is found."""
    match step:
        case Placed(order=order):
            return order.sale.sale_id
        case Issued(sale_line_id=sale_line_id):
            return sale_line_id
        case RefundAsked(claimback=claimback):
            return claimback.sale_id
        case Voided(membership_id=membership_id):
            return membership_id
        case Reversed(appointment_id=appointment_id):
            return appointment_id
        case PaymentChanged(sale_id=sale_id):
            return sale_id
