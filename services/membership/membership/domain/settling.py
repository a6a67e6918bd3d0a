"""Settlement: sessions are debited when the appointment begins (rule A4).

Start, cancellation, claim and hold of an appointment may arrive in any order (rule A15).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.allocator import Ask
from membership.domain.appointments import HoldMoved
from membership.domain.history import Change
from membership.domain.judging import Court, why_none_pays
from membership.domain.ledger import Entry, Use
from membership.domain.memberships import Membership
from membership.domain.plans import Plan, PlannedLine
from membership.domain.reversing import Settled, follow_plan
from membership.domain.settlements import Judgement, SettledLine, Settlement, begin
from membership.domain.validity import local_date
from membership.domain.wallet import Wallet, places_in
from membership.domain.wallets import Wallets


class Start(NamedTuple):
    """An appointment begins; starts of one instant count by when they were accepted (rule A5)."""

    plan: Plan
    accepted_at: datetime

    @property
    def appointment_id(self) -> UUID:
        """Which appointment it is."""
        return self.plan.appointment_id

    @property
    def client_id(self) -> UUID:
        """Whose appointment it is."""
        return self.plan.client_id

    @property
    def chain_id(self) -> UUID:
        """In which chain it is."""
        return self.plan.chain_id


def settle(wallets: Wallets, start: Start, now: datetime) -> list[Settled]:
    """Debit the lines of an appointment that begins, as far as there are sessions (rule A8).

    Which membership pays is decided afresh in the order of rule A5; the line's own hold ends,
    those of others stay covered, and move where that lets an earlier membership pay. What an older
    plan's start debited comes back first; a start of an older plan is void (rule A15). Lines that
    were debited by hand, claimed, or undone after this start are left as they are (rule A16).
    """
    plan = start.plan
    lines = [line for line in plan.lines if line.is_automatic]
    if not lines or _is_settled(wallets, start) or _is_void(wallets, start):
        return []
    wallet = wallets.by_client[plan.client_id]
    events = follow_plan(wallets, wallet, plan, now)
    begun = begin(plan, wallets.settlements.get(plan.appointment_id), now)
    known = {line.line_id: line for line in begun.lines}
    settled = [_begun(wallets, plan, line, known.pop(line.line_id, None)) for line in lines]
    by_hand = [line for line in known.values() if line.is_debited or line.undone_at is not None]
    return events + debit_lines(wallets, begun, [*settled, *by_hand], now)


def _begun(
    wallets: Wallets, plan: Plan, line: PlannedLine, known: SettledLine | None
) -> SettledLine:
    """Return a line as it begins: debited by hand, or spared for a reason, or neither."""
    if known is not None and known.is_debited:
        return known._replace(plan=line)
    reason = wallets.why_spared(plan.appointment_id, line.line_id, plan.start)
    return SettledLine(line, reason=reason, undone_at=known.undone_at if known else None)


def _is_settled(wallets: Wallets, start: Start) -> bool:
    """Whether this start was settled before."""
    settlement = wallets.settlements.get(start.appointment_id)
    if settlement is None or not settlement.has_begun:
        return False
    return settlement.appointment_revision == start.plan.revision


def _is_void(wallets: Wallets, start: Start) -> bool:
    """Whether the start's plan is known to have ended without charge, or to be replaced."""
    if start.plan.revision < wallets.plan_in_force(start.appointment_id):
        return not _is_the_same_start(wallets, start)
    return wallets.is_void(start.appointment_id, start.plan.revision)


def _is_the_same_start(wallets: Wallets, start: Start) -> bool:
    """Whether a newer plan is known by a claim or debit before it alone, and begins then too.

    It differs by a cancellation with charge; or the start is reversed when the move is heard of.
    """
    moved = wallets.moved.get(start.appointment_id)
    settlement = wallets.settlements.get(start.appointment_id)
    if settlement is None or settlement.has_begun or settlement.start != start.plan.start:
        return False
    return moved is None or moved.revision <= start.plan.revision


def debit_lines(
    wallets: Wallets, settlement: Settlement, lines: Sequence[SettledLine], now: datetime
) -> list[Settled]:
    """Debit those of the lines that nothing is known of yet; the others stay as they are."""
    wallet = wallets.by_client[settlement.client_id]
    open_ = [line for line in lines if not line.is_debited and line.reason is None]
    court = Court(settlement.plan, wallet.reach(settlement.client_id))
    said = {line.line_id: court.judge(line.plan) for line in open_}
    moved, placed = _allocate(wallet, court, open_, said)
    events: list[Settled] = [*moved]
    settled: list[SettledLine] = []
    for line in lines:
        if line.is_debited or line.reason is not None:
            settled.append(line)
            continue
        # What was debited for one line may change what is said of the next.
        judged, _ = court.judge(line.plan) if events else said[line.line_id]
        if bucket_id := placed.get(line.line_id):
            paid_by = wallet.buckets[bucket_id].membership_id
            paid = line._replace(membership_id=paid_by, bucket_id=bucket_id, judged=judged)
            events.append(debit_line(wallets, wallet, settlement, paid, now))
            settled.append(paid)
        else:
            settled.append(line._replace(reason=why_none_pays(judged), judged=judged))
    after = settlement.changed(settled, now)
    wallets.settle(after)
    return [*events, after]


def debit_line(
    wallets: Wallets, wallet: Wallet, settlement: Settlement, line: SettledLine, now: datetime
) -> Entry:
    """Take the session of a line from its bucket; the first debit activates a membership."""
    assert line.bucket_id is not None, "the line has a place"
    use = Use(
        settlement.client_id,
        settlement.appointment_id,
        line.line_id,
        settlement.revision + 1,
        not line.by_hand,
        line.plan.service_id,
        settlement.visit_id,
    )
    entry = wallet.record(line.bucket_id, "debited", use, now)
    membership = wallet.memberships[entry.membership_id]
    if membership.activated_on is None:
        # An older visit is debited by hand: the time of what was sold since begins with the sale.
        day = max(settlement.plan.day, local_date(membership.issued_at, membership.time_zone))
        membership.activate(day, day)
        wallets.changes.note(membership, Change("activated", now))
    return entry


def _allocate(
    wallet: Wallet,
    court: Court,
    lines: Iterable[SettledLine],
    said: Mapping[UUID, tuple[tuple[Judgement, ...], list[Membership]]],
) -> tuple[list[HoldMoved], dict[UUID, UUID]]:
    """End the lines' own holds; return which others moved, and the bucket that pays for each line.

    Lines that nothing pays for are left out.
    """
    asks: list[Ask] = []
    for line in lines:
        hold = wallet.release(line.line_id)
        _, paying = said[line.line_id]
        places = places_in(paying, court.need(line.plan))
        # What was held is covered before what was not.
        asks.append(Ask(line.line_id, places, required=hold is not None))
    allocation = wallet.allocate(asks, court.day)
    moved = wallet.move(allocation.moved)
    for line_id, bucket_id in allocation.placed.items():
        wallet.debit_hold(line_id, bucket_id)
    return moved, allocation.placed
