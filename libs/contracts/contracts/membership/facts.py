"""What became of memberships."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.base import Event, Value
from contracts.membership.managing import Status


class MembershipState(Value):
    """One issued membership as it is at `revision`; no expiry date means that it never expires."""

    membership_id: UUID
    revision: int
    chain_id: UUID
    membership_type_id: UUID
    name: str
    owner_client_id: UUID
    shared_client_ids: tuple[UUID, ...]
    status: Status
    expires_on: date | None
    auto_deduction: bool


class MembershipIssued(Event):
    """A membership that was sold exists now."""

    type: ClassVar[str] = "membership.membership_issued.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    sale_id: UUID
    membership: MembershipState


class IssueRefused(Event):
    """What was sold cannot be issued."""

    type: ClassVar[str] = "membership.issue_refused.v1"
    subject: ClassVar[str] = "sale_id"

    sale_id: UUID
    reason: str


class MembershipFrozen(Event):
    """A membership is frozen."""

    type: ClassVar[str] = "membership.membership_frozen.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    membership: MembershipState


class MembershipUnfrozen(Event):
    """A membership is in use again."""

    type: ClassVar[str] = "membership.membership_unfrozen.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    membership: MembershipState


class MembershipShared(Event):
    """A client may use a membership beside its owner."""

    type: ClassVar[str] = "membership.membership_shared.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    shared_client_id: UUID
    membership: MembershipState
