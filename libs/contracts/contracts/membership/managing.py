"""What is done with issued memberships."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.base import Command, Form, Request
from contracts.values import Name

Status = Literal["issued", "active", "frozen", "used_up", "expired", "voided"]


Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""Why somebody changes a membership, for its history."""


class FreezeForm(Form):
    """Until when a membership is frozen: it is unfrozen as that day begins.

    Without a day until somebody unfreezes it, or the days that its type allows are over.
    """

    until: date | None = None


class FreezeMembership(Command):
    """Freeze a membership: it is not debited automatically until it is unfrozen (rule A14).

    Refused beyond the limits of its type, which are those of its sale.
    """

    type: ClassVar[str] = "membership.freeze_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID
    freeze: FreezeForm = FreezeForm()


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


class UnshareMembership(Command):
    """Remove a shared client (rule S2).

    What is held on it for that client moves to another membership in reach, or is released, and
    the booking is flagged.
    """

    type: ClassVar[str] = "membership.unshare_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID
    shared_client_id: UUID


class ExtensionForm(Form):
    """The new, later expiry date; the last day is a valid one."""

    expires_on: date
    reason: Reason


class ExtendMembership(Command):
    """Let a membership expire later; one that has expired is valid again."""

    type: ClassVar[str] = "membership.extend_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID
    extension: ExtensionForm


class AdjustmentForm(Form):
    """Sessions that a bucket gets (above 0) or loses (below 0), and why.

    `bucket_id` is needed when the membership has several. Taking what is held is refused, or, with
    `force`, releases the holds that start latest (rule X6).
    """

    sessions: Annotated[int, Field(ge=-100_000, le=100_000)]
    reason: Reason
    bucket_id: UUID | None = None
    force: bool = False


class AdjustMembership(Command):
    """Change the balance of a membership by hand (rule X1)."""

    type: ClassVar[str] = "membership.adjust_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID
    adjustment_id: UUID
    adjustment: AdjustmentForm


class VoidForm(Form):
    """Why a membership is voided; with `force` what is held on it is released (rule X6)."""

    reason: Reason
    force: bool = False


class VoidMembership(Command):
    """End a membership for good: it pays nothing any more; what it paid stays."""

    type: ClassVar[str] = "membership.void_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID
    void: VoidForm


class VoidSoldMembership(Request):
    """The sale of a membership is refunded: it is voided if nothing of it is used or held.

    Answered by `SoldMembershipVoided` or `VoidRefused`.
    """

    type: ClassVar[str] = "membership.void_sold_membership.v1"
    subject: ClassVar[str] = "refund_id"

    refund_id: UUID
    membership_id: UUID
    client_id: UUID
    chain_id: UUID


class ImportedMembershipForm(Form):
    """A membership that was issued elsewhere, with what is left on it.

    `reference` is its name there, unique in the chain: who imports it again gets what is there.
    `remaining` has the sessions left of each bucket of the type, in order; None for unlimited ones.
    """

    reference: Name
    client_id: UUID
    membership_type_id: UUID
    remaining: Annotated[
        tuple[Annotated[int, Field(ge=0, le=100_000)] | None, ...],
        Field(min_length=1, max_length=50),
    ]
    issued_on: date
    activated_on: date | None = None
    expires_on: date | None = None
    shared_client_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class ImportMembership(Command):
    """Issue a membership that was sold elsewhere; `membership_id` is derived from its reference."""

    type: ClassVar[str] = "membership.import_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    imported: ImportedMembershipForm


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
