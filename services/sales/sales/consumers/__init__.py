"""Kafka in: memberships to sell, payments to take, and what visits are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from clocks import Clocks
from contracts.base import Message
from contracts.booking import TestClockSet
from contracts.reply import Problem
from contracts.sales import DebitVisit, MakeSale, RefundSale, TakePayment, UndoPayment
from messaging import Delivery, Work
from sales.commands import bills, payments
from sales.commands.bills import Heard
from sales.commands.clocks import ClockSetting, set_clocks
from sales.commands.counter import Said
from sales.commands.payments import Step
from sales.commands.sales import Placed, RefundAsked
from sales.consumers.access import admitted, out_of_reach
from sales.consumers.counter import VisitCommand, answers, asked
from sales.consumers.online import steps
from sales.consumers.selling import about_sales, claimback, order
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
            case (
                MakeSale() | RefundSale() | TakePayment() | UndoPayment() | DebitVisit()
            ) as command:
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
    command: MakeSale | RefundSale | VisitCommand,
    verify_key: str,
) -> Problem | None:
    principal = admitted(delivery, verify_key)
    if isinstance(principal, Problem):
        return principal
    match command:
        case MakeSale() | RefundSale():
            problem = out_of_reach(principal, command)
            if problem is not None:
                return problem
            batch.said.append((delivery.id, _wanted(delivery, command)))
        case _:
            batch.said.append((delivery.id, asked(delivery, command, principal)))
    return None


def _wanted(delivery: Delivery[Message], command: MakeSale | RefundSale) -> Said:
    if isinstance(command, RefundSale):
        return RefundAsked(claimback(delivery.id, command))
    return Placed(order(delivery.id, command, delivery.effective_at))


def _sort(batch: _Batch, cause: UUID, message: Message) -> None:
    match message:
        case TestClockSet():
            batch.clocks.append(message)
        case _:
            batch.steps += [(cause, step) for step in steps(message)]
            batch.heard += heard(cause, message)
            batch.said += [(cause, answer) for answer in answers(message)]
            batch.said += [(cause, answer) for answer in about_sales(message)]


def _setting(said: TestClockSet) -> ClockSetting:
    return ClockSetting(said.chain_id, said.revision, timedelta(seconds=said.offset_seconds))
