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
    frozen_until: date | None = None


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


class MembershipUnshared(Event):
    """A client may not use a membership any more (rule S2)."""

    type: ClassVar[str] = "membership.membership_unshared.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    shared_client_id: UUID
    membership: MembershipState


class MembershipExtended(Event):
    """A membership expires later."""

    type: ClassVar[str] = "membership.membership_extended.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    membership: MembershipState


class MembershipAdjusted(Event):
    """A balance was changed by hand; the ledger has the entry."""

    type: ClassVar[str] = "membership.membership_adjusted.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    bucket_id: UUID
    sessions: int
    membership: MembershipState


class MembershipVoided(Event):
    """A membership pays nothing any more."""

    type: ClassVar[str] = "membership.membership_voided.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    membership: MembershipState


class SoldMembershipVoided(Event):
    """A membership is voided, for its sale is refunded."""

    type: ClassVar[str] = "membership.sold_membership_voided.v1"
    subject: ClassVar[str] = "refund_id"

    refund_id: UUID
    membership_id: UUID


class VoidRefused(Event):
    """A membership that was sold cannot be taken back: sessions are used, or held."""

    type: ClassVar[str] = "membership.void_refused.v1"
    subject: ClassVar[str] = "refund_id"

    refund_id: UUID
    membership_id: UUID
    used: int
    held: int
