"""An issued membership: who may use it, for what, and until when."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from membership.domain.freezes import FreezingLimits, PastFreeze
from membership.domain.ledger import Bucket
from membership.domain.validity import Validity, local_date

State = Literal["issued", "active", "frozen", "voided"]
Status = Literal["issued", "active", "frozen", "used_up", "expired", "voided"]
Reason = Literal[
    "no_membership",
    "service_not_covered",
    "location_not_covered",
    "status_not_valid",
    "used_up",
    "expires_too_early",
    "not_valid_yet",
    "not_enough_sessions",
    "frozen",
    "expired",
    "no_auto_deduction",
    "visit_status",
    "claimed",
    "already_debited",
    "paid_online",
    "debit_undone",
    "claim_returned",
    "cancelled",
    "rescheduled",
]
Activation = Literal["on_sale", "on_first_visit", "on_date"]


class Need(NamedTuple):
    """What a line asks of a membership: a service, at a location, on a local date."""

    service_id: UUID
    category_id: UUID | None
    location_id: UUID
    visit_day: date


class BucketTerms(NamedTuple):
    """One bucket as it is sold; no count means unlimited."""

    sessions: int | None
    service_ids: tuple[UUID, ...]
    category_ids: tuple[UUID, ...] = ()


class Gate(NamedTuple):
    """What makes a membership valid for fewer bookings than rule G5 by itself."""

    valid_on_visit_day: bool = False
    not_while_frozen: bool = False


class MembershipType(NamedTuple):
    """The article that is sold; `price` is in minor units of `currency`.

    Without `location_ids` it is taken throughout the chain.
    """

    membership_type_id: UUID
    chain_id: UUID
    name: str
    price: int
    currency: str
    buckets: tuple[BucketTerms, ...]
    validity: Validity | None
    activation: Activation
    auto_deduction: bool
    gate: Gate = Gate()
    location_ids: tuple[UUID, ...] = ()
    freezing: FreezingLimits = FreezingLimits()


class Imported(NamedTuple):
    """Where an imported membership is from: its name there, and what was told of it.

    `digest` is of all but the clients: those are the owner and who shared it then.
    """

    reference: str
    digest: str
    clients: tuple[UUID, ...]


@dataclass(slots=True)
class Membership:
    """An issued membership, with all that it took from its type when it was sold.

    `revision` counts the changes of what is said here; the buckets' counts are not part of it.
    `home_location_id` is where it was sold or imported, unknown of old ones, and `time_zone` that
    of the place. `validity` is what an activation still
    to come starts; one on a date that was named has an `activated_on` to come. A freeze ends by
    itself as the local day `frozen_until` begins.
    """

    membership_id: UUID
    revision: int
    chain_id: UUID
    membership_type_id: UUID
    sale_id: UUID | None
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
    gate: Gate = field(default_factory=Gate)
    location_ids: frozenset[UUID] = frozenset()
    buckets: list[Bucket] = field(default_factory=list[Bucket])
    freezing: FreezingLimits = field(default_factory=FreezingLimits)
    frozen_until: date | None = None
    past_freezes: tuple[PastFreeze, ...] = ()
    imported: Imported | None = None
    home_location_id: UUID | None = None

    def covering(self, need: Need) -> list[Bucket]:
        """Return the buckets that pay for a service, by itself or by its category."""
        return [
            bucket
            for bucket in self.buckets
            if need.service_id in bucket.service_ids or need.category_id in bucket.category_ids
        ]

    def is_taken_at(self, location_id: UUID) -> bool:
        """Whether a location takes it."""
        return not self.location_ids or location_id in self.location_ids

    def is_usable_by(self, client_id: UUID) -> bool:
        """Whether a client owns or shares it (rule S1)."""
        return client_id == self.owner_client_id or client_id in self.shared_client_ids

    def next_entry(self) -> int:
        """Return the revision of the next entry in the ledger of this membership."""
        return 1 + sum(bucket.entries for bucket in self.buckets)

    def activate(self, day: date, today: date) -> None:
        """Let the validity begin on a day; nothing unsets it (rule A10).

        What was frozen since that visit stays so, and lasts longer by the days of freezes that are
        over: a visit may be settled late.
        """
        if self.frozen_at is None:
            self.state = "active" if day <= today else "issued"
        self.activated_on = day
        if self.validity is not None:
            frozen_since = timedelta(days=self._days_frozen(day))
            self.expires_on = self.validity.last_day(day) + frozen_since

    @property
    def freeze_ends_at(self) -> datetime | None:
        """The instant at which a freeze ends by itself, if it does."""
        if self.frozen_until is None:
            return None
        return datetime.combine(self.frozen_until, time(), ZoneInfo(self.time_zone)).astimezone(UTC)

    @property
    def days_frozen(self) -> int:
        """The local days of all past freezes; one that ended on its first day has none."""
        return self._days_frozen(date.min)

    def _days_frozen(self, first: date) -> int:
        """Return the local days of past freezes from the first of them on that counts."""
        days = ((self._day(past.since), self._day(past.until)) for past in self.past_freezes)
        return sum(max(0, (until - max(since, first)).days) for since, until in days)

    def is_frozen_at(self, instant: datetime) -> bool:
        """Whether it is, was or will be frozen then, as far as is known (rule A14)."""
        if self.frozen_at is not None and self.frozen_at <= instant:
            ends_at = self.freeze_ends_at
            if ends_at is None or instant < ends_at:
                return True
        return any(past.contains(instant) for past in self.past_freezes)

    def _day(self, instant: datetime) -> date:
        return local_date(instant, self.time_zone)

    def has_expired(self, now: datetime) -> bool:
        """Whether its last day is over; while it is frozen, its days do not pass."""
        if self.expires_on is None or self.frozen_at is not None:
            return False
        return self.expires_on < local_date(now, self.time_zone)

    def status(self, now: datetime) -> Status:
        """Return the status that people see: balance and dates speak for themselves."""
        return seen_status(
            self.state,
            (self.activated_on, self.expires_on),
            local_date(now, self.time_zone),
            used_up=all(bucket.is_used_up for bucket in self.buckets),
        )


def seen_status(
    state: State, valid: tuple[date | None, date | None], today: date, *, used_up: bool
) -> Status:
    """Return the status of a membership in `state`, `valid` from one date to another."""
    activated_on, expires_on = valid
    if state in {"frozen", "voided"}:
        return state
    if expires_on is not None and expires_on < today:
        return "expired"
    if used_up:
        return "used_up"
    return "issued" if activated_on is None or activated_on > today else "active"


def preference(membership: Membership, client_id: UUID) -> tuple[object, ...]:
    """Return the sort key of rule A5: expiry (none last), own before shared, issued earlier, id."""
    return (
        membership.expires_on is None,
        membership.expires_on or date.max,
        membership.owner_client_id != client_id,
        membership.issued_at,
        membership.membership_id,
    )


def why_not_held(membership: Membership, need: Need, today: date) -> Reason | None:
    """Return what keeps a membership from being valid for a booking (rule G5), if anything."""
    unsuitable = _why_unsuitable(membership, need)
    if unsuitable is not None:
        return unsuitable
    if all(bucket.is_used_up for bucket in membership.covering(need)):
        return "used_up"
    if membership.expires_on is not None and membership.expires_on <= today:
        return "expires_too_early"
    return _why_not_by_its_gate(membership, need.visit_day) if any(membership.gate) else None


def _why_unsuitable(membership: Membership, need: Need) -> Reason | None:
    if not membership.covering(need):
        return "service_not_covered"
    if not membership.is_taken_at(need.location_id):
        return "location_not_covered"
    return "status_not_valid" if membership.state == "voided" else None


def _why_not_by_its_gate(membership: Membership, visit_day: date) -> Reason | None:
    gate = membership.gate
    if gate.not_while_frozen and membership.state == "frozen":
        return "frozen"
    if gate.valid_on_visit_day:
        if membership.expires_on is not None and membership.expires_on < visit_day:
            return "expires_too_early"
        if membership.activated_on is not None and membership.activated_on > visit_day:
            return "not_valid_yet"
    return None


def why_not_debited(membership: Membership, need: Need, start: datetime) -> Reason | None:
    """Return what keeps a membership from an automatic debit (rules A13, A14), if anything.

    The visit's day is the local date of `start`; the last day of a membership is a valid one.
    """
    if unsuitable := _why_unsuitable(membership, need):
        return unsuitable
    if not membership.auto_deduction:
        return "no_auto_deduction"
    return "frozen" if membership.is_frozen_at(start) else _why_not_left(membership, need)


def why_not_debited_by_hand(membership: Membership, need: Need, *, has_come: bool) -> Reason | None:
    """Return what keeps a membership from a debit by hand (rules A13, A14), if anything.

    One without auto-deduction pays only if the client has come, or said so: `has_come`. What was
    frozen when the visit began, and is not any more, may pay it now.
    """
    if unsuitable := _why_unsuitable(membership, need):
        return unsuitable
    if not membership.auto_deduction and not has_come:
        return "visit_status"
    return "frozen" if membership.state == "frozen" else _why_not_left(membership, need)


def _why_not_left(membership: Membership, need: Need) -> Reason | None:
    if membership.expires_on is not None and membership.expires_on < need.visit_day:
        return "expired"
    return "used_up" if all(bucket.is_used_up for bucket in membership.covering(need)) else None
