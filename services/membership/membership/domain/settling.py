"""Settlement: sessions are debited when the appointment begins, and come back when it ends.

Start, cancellation and hold of an appointment may arrive in any order (rule A15).
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeAlias
from uuid import UUID

from membership.domain.allocator import Ask
from membership.domain.appointments import Ending, HoldMoved, SettledLine, Settlement
from membership.domain.ledger import Entry, Use
from membership.domain.memberships import Membership, Need, Reason, why_not_debited
from membership.domain.validity import local_date
from membership.domain.wallets import Wallet, Wallets, places_in

Settled: TypeAlias = HoldMoved | Entry | Settlement


class StartedLine(NamedTuple):
    """A line with automatic debiting."""

    line_id: UUID
    service_id: UUID
    category_id: UUID | None


class Start(NamedTuple):
    """An appointment begins; `lines` are those with automatic debiting, in spot order."""

    appointment_id: UUID
    revision: int
    booking_id: UUID
    visit_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    start: datetime
    accepted_at: datetime
    lines: tuple[StartedLine, ...]


class AppointmentEnd(NamedTuple):
    """An appointment ended: it was cancelled, or its booking, of an unnamed chain, was refused."""

    client_id: UUID
    chain_id: UUID | None
    ending: Ending

    @property
    def appointment_id(self) -> UUID:
        """Which appointment it was."""
        return self.ending.appointment_id


def settle(wallets: Wallets, start: Start, now: datetime) -> list[Settled]:
    """Debit the lines of an appointment that begins, as far as there are sessions (rule A8).

    Which membership pays is decided afresh in the order of rule A5; the line's own hold ends,
    those of others stay covered, and move where that lets an earlier membership pay. What an older
    plan's start debited comes back first; a start of an older plan is void (rule A15).
    """
    if not start.lines or _is_settled(wallets, start) or _is_void(wallets, start):
        return []
    wallet = wallets.by_client[start.client_id]
    events = reverse(wallets, wallet, start.appointment_id, now)
    before = wallets.settlements.get(start.appointment_id)
    revision = before.revision + 1 if before else 1
    day = local_date(start.start, start.time_zone)
    reach = wallet.reach(start.client_id)
    moved, placed = _allocate(wallet, reach, start, day)
    events += moved
    lines: list[SettledLine] = []
    for line in start.lines:
        bucket_id = placed.get(line.line_id)
        if bucket_id is None:
            reason = _why_none_pays(reach, _need(start, line, day), start.start)
            lines.append(SettledLine(line.line_id, reason=reason))
            continue
        use = Use(start.client_id, start.appointment_id, line.line_id, revision)
        entry = wallet.record(bucket_id, "debited", use, now)
        membership = wallet.memberships[entry.membership_id]
        if membership.activated_on is None:
            membership.activate(day, day)
            wallets.changes.memberships[membership.membership_id] = membership
        lines.append(SettledLine(line.line_id, entry.membership_id, bucket_id))
        events.append(entry)
    settlement = _settlement(start, revision, tuple(lines), now)
    wallets.settle(settlement)
    events.append(settlement)
    return events


def _is_settled(wallets: Wallets, start: Start) -> bool:
    """Whether this start, or that of a newer plan, was settled before."""
    settlement = wallets.settlements.get(start.appointment_id)
    return settlement is not None and settlement.appointment_revision >= start.revision


def _is_void(wallets: Wallets, start: Start) -> bool:
    """Whether the start's plan is known to have ended without charge, or to be replaced."""
    if start.revision < wallets.moved.get(start.appointment_id, 0):
        return True
    return wallets.is_void(start.appointment_id, start.revision)


def _need(start: Start, line: StartedLine, day: date) -> Need:
    return Need(line.service_id, line.category_id, start.location_id, day)


def _allocate(
    wallet: Wallet, reach: Sequence[Membership], start: Start, day: date
) -> tuple[list[HoldMoved], dict[UUID, UUID]]:
    """End the lines' own holds; return which others moved, and the bucket that pays for each line.

    Lines that nothing pays for are left out.
    """
    asks: list[Ask] = []
    for line in start.lines:
        hold = wallet.release(line.line_id)
        need = _need(start, line, day)
        paying = [m for m in reach if why_not_debited(m, need, start.start) is None]
        # What was held is covered before what was not.
        asks.append(Ask(line.line_id, places_in(paying, need), required=hold is not None))
    allocation = wallet.allocate(asks, day)
    moved = wallet.move(allocation.moved)
    for line_id, bucket_id in allocation.placed.items():
        hold = wallet.changes.holds.get(line_id)
        if hold is not None:
            hold.state, hold.bucket_id = "debited", bucket_id
    return moved, allocation.placed


_CLOSENESS: dict[Reason, int] = {
    "no_membership": 0,
    "service_not_covered": 1,
    "location_not_covered": 2,
    "status_not_valid": 3,
    "no_auto_deduction": 4,
    "expired": 5,
    "used_up": 6,
    "frozen": 7,
    "not_enough_sessions": 8,
}


def _why_none_pays(reach: Sequence[Membership], need: Need, start: datetime) -> Reason:
    """Return the reason of the membership that came closest to paying."""
    if not reach:
        return "no_membership"
    reasons: list[Reason] = [
        why_not_debited(membership, need, start) or "not_enough_sessions" for membership in reach
    ]
    return max(reasons, key=lambda reason: _CLOSENESS[reason])


def _settlement(
    start: Start, revision: int, lines: tuple[SettledLine, ...], now: datetime
) -> Settlement:
    shortfall = sum(line.bucket_id is None for line in lines)
    return Settlement(
        appointment_id=start.appointment_id,
        revision=revision,
        appointment_revision=start.revision,
        booking_id=start.booking_id,
        visit_id=start.visit_id,
        chain_id=start.chain_id,
        location_id=start.location_id,
        client_id=start.client_id,
        outcome="not_debited" if shortfall else "debited",
        lines=lines,
        shortfall=shortfall,
        start=start.start,
        settled_at=now,
        delay_ms=max(0, (now - start.start) // timedelta(milliseconds=1)),
    )


def end_appointment(wallets: Wallets, end: AppointmentEnd, now: datetime) -> list[Settled]:
    """Release what is held for an appointment and give back what was debited, unless charged.

    With a charge, the hold stays for the start to settle, and what was debited stays debited.
    """
    ending = end.ending
    known = wallets.endings.get(ending.appointment_id)
    if known is not None and not _is_news(ending, known):
        return []
    wallets.end(ending)
    if ending.how == "charged":
        return []
    wallet = wallets.by_client[end.client_id]
    for hold in wallet.holds_of(ending.appointment_id):
        wallet.release(hold.line_id)
    return reverse(wallets, wallet, ending.appointment_id, now)


def _is_news(ending: Ending, known: Ending) -> bool:
    """Whether it ends otherwise than was known: by a newer revision, or by never having stood."""
    if known.how == "refused":
        return False
    return ending.how == "refused" or ending.revision > known.revision


def reverse(wallets: Wallets, wallet: Wallet, appointment_id: UUID, now: datetime) -> list[Settled]:
    """Give back what was debited for an appointment, each session to its own bucket.

    In an expired one it expires at once.
    """
    settlement = wallets.settlements.get(appointment_id)
    if settlement is None or settlement.outcome == "reversed":
        return []
    revision = settlement.revision + 1
    events: list[Settled] = []
    for line in settlement.lines:
        if line.bucket_id is None:
            continue
        use = Use(settlement.client_id, settlement.appointment_id, line.line_id, revision)
        entry = wallet.record(line.bucket_id, "reversed", use, now)
        events.append(entry)
        if entry.balance is not None and wallet.memberships[entry.membership_id].has_expired(now):
            events.append(wallet.record(line.bucket_id, "expired", use, now))
    reversed_settlement = settlement._replace(
        revision=revision,
        outcome="reversed",
        lines=tuple(SettledLine(line.line_id) for line in settlement.lines),
        shortfall=0,
        settled_at=now,
    )
    wallets.settle(reversed_settlement)
    events.append(reversed_settlement)
    return events
