"""What membership answers: the same shapes from its own API, in replies, and at the public edge."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.base import Value
from contracts.membership import (
    BucketForm,
    GateForm,
    HeldLine,
    RefusalDetail,
    RefusalReason,
    Status,
    Validity,
)
from contracts.values import Instant, Money


class MembershipTypeView(Value):
    """A membership type."""

    membership_type_id: UUID
    chain_id: UUID
    name: str
    price: Money
    buckets: tuple[BucketForm, ...]
    validity: Validity | None
    activation: Literal["on_sale", "on_first_visit", "on_date"]
    auto_deduction: bool
    gate: GateForm
    location_ids: tuple[UUID, ...]


class MembershipTypeList(Value):
    """The membership types of a chain, by name."""

    membership_types: tuple[MembershipTypeView, ...]


class BucketView(Value):
    """One bucket's count: `available = granted - used - held`; unlimited has no `granted`."""

    bucket_id: UUID
    service_ids: tuple[UUID, ...]
    category_ids: tuple[UUID, ...] = ()
    granted: int | None
    used: int
    held: int
    available: int | None


class UseView(Value):
    """One row of "Used in sales" (rule S3)."""

    entry_id: UUID
    kind: Literal["debited", "reversed"]
    sessions: int
    client_id: UUID
    appointment_id: UUID | None
    line_id: UUID | None
    automatic: bool
    recorded_at: Instant


class MembershipView(Value):
    """An issued membership: owner, shared clients, counts over all buckets, and uses.

    Counts are absent when a bucket is unlimited; `used` counts debits that were not reversed.
    """

    membership_id: UUID
    chain_id: UUID
    membership_type_id: UUID
    name: str
    status: Status
    owner_client_id: UUID
    shared_client_ids: tuple[UUID, ...]
    issued_at: Instant
    expires_on: date | None
    auto_deduction: bool
    granted: int | None
    used: int
    held: int
    available: int | None
    buckets: tuple[BucketView, ...]
    uses: tuple[UseView, ...]


class MembershipList(Value):
    """The memberships that a client owns or shares, in the order of rule A5."""

    memberships: tuple[MembershipView, ...]


class HoldPlan(Value):
    """Which membership would carry which line, and which lines would move; nothing is changed.

    With `reasons` the request would be refused (rules G5 to G7).
    """

    lines: tuple[HeldLine, ...] = ()
    moved: tuple[HeldLine, ...] = ()
    refused: bool = False
    reasons: tuple[RefusalDetail, ...] = ()


class SettlementLineView(Value):
    """What became of one line."""

    line_id: UUID
    debited: bool
    membership_id: UUID | None
    reason: RefusalReason | None


class Verdict(Value):
    """Whether one membership could pay one line, and the rule that decides it."""

    membership_id: UUID
    name: str
    expires_on: date | None
    own: bool
    rule: str
    reason: RefusalReason | None
    pays: bool


class LineExplanation(Value):
    """One line: what paid it, or why nothing did; `verdicts` are in the order of rule A5."""

    line_id: UUID
    service_id: UUID
    automatic_debiting: bool
    outcome: Literal["planned", "debited", "claimed", "not_debited", "reversed", "none"]
    membership_id: UUID | None
    summary: str
    verdicts: tuple[Verdict, ...]


class Explanation(Value):
    """Why an appointment was debited from where it was, or not at all, as it was judged then."""

    appointment_id: UUID
    client_id: UUID
    start: Instant
    judged_at: Instant
    outcome: Literal["planned", "debited", "not_debited", "reversed", "none"]
    lines: tuple[LineExplanation, ...]


class SettlementView(Value):
    """The outcome of one appointment's automatic debiting."""

    appointment_id: UUID
    revision: int
    outcome: Literal["planned", "debited", "not_debited", "reversed"]
    shortfall: int
    start: Instant
    settled_at: Instant
    delay_ms: int
    lines: tuple[SettlementLineView, ...]
