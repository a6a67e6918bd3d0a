"""What messages mean at the counter: commands about visits, and what membership answers."""

from collections.abc import Iterator
from typing import TypeAlias

from contracts.base import Message
from contracts.membership import ClaimRefused, DebitRefused, LinesClaimed, LinesDebited
from contracts.sales import DebitVisit, TakePayment, UndoPayment
from messaging import Delivery
from sales.commands.counter import Asked, ClaimAnswered, DebitAnswered, Said
from sales.domain.counter.wishes import Debit, Take, Undo, Wish
from web import Principal

VisitCommand: TypeAlias = TakePayment | UndoPayment | DebitVisit


def asked(delivery: Delivery[Message], command: VisitCommand, principal: Principal) -> Asked:
    """Return what a principal asks for."""
    return Asked(
        command_id=delivery.id,
        visit_id=command.visit_id,
        location_id=command.location_id,
        may_reach=principal.reaches,
        wish=_wish(delivery, command),
    )


def answers(message: Message) -> Iterator[Said]:
    """Give what membership answers to sales."""
    match message:
        case LinesClaimed():
            yield ClaimAnswered(message.claim_id)
        case ClaimRefused():
            yield ClaimAnswered(message.claim_id, message.debited_line_ids, is_granted=False)
        case LinesDebited():
            paying = {line.line_id: line.membership_id for line in message.lines}
            yield DebitAnswered(message.debit_id, message.settlement_revision, paying)
        case DebitRefused():
            reasons = tuple(reason.model_dump(mode="json") for reason in message.reasons)
            yield DebitAnswered(message.debit_id, reasons=reasons)
        case _:
            pass


def _wish(delivery: Delivery[Message], command: VisitCommand) -> Wish:
    match command:
        case TakePayment(payment=form):
            return Take(command.payment_id, form.line_ids, form.method, delivery.effective_at)
        case UndoPayment():
            return Undo(command.payment_id)
        case DebitVisit(debit=form):
            return Debit(command.debit_id, form.line_ids, form.membership_id)
