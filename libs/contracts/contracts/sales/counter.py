"""Payments at the counter, and debits by hand."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Command, Form


class PaymentForm(Form):
    """Money taken at the counter for lines of a visit, or for all that it owes."""

    line_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    method: Literal["cash", "card"] = "cash"


class TakePayment(Command):
    """Take money for a visit; a line is paid once (rule A16)."""

    type: ClassVar[str] = "sales.take_payment.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    visit_id: UUID
    location_id: UUID
    payment: PaymentForm


class UndoPayment(Command):
    """Give money back; before the start the lines are planned to be debited again (rule A16)."""

    type: ClassVar[str] = "sales.undo_payment.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    visit_id: UUID
    location_id: UUID


class DebitForm(Form):
    """Lines of a visit that a session shall pay, by hand; without ids all that it owes.

    Without a `membership_id` the order of rule A5 decides.
    """

    line_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    membership_id: UUID | None = None


class DebitVisit(Command):
    """Pay lines of a visit with sessions, by hand (rule A13)."""

    type: ClassVar[str] = "sales.debit_visit.v1"
    subject: ClassVar[str] = "debit_id"

    debit_id: UUID
    visit_id: UUID
    location_id: UUID
    debit: DebitForm


class UnpaidVisitsForm(Form):
    """Which lines that were not debited a membership shall pay now; without ids all that it can."""

    line_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()


class SettleUnpaidVisits(Command):
    """Let a membership pay visits of its clients that were not debited, in one step (A13)."""

    type: ClassVar[str] = "sales.settle_unpaid_visits.v1"
    subject: ClassVar[str] = "settlement_id"

    settlement_id: UUID
    membership_id: UUID
    chain_id: UUID
    location_id: UUID
    client_ids: tuple[UUID, ...]
    unpaid: UnpaidVisitsForm
