"""The wallet: clients and memberships that owning and sharing connect, and their holds.

It is what is locked: nothing that is decided in one wallet depends on what is in another.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from membership.domain.allocator import Allocation, Ask, Held, allocate, first_choices
from membership.domain.appointments import Ending, Hold, HoldMoved, Settlement
from membership.domain.ledger import Bucket, Entry, Use, record
from membership.domain.memberships import Membership, Need, preference, why_not_held
from membership.domain.refusals import Conflict

MAX_WALLET_SIZE: Final = 500
"""Clients and memberships of one wallet: it is locked and loaded as a whole."""


@dataclass(slots=True)
class Changes:
    """What was decided in one transaction, and is to be saved.

    `placed` are holds that are written whole, `holds` those whose bucket or state changed.
    """

    issued: dict[UUID, Membership] = field(default_factory=dict[UUID, Membership])
    memberships: dict[UUID, Membership] = field(default_factory=dict[UUID, Membership])
    buckets: dict[UUID, Bucket] = field(default_factory=dict[UUID, Bucket])
    placed: dict[UUID, Hold] = field(default_factory=dict[UUID, Hold])
    holds: dict[UUID, Hold] = field(default_factory=dict[UUID, Hold])
    entries: list[Entry] = field(default_factory=list[Entry])
    settlements: dict[UUID, Settlement] = field(default_factory=dict[UUID, Settlement])
    endings: dict[UUID, Ending] = field(default_factory=dict[UUID, Ending])
    moved: dict[UUID, int] = field(default_factory=dict[UUID, int])
    refused_reschedules: set[UUID] = field(default_factory=set[UUID])
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

    @property
    def chain_id(self) -> UUID | None:
        """The chain of its clients; unknown as long as they have no membership."""
        return next((one.chain_id for one in self.memberships.values()), None)

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

    def holds_of(self, appointment_id: UUID) -> list[Hold]:
        """Return the open holds of one appointment."""
        return [hold for hold in self.holds.values() if hold.appointment_id == appointment_id]

    def allocate(
        self, asks: Sequence[Ask], today: date, own: Collection[UUID] = frozenset()
    ) -> Allocation:
        """Find the best places for lines; changes nothing yet.

        What `own` lines hold counts as free: they ask for a place anew.
        """
        free = {bucket_id: bucket.free for bucket_id, bucket in self.buckets.items()}
        for line_id in own:
            free[self.holds[line_id].bucket_id] += 1
        allocation = first_choices(asks, free)
        if allocation is not None:
            return allocation
        others = [hold for hold in self.holds.values() if hold.line_id not in own]
        others.sort(key=lambda hold: (hold.starts_at, hold.line_id))
        held = [Held(h.line_id, h.bucket_id, self._other_places(h, today)) for h in others]
        return allocate(asks, held, free)

    def _other_places(self, hold: Hold, today: date) -> list[UUID]:
        reach = self.reach(hold.client_id)
        places = hold_places(reach, hold.need, today, automatic=hold.automatic_debiting)
        return [place for place in places if place != hold.bucket_id]

    def place(self, hold: Hold) -> None:
        """Set a session aside."""
        self._change(hold.bucket_id).held += 1
        self.holds[hold.line_id] = hold
        self.changes.placed[hold.line_id] = hold

    def renew(self, hold: Hold) -> None:
        """Keep a hold whose plan has changed."""
        self.changes.placed[hold.line_id] = hold

    def move(self, places: Mapping[UUID, UUID]) -> list[HoldMoved]:
        """Let other buckets carry held lines; return those that another membership carries now."""
        moved: list[HoldMoved] = []
        for line_id, bucket_id in places.items():
            hold = self.holds[line_id]
            before = self._change(hold.bucket_id)
            after = self._change(bucket_id)
            before.held -= 1
            after.held += 1
            hold.bucket_id = bucket_id
            self.changes.holds[line_id] = hold
            if before.membership_id != after.membership_id:
                moved.append(self.carried(hold))
        return moved

    def carried(self, hold: Hold) -> HoldMoved:
        """Return which membership carries a held line from now on."""
        return HoldMoved(
            hold.line_id,
            hold.appointment_id,
            hold.booking_id,
            hold.location_id,
            hold.client_id,
            self.buckets[hold.bucket_id].membership_id,
        )

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
    reach: Iterable[Membership], need: Need, today: date, *, automatic: bool
) -> list[UUID]:
    """Return the buckets that are valid for a booking (rule G5), best first.

    For lines that will be debited automatically, memberships without auto-deduction come last.
    """
    valid = [m for m in reach if why_not_held(m, need, today) is None]
    if automatic:
        valid.sort(key=lambda membership: not membership.auto_deduction)
    return places_in(valid, need)


def places_in(memberships: Iterable[Membership], need: Need) -> list[UUID]:
    """Return the buckets with sessions left that pay for a service."""
    return [
        bucket.bucket_id
        for membership in memberships
        for bucket in membership.covering(need)
        if not bucket.is_used_up
    ]


@dataclass(slots=True)
class Wallets:
    """All wallets that one transaction has locked, and what is known of its appointments.

    `moved` has the newest revision that an appointment was rescheduled to.
    """

    changes: Changes = field(default_factory=Changes)
    by_id: dict[UUID, Wallet] = field(default_factory=dict[UUID, Wallet])
    by_client: dict[UUID, Wallet] = field(default_factory=dict[UUID, Wallet])
    by_membership: dict[UUID, Wallet] = field(default_factory=dict[UUID, Wallet])
    settlements: dict[UUID, Settlement] = field(default_factory=dict[UUID, Settlement])
    endings: dict[UUID, Ending] = field(default_factory=dict[UUID, Ending])
    moved: dict[UUID, int] = field(default_factory=dict[UUID, int])
    refused_reschedules: set[UUID] = field(default_factory=set[UUID])

    def settle(self, settlement: Settlement) -> None:
        """Keep the newest settlement of an appointment."""
        self.settlements[settlement.appointment_id] = settlement
        self.changes.settlements[settlement.appointment_id] = settlement

    def end(self, ending: Ending) -> None:
        """Keep that an appointment ended."""
        self.endings[ending.appointment_id] = ending
        self.changes.endings[ending.appointment_id] = ending

    def is_void(self, appointment_id: UUID, revision: int) -> bool:
        """Whether a plan is known to have ended without charge, or never to have stood."""
        ending = self.endings.get(appointment_id)
        return ending is not None and ending.voids(revision)

    def plan_in_force(self, appointment_id: UUID) -> int:
        """Return the newest revision of the plan that is known to stand; 0 if none is known."""
        settlement = self.settlements.get(appointment_id)
        started = settlement.appointment_revision if settlement else 0
        return max(started, self.moved.get(appointment_id, 0))

    def move_to(self, appointment_id: UUID, revision: int) -> None:
        """Keep that an appointment was rescheduled."""
        self.moved[appointment_id] = revision
        self.changes.moved[appointment_id] = revision

    def refuse_reschedule(self, reschedule_id: UUID) -> None:
        """Keep that another time was refused."""
        self.refused_reschedules.add(reschedule_id)
        self.changes.refused_reschedules.add(reschedule_id)

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
