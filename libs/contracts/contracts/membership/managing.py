"""What is done with issued memberships."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Command, Form

Status = Literal["issued", "active", "frozen", "used_up", "expired", "voided"]


class FreezeMembership(Command):
    """Freeze a membership: it is not debited automatically until it is unfrozen (rule A14)."""

    type: ClassVar[str] = "membership.freeze_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID


class UnfreezeMembership(Command):
    """Unfreeze a membership; its expiry date moves by the days that it was really frozen."""

    type: ClassVar[str] = "membership.unfreeze_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID


class SharedClientForm(Form):
    """A client who may use the membership beside its owner (rule S1)."""

    client_id: UUID


class ShareMembership(Command):
    """Link a client to a membership (rule S2)."""

    type: ClassVar[str] = "membership.share_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID
    shared_client: SharedClientForm


class UndoForm(Form):
    """Which debits of an appointment are undone: of these lines, or all of them."""

    line_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class UndoDebit(Command):
    """Give debited sessions back, the appointment stands: its lines are owed (rule A10)."""

    type: ClassVar[str] = "membership.undo_debit.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    client_id: UUID
    chain_id: UUID
    location_id: UUID
    undo: UndoForm
