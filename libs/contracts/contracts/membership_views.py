"""What membership answers: the same shapes from its own API, in replies, and at the public edge."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Value
from contracts.membership import (
    BucketForm,
    FreezingForm,
    GateForm,
    HeldLine,
    RefusalDetail,
    RefusalReason,
    Status,
    Validity,
)
from contracts.values import Appointment, Instant, Money


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
    freezing: FreezingForm = FreezingForm()
    location_ids: tuple[UUID, ...]


class MembershipTypeList(Value):
    """The membership types of a chain, by name."""

    membership_types: tuple[MembershipTypeView, ...]


class BucketView(Value):
    """One bucket's count: `available = granted - used - held`; unlimited has no `granted`.

    `granted` is what it has in all: what was `adjusted` by hand is in it, what `expired` is not.
    """

    bucket_id: UUID
    service_ids: tuple[UUID, ...]
    category_ids: tuple[UUID, ...] = ()
    granted: int | None
    used: int
    held: int
    available: int | None
    adjusted: int = 0
    expired: int = 0


class UseView(Value):
    """One row of "Used in sales" (rule S3): a debit, and when it was reversed, if it was.

    `visit_id` is the visit whose bill it pays. The rows that are not reversed make the usage count.
    """

    entry_id: UUID
    sessions: int
    client_id: UUID
    service_id: UUID | None = None
    visit_id: UUID | None = None
    appointment_id: UUID | None
    line_id: UUID | None
    automatic: bool
    recorded_at: Instant
    reversed_at: Instant | None = None


class UsePage(Value):
    """Uses of a membership, newest first; `names` are those of its clients, for staff."""

    uses: tuple[UseView, ...]
    next_cursor: str | None
    names: dict[UUID, str] = Field(default_factory=dict[UUID, str])


class Actor(Value):
    """Who did something: the id of the key or token, and its role."""

    principal_id: UUID
    role: str


class ChangeView(Value):
    """One row of a membership's history: what was done with it, by whom and why.

    `client_id` is of whom it was shared with or removed from, `sessions` what was adjusted,
    `expires_on` the expiry date from then on.
    """

    change_id: UUID
    kind: Literal[
        "issued",
        "imported",
        "activated",
        "frozen",
        "unfrozen",
        "extended",
        "adjusted",
        "voided",
        "shared",
        "unshared",
        "merged",
    ]
    by: Actor | None
    reason: str | None
    client_id: UUID | None = None
    sessions: int | None = None
    bucket_id: UUID | None = None
    expires_on: date | None = None
    at: Instant


class ChangePage(Value):
    """The history of a membership, newest first; `names` are those of its clients, for staff."""

    changes: tuple[ChangeView, ...]
    next_cursor: str | None
    names: dict[UUID, str] = Field(default_factory=dict[UUID, str])


class MembershipView(Value):
    """An issued membership: owner, shared clients, counts over all buckets, and newest uses.

    Counts are absent when a bucket is unlimited; `used` counts debits that were not reversed.
    `uses` are the newest 20, newest first. `names` are those of its clients, for staff. `reference`
    is its name where it was imported from.
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
    frozen_until: date | None = None
    reference: str | None = None
    names: dict[UUID, str] = Field(default_factory=dict[UUID, str])


class MembershipList(Value):
    """The memberships that a client owns or shares, in the order of rule A5 (rule S4).

    `names` are those of owners and shared clients, for staff.
    """

    memberships: tuple[MembershipView, ...]
    names: dict[UUID, str] = Field(default_factory=dict[UUID, str])


class MembershipPage(Value):
    """Issued memberships of a chain, newest first; `names` are those of their clients."""

    memberships: tuple[MembershipView, ...]
    next_cursor: str | None
    names: dict[UUID, str] = Field(default_factory=dict[UUID, str])


class HeldBooking(Value):
    """A line that is held on a membership; `moves_to` could carry it instead."""

    booking_id: UUID
    appointment_id: UUID
    line_id: UUID
    service_id: UUID
    start: Instant
    moves_to: UUID | None


class RemovalPlan(Value):
    """What becomes of a shared client's holds if the client is removed now (rule S2)."""

    membership_id: UUID
    client_id: UUID
    holds: tuple[HeldBooking, ...]


class DebitQuestion(Value):
    """Which memberships could pay lines of a client's appointments now, by hand (rule A13).

    Without `line_ids` all lines are meant; with a `membership_id` that one alone pays.
    """

    client_id: UUID
    appointments: tuple[Appointment, ...]
    line_ids: tuple[UUID, ...] = ()
    membership_id: UUID | None = None


class Candidate(Value):
    """A membership in reach, in the order of rule A5, and why it does not pay, if so."""

    membership_id: UUID
    name: str
    owner_client_id: UUID
    expires_on: date | None
    available: int | None
    reason: RefusalReason | None


class PlannedDebit(Value):
    """The membership that would pay a line now, if one would, and all candidates (rule S5)."""

    line_id: UUID
    membership_id: UUID | None
    candidates: tuple[Candidate, ...]


class DebitPlan(Value):
    """The answer to a question about debits; nothing is changed."""

    lines: tuple[PlannedDebit, ...]


class HoldPlan(Value):
    """Which membership would carry which line, and which lines would move; nothing is changed.

    With `reasons` the request would be refused (rules G5 to G7). `names` are those of the
    memberships that would carry `lines`.
    """

    lines: tuple[HeldLine, ...] = ()
    moved: tuple[HeldLine, ...] = ()
    refused: bool = False
    reasons: tuple[RefusalDetail, ...] = ()
    names: dict[UUID, str] = Field(default_factory=dict[UUID, str])


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
