"""The wallet: clients and memberships that owning and sharing connect, and their holds.

It is what is locked: nothing that is decided in one wallet depends on what is in another.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from membership.domain.allocator import Allocation, Ask, Held, allocate, first_choices
from membership.domain.ledger import Bucket, Entry, Use, record
from membership.domain.memberships import (
    Membership,
    Reason,
    preference,
    why_not_held,
)
from membership.domain.refusals import Conflict

MAX_WALLET_SIZE: Final = 500
"""Clients and memberships of one wallet: it is locked and loaded as a whole."""


@dataclass(slots=True)
class Hold:
    """A session set aside in a bucket for one line."""

    line_id: UUID
    booking_id: UUID
    appointment_id: UUID
    revision: int
    client_id: UUID
    service_id: UUID
    starts_at: datetime
    automatic_debiting: bool
    bucket_id: UUID
    state: Literal["held", "debited", "released"] = "held"


class SettledLine(NamedTuple):
    """What became of one line with automatic debiting: its debit, or why there is none."""

    line_id: UUID
    membership_id: UUID | None = None
    bucket_id: UUID | None = None
    reason: Reason | None = None


class Settlement(NamedTuple):
    """The outcome of one appointment's automatic debiting, at `revision`."""

    appointment_id: UUID
    revision: int
    appointment_revision: int
    booking_id: UUID
    visit_id: UUID
    chain_id: UUID
    location_id: UUID
    client_id: UUID
    outcome: Literal["debited", "not_debited", "reversed"]
    lines: tuple[SettledLine, ...]
    shortfall: int
    start: datetime
    settled_at: datetime
    delay_ms: int


class Ending(NamedTuple):
    """That an appointment ended, as of `revision` of its plan; a refused booking never stood."""

    appointment_id: UUID
    revision: int
    how: Literal["cancelled", "charged", "refused"]


@dataclass(slots=True)
class Changes:
    """What was decided in one transaction, and is to be saved."""

    issued: dict[UUID, Membership] = field(default_factory=dict[UUID, Membership])
    memberships: dict[UUID, Membership] = field(default_factory=dict[UUID, Membership])
    buckets: dict[UUID, Bucket] = field(default_factory=dict[UUID, Bucket])
    placed: dict[UUID, Hold] = field(default_factory=dict[UUID, Hold])
    holds: dict[UUID, Hold] = field(default_factory=dict[UUID, Hold])
    entries: list[Entry] = field(default_factory=list[Entry])
    settlements: dict[UUID, Settlement] = field(default_factory=dict[UUID, Settlement])
    endings: dict[UUID, Ending] = field(default_factory=dict[UUID, Ending])
    joined: list[tuple[UUID, UUID]] = field(default_factory=list[tuple[UUID, UUID]])


@dataclass(slots=True)
class Wallet:
    """One wallet, loaded whole: `holds` are the open ones."""

    wallet_id: UUID
    changes: Changes
    clients: set[UUID] = field(default_factory=set[UUID])
    memberships: dict[UUID, Membership] = field(default_factory=dict[UUID, Membership])
    buckets: dict[UUID, Bucket] = field(default_factory=dict[UUID, Bucket])
    holds: dict[UUID, Hold] = field(default_factory=dict[UUID, Hold])

    def include(self, membership: Membership) -> None:
        """Take a membership in."""
        self.memberships[membership.membership_id] = membership
        for bucket in membership.buckets:
            self.buckets[bucket.bucket_id] = bucket

    def reach(self, client_id: UUID) -> list[Membership]:
        """Return what a client may use, own and shared, in the order of rule A5."""
        usable = [m for m in self.memberships.values() if m.is_usable_by(client_id)]
        if len(usable) > 1:
            usable.sort(key=lambda membership: preference(membership, client_id))
        return usable

    def allocate(self, asks: Sequence[Ask], today: date) -> Allocation:
        """Find the best places for new lines; changes nothing yet."""
        free = {bucket_id: bucket.free for bucket_id, bucket in self.buckets.items()}
        allocation = first_choices(asks, free)
        if allocation is not None:
            return allocation
        in_order = sorted(self.holds.values(), key=lambda hold: (hold.starts_at, hold.line_id))
        held = [Held(h.line_id, h.bucket_id, self._other_places(h, today)) for h in in_order]
        return allocate(asks, held, free)

    def _other_places(self, hold: Hold, today: date) -> list[UUID]:
        places = hold_places(
            self.reach(hold.client_id), hold.service_id, today, automatic=hold.automatic_debiting
        )
        return [place for place in places if place != hold.bucket_id]

    def place(self, hold: Hold) -> None:
        """Set a session aside."""
        self._change(hold.bucket_id).held += 1
        self.holds[hold.line_id] = hold
        self.changes.placed[hold.line_id] = hold

    def move(self, line_id: UUID, bucket_id: UUID) -> None:
        """Let another bucket carry a held line."""
        hold = self.holds[line_id]
        self._change(hold.bucket_id).held -= 1
        self._change(bucket_id).held += 1
        hold.bucket_id = bucket_id
        self.changes.holds[line_id] = hold

    def release(self, line_id: UUID) -> Hold | None:
        """End the hold of a line, if it has one, and return it."""
        hold = self.holds.pop(line_id, None)
        if hold is not None:
            self._change(hold.bucket_id).held -= 1
            hold.state = "released"
            self.changes.holds[line_id] = hold
        return hold

    def record(
        self,
        bucket_id: UUID,
        kind: Literal["debited", "reversed", "expired"],
        use: Use,
        now: datetime,
    ) -> Entry:
        """Write one session into the ledger."""
        bucket = self._change(bucket_id)
        membership = self.memberships[bucket.membership_id]
        entry = record(bucket, kind, use, membership.next_entry(), now)
        self.changes.entries.append(entry)
        return entry

    def _change(self, bucket_id: UUID) -> Bucket:
        bucket = self.buckets[bucket_id]
        self.changes.buckets[bucket_id] = bucket
        return bucket


def hold_places(
    reach: Iterable[Membership], service_id: UUID, today: date, *, automatic: bool
) -> list[UUID]:
    """Return the buckets that are valid for a booking (rule G5), best first.

    For lines that will be debited automatically, memberships without auto-deduction come last.
    """
    valid = [m for m in reach if why_not_held(m, service_id, today) is None]
    if automatic:
        valid.sort(key=lambda membership: not membership.auto_deduction)
    return places_in(valid, service_id)


def places_in(memberships: Iterable[Membership], service_id: UUID) -> list[UUID]:
    """Return the buckets with sessions left that pay for a service."""
    return [
        bucket.bucket_id
        for membership in memberships
        for bucket in membership.covering(service_id)
        if not bucket.is_used_up
    ]


@dataclass(slots=True)
class Wallets:
    """All wallets that one transaction has locked, and what is known of its appointments."""

    changes: Changes = field(default_factory=Changes)
    by_client: dict[UUID, Wallet] = field(default_factory=dict[UUID, Wallet])
    by_membership: dict[UUID, Wallet] = field(default_factory=dict[UUID, Wallet])
    settlements: dict[UUID, Settlement] = field(default_factory=dict[UUID, Settlement])
    endings: dict[UUID, Ending] = field(default_factory=dict[UUID, Ending])

    def settle(self, settlement: Settlement) -> None:
        """Keep the newest settlement of an appointment."""
        self.settlements[settlement.appointment_id] = settlement
        self.changes.settlements[settlement.appointment_id] = settlement

    def end(self, ending: Ending) -> None:
        """Keep that an appointment ended."""
        self.endings[ending.appointment_id] = ending
        self.changes.endings[ending.appointment_id] = ending

    def join(self, wallet: Wallet, other: Wallet) -> None:
        """Make one wallet of two; raises `Conflict` when it would be too large."""
        if wallet is other:
            return
        if _size((wallet, other)) > MAX_WALLET_SIZE:
            raise Conflict(
                "Too many clients and memberships would be connected by sharing: "
                f"at most {MAX_WALLET_SIZE} can be."
            )
        for membership in other.memberships.values():
            wallet.include(membership)
            self.by_membership[membership.membership_id] = wallet
        for client_id in other.clients:
            self.by_client[client_id] = wallet
        wallet.clients |= other.clients
        wallet.holds |= other.holds
        self.changes.joined.append((other.wallet_id, wallet.wallet_id))


def _size(wallets: Collection[Wallet]) -> int:
    return sum(len(wallet.clients) + len(wallet.memberships) for wallet in wallets)
