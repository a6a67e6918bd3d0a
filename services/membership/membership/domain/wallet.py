"""One wallet: clients and memberships that owning and sharing connect, and their holds.

It is what is locked: nothing that is decided in one wallet depends on what is in another.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from membership.domain.allocator import Allocation, Ask, Held, allocate, first_choices
from membership.domain.appointments import Hold, HoldMoved
from membership.domain.changes import Changes
from membership.domain.ledger import Bucket, Entry, Use, adjust, record
from membership.domain.memberships import Membership, Need, preference, why_not_held


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

    def holds_on(self, membership_id: UUID) -> list[Hold]:
        """Return the open holds on one membership."""
        buckets = self.memberships[membership_id].buckets
        own = {bucket.bucket_id for bucket in buckets}
        return [hold for hold in self.holds.values() if hold.bucket_id in own]

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
            self.settlement_revision(hold),
        )

    def settlement_revision(self, hold: Hold) -> int:
        """Return the revision of the settlement of a hold's appointment, 0 without one."""
        settled = self.changes.settlements.get(hold.appointment_id)
        return settled.revision if settled is not None else hold.settlement_revision

    def release(self, line_id: UUID) -> Hold | None:
        """End the hold of a line, if it has one, and return it."""
        hold = self.holds.pop(line_id, None)
        if hold is not None:
            self._change(hold.bucket_id).held -= 1
            hold.state = "released"
            self.changes.holds[line_id] = hold
        return hold

    def debit_hold(self, line_id: UUID, bucket_id: UUID) -> None:
        """Let a hold that was released tell that it ended by a debit, and from which bucket."""
        hold = self.changes.holds.get(line_id)
        if hold is not None:
            hold.state, hold.bucket_id = "debited", bucket_id

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

    def adjust(self, bucket_id: UUID, sessions: int, adjustment_id: UUID, now: datetime) -> Entry:
        """Write an adjustment by hand into the ledger."""
        bucket = self._change(bucket_id)
        membership = self.memberships[bucket.membership_id]
        entry = adjust(bucket, sessions, adjustment_id, membership.next_entry(), now)
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
