"""An issued membership: who may use it, for what, and until when."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from membership.domain.ledger import Bucket
from membership.domain.validity import Validity, local_date

State = Literal["issued", "active", "frozen", "voided"]
Status = Literal["issued", "active", "frozen", "used_up", "expired", "voided"]
Reason = Literal[
    "no_membership",
    "service_not_covered",
    "status_not_valid",
    "used_up",
    "expires_too_early",
    "not_enough_sessions",
    "frozen",
    "expired",
    "no_auto_deduction",
]


class BucketTerms(NamedTuple):
    """One bucket as it is sold; no count means unlimited."""

    sessions: int | None
    service_ids: tuple[UUID, ...]


class MembershipType(NamedTuple):
    """The article that is sold; `price` is in minor units of `currency`."""

    membership_type_id: UUID
    chain_id: UUID
    name: str
    price: int
    currency: str
    buckets: tuple[BucketTerms, ...]
    validity: Validity | None
    activation: Literal["on_sale", "on_first_visit"]
    auto_deduction: bool


@dataclass(slots=True)
class Membership:
    """An issued membership, with all that it took from its type when it was sold.

    `revision` counts the changes of what is said here; the buckets' counts are not part of it.
    `time_zone` is that of the location where it was sold. `validity` is what an activation still
    to come starts.
    """

    membership_id: UUID
    revision: int
    chain_id: UUID
    membership_type_id: UUID
    sale_id: UUID
    name: str
    owner_client_id: UUID
    shared_client_ids: tuple[UUID, ...]
    state: State
    time_zone: str
    issued_at: datetime
    activated_on: date | None
    expires_on: date | None
    auto_deduction: bool
    frozen_at: datetime | None
    validity: Validity | None
    buckets: list[Bucket] = field(default_factory=list[Bucket])

    def covering(self, service_id: UUID) -> list[Bucket]:
        """Return the buckets that pay for a service."""
        return [bucket for bucket in self.buckets if service_id in bucket.service_ids]

    def is_usable_by(self, client_id: UUID) -> bool:
        """Whether a client owns or shares it (rule S1)."""
        return client_id == self.owner_client_id or client_id in self.shared_client_ids

    def next_entry(self) -> int:
        """Return the revision of the next entry in the ledger of this membership."""
        return 1 + sum(bucket.entries for bucket in self.buckets)

    def activate(self, day: date) -> None:
        """Start the validity with the first debit; nothing unsets it (rule A10)."""
        self.state = "active"
        self.activated_on = day
        self.expires_on = self.validity.last_day(day) if self.validity else None
        self.revision += 1

    def has_expired(self, now: datetime) -> bool:
        """Whether its last day is over."""
        return self.expires_on is not None and self.expires_on < local_date(now, self.time_zone)

    def status(self, now: datetime) -> Status:
        """Return the status that people see: balance and date speak for themselves."""
        return seen_status(
            self.state,
            self.expires_on,
            local_date(now, self.time_zone),
            used_up=all(bucket.is_used_up for bucket in self.buckets),
        )


def seen_status(state: State, expires_on: date | None, today: date, *, used_up: bool) -> Status:
    """Return the status of a membership in `state` with this expiry date and balance."""
    if state in {"frozen", "voided"}:
        return state
    if expires_on is not None and expires_on < today:
        return "expired"
    return "used_up" if used_up else state


def preference(membership: Membership, client_id: UUID) -> tuple[object, ...]:
    """Return the sort key of rule A5: expiry (none last), own before shared, issued earlier, id."""
    return (
        membership.expires_on is None,
        membership.expires_on or date.max,
        membership.owner_client_id != client_id,
        membership.issued_at,
        membership.membership_id,
    )


def why_not_held(membership: Membership, service_id: UUID, today: date) -> Reason | None:
    """Return what keeps a membership from being valid for a booking (rule G5), if anything."""
    covering = membership.covering(service_id)
    if not covering:
        return "service_not_covered"
    if membership.state == "voided":
        return "status_not_valid"
    if all(bucket.is_used_up for bucket in covering):
        return "used_up"
    if membership.expires_on is not None and membership.expires_on <= today:
        return "expires_too_early"
    return None


def why_not_debited(
    membership: Membership, service_id: UUID, start: datetime, day: date
) -> Reason | None:
    """Return what keeps a membership from an automatic debit (rules A13, A14), if anything.

    `day` is the local date of `start`; the last day of a membership is a valid one.
    """
    covering = membership.covering(service_id)
    if not covering:
        return "service_not_covered"
    if membership.state == "voided":
        return "status_not_valid"
    if not membership.auto_deduction:
        return "no_auto_deduction"
    if membership.frozen_at is not None and membership.frozen_at <= start:
        return "frozen"
    if membership.expires_on is not None and membership.expires_on < day:
        return "expired"
    return "used_up" if all(bucket.is_used_up for bucket in covering) else None
