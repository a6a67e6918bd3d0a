"""Kafka in: memberships to sell, payments to take, and what visits are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from clocks import Clocks
from contracts.base import Message
from contracts.booking import TestClockSet
from contracts.membership import IssueRefused, MembershipIssued
from contracts.reply import Problem
from contracts.sales import DebitVisit, MakeSale, TakePayment, UndoPayment
from messaging import Delivery, Work
from sales.commands import bills, payments
from sales.commands.bills import Heard
from sales.commands.clocks import ClockSetting, set_clocks
from sales.commands.counter import Said
from sales.commands.payments import Step
from sales.commands.sales import Issued, Placed
from sales.consumers.access import admitted, out_of_reach
from sales.consumers.counter import VisitCommand, answers, asked
from sales.consumers.online import steps
from sales.consumers.selling import order
from sales.consumers.visits import heard


@dataclass(slots=True)
class _Batch:
    """What a batch says, by what it is about."""

    clocks: list[TestClockSet] = field(default_factory=list[TestClockSet])
    steps: list[tuple[UUID, Step]] = field(default_factory=list[tuple[UUID, Step]])
    heard: list[Heard] = field(default_factory=list[Heard])
    said: list[tuple[UUID, Said]] = field(default_factory=list[tuple[UUID, Said]])


async def handle(
    work: Work, deliveries: Sequence[Delivery[Message]], *, verify_key: str, clocks: Clocks
) -> None:
    """Sell, take payments and keep bills; whatever else is said on the topics is ignored."""
    batch = _Batch()
    for delivery in deliveries:
        match delivery.body:
            case MakeSale() | TakePayment() | UndoPayment() | DebitVisit() as command:
                problem = _admit(batch, delivery, command, verify_key)
                if problem is not None:
                    work.refuse(delivery.id, problem)
            case body:
                _sort(batch, delivery.id, body)
    await set_clocks(work, clocks, [_setting(said) for said in batch.clocks])
    # Payments are locked before bills, here and wherever both are.
    receipts = await payments.keep(work, clocks, batch.steps)
    await bills.keep(work, clocks, [*batch.heard, *receipts], batch.said)


def _admit(
    batch: _Batch,
    delivery: Delivery[Message],
    command: MakeSale | VisitCommand,
    verify_key: str,
) -> Problem | None:
    principal = admitted(delivery, verify_key)
    if isinstance(principal, Problem):
        return principal
    if isinstance(command, MakeSale):
        problem = out_of_reach(principal, command)
        if problem is None:
            batch.said.append(
                (delivery.id, Placed(order(delivery.id, command, delivery.effective_at)))
            )
        return problem
    batch.said.append((delivery.id, asked(delivery, command, principal)))
    return None


def _sort(batch: _Batch, cause: UUID, message: Message) -> None:
    match message:
        case MembershipIssued():
            batch.said.append((cause, Issued(message.sale_id, message.membership_id)))
        case IssueRefused():
            batch.said.append((cause, Issued(message.sale_id, None, message.reason)))
        case TestClockSet():
            batch.clocks.append(message)
        case _:
            batch.steps += [(cause, step) for step in steps(message)]
            batch.heard += heard(cause, message)
            batch.said += [(cause, answer) for answer in answers(message)]


def _setting(said: TestClockSet) -> ClockSetting:
    return ClockSetting(said.chain_id, said.revision, timedelta(seconds=said.offset_seconds))
