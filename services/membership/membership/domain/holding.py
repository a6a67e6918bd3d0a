"""Holds: sessions set aside for a booking (rules G4 to G7, X6)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.allocator import Ask
from membership.domain.memberships import Membership, Reason, why_not_held
from membership.domain.validity import local_date
from membership.domain.wallets import Hold, Wallet, Wallets, hold_places


class Line(NamedTuple):
    """A line that a membership is to pay; without full cover of the required ones, none is held."""

    line_id: UUID
    service_id: UUID
    required: bool
    automatic_debiting: bool
    appointment_id: UUID
    revision: int
    starts_at: datetime


class HoldRequest(NamedTuple):
    """A booking that asks for sessions; `lines` are in spot order."""

    booking_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    submitted_at: datetime
    lines: tuple[Line, ...]


class WhyNot(NamedTuple):
    """Why a membership does not carry a service; without an id: why none does."""

    membership_id: UUID | None
    service_id: UUID
    reason: Reason


class HoldsPlaced(NamedTuple):
    """The booking's lines with the memberships that carry them."""

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    carried: tuple[tuple[UUID, UUID], ...]


class HoldsRefused(NamedTuple):
    """No assignment covers the booking. A booking that has ended is refused without reasons."""

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    reasons: tuple[WhyNot, ...]


def hold_sessions(wallets: Wallets, request: HoldRequest) -> HoldsPlaced | HoldsRefused:
    """Set sessions aside for all required lines or for none, for others as far as there are any."""
    wallet = wallets.by_client[request.client_id]
    standing = [line for line in request.lines if not _is_over(wallets, line)]
    if request.lines and not standing:
        return _refused(request, ())
    carried = {line.line_id: _carrier(wallets, wallet, line) for line in standing}
    new = [
        line
        for line in standing
        if carried[line.line_id] is None and not _is_settled(wallets, line)
    ]
    today = local_date(request.submitted_at, request.time_zone)
    reach = wallet.reach(request.client_id)
    allocation = wallet.allocate([_ask(reach, line, today) for line in new], today)
    lacking = [line for line in new if line.required and line.line_id in allocation.uncovered]
    if lacking:
        return _refused(request, _reasons(reach, lacking, today))
    for line_id, bucket_id in allocation.moved.items():
        wallet.move(line_id, bucket_id)
    for line in new:
        bucket_id = allocation.placed.get(line.line_id)
        if bucket_id is not None:
            wallet.place(_hold(request, line, bucket_id))
            carried[line.line_id] = wallet.buckets[bucket_id].membership_id
    return HoldsPlaced(
        request.booking_id,
        request.location_id,
        request.client_id,
        tuple((line_id, carrier) for line_id, carrier in carried.items() if carrier is not None),
    )


def _ask(reach: Sequence[Membership], line: Line, today: date) -> Ask:
    places = hold_places(reach, line.service_id, today, automatic=line.automatic_debiting)
    return Ask(line.line_id, places, line.required)


def _is_over(wallets: Wallets, line: Line) -> bool:
    """Whether the line's appointment ended before its hold was asked for, however they arrive."""
    ending = wallets.endings.get(line.appointment_id)
    if ending is None or ending.how == "charged":
        return False
    return ending.how == "refused" or line.revision <= ending.revision


def _is_settled(wallets: Wallets, line: Line) -> bool:
    settlement = wallets.settlements.get(line.appointment_id)
    return settlement is not None and any(
        settled.line_id == line.line_id for settled in settlement.lines
    )


def _carrier(wallets: Wallets, wallet: Wallet, line: Line) -> UUID | None:
    """Return the membership that carries a line already, by its hold or its debit."""
    hold = wallet.holds.get(line.line_id)
    if hold is not None:
        return wallet.buckets[hold.bucket_id].membership_id
    settlement = wallets.settlements.get(line.appointment_id)
    if settlement is None:
        return None
    return next((s.membership_id for s in settlement.lines if s.line_id == line.line_id), None)


def _hold(request: HoldRequest, line: Line, bucket_id: UUID) -> Hold:
    return Hold(
        line_id=line.line_id,
        booking_id=request.booking_id,
        appointment_id=line.appointment_id,
        revision=line.revision,
        client_id=request.client_id,
        service_id=line.service_id,
        starts_at=line.starts_at,
        automatic_debiting=line.automatic_debiting,
        bucket_id=bucket_id,
    )


def _refused(request: HoldRequest, reasons: Iterable[WhyNot]) -> HoldsRefused:
    return HoldsRefused(request.booking_id, request.location_id, request.client_id, tuple(reasons))


def _reasons(reach: Sequence[Membership], lacking: Iterable[Line], today: date) -> Iterable[WhyNot]:
    """Say for each service without cover why each membership in reach does not carry it."""
    for service_id in dict.fromkeys(line.service_id for line in lacking):
        if not reach:
            yield WhyNot(None, service_id, "no_membership")
        for membership in reach:
            reason = why_not_held(membership, service_id, today)
            yield WhyNot(membership.membership_id, service_id, reason or "not_enough_sessions")
