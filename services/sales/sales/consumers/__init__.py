"""Kafka in: memberships to sell, payments to take, and what visits are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from clocks import Clocks
from contracts.base import Message
from contracts.booking import ClientsMerged, TestClockSet
from contracts.reply import Problem
from contracts.sales import (
    DebitVisit,
    MakeSale,
    RefundSale,
    SettleUnpaidVisits,
    TakePayment,
    UndoPayment,
)
from messaging import Delivery, Work
from sales.commands import bills, payments
from sales.commands.clocks import ClockSetting, set_clocks
from sales.commands.counter import Said
from sales.commands.heard import Heard
from sales.commands.payments import Step
from sales.consumers.access import admitted, out_of_reach
from sales.consumers.counter import VisitCommand, answers, asked
from sales.consumers.online import steps
from sales.consumers.selling import SaleCommand, about_sales, wanted
from sales.consumers.visits import heard
from sales.store import clients


@dataclass(slots=True)
class _Batch:
    """What a batch says, by what it is about."""

    clocks: list[TestClockSet] = field(default_factory=list[TestClockSet])
    merged: list[ClientsMerged] = field(default_factory=list[ClientsMerged])
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
                MakeSale()
                | RefundSale()
                | SettleUnpaidVisits()
                | TakePayment()
                | UndoPayment()
                | DebitVisit()
            ) as command:
                problem = _admit(batch, delivery, command, verify_key)
                if problem is not None:
                    work.refuse(delivery.id, problem)
            case body:
                _sort(batch, delivery.id, body)
    await set_clocks(work, clocks, [_setting(said) for said in batch.clocks])
    for each in batch.merged:
        await clients.merge(work.transaction, each.client_id, each.merged_client_ids)
    # Payments are locked before bills, here and wherever both are.
    followed = await payments.keep(work, clocks, batch.steps)
    heard_of = [*batch.heard, *followed.heard]
    await bills.keep(work, clocks, heard_of, [*followed.said, *batch.said])


def _admit(
    batch: _Batch,
    delivery: Delivery[Message],
    command: SaleCommand | VisitCommand,
    verify_key: str,
) -> Problem | None:
    principal = admitted(delivery, verify_key)
    if isinstance(principal, Problem):
        return principal
    match command:
        case MakeSale() | RefundSale() | SettleUnpaidVisits():
            problem = out_of_reach(principal, command)
            if problem is not None:
                return problem
            batch.said.append((delivery.id, wanted(delivery, command, principal)))
        case _:
            batch.said.append((delivery.id, asked(delivery, command, principal)))
    return None


def _sort(batch: _Batch, cause: UUID, message: Message) -> None:
    match message:
        case TestClockSet():
            batch.clocks.append(message)
        case ClientsMerged():
            batch.merged.append(message)
        case _:
            batch.steps += [(cause, step) for step in steps(message)]
            batch.heard += heard(cause, message)
            batch.said += [(cause, answer) for answer in answers(message)]
            batch.said += [(cause, answer) for answer in about_sales(message)]


def _setting(said: TestClockSet) -> ClockSetting:
    return ClockSetting(said.chain_id, said.revision, timedelta(seconds=said.offset_seconds))
