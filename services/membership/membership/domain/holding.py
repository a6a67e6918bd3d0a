"""Holds: sessions set aside for a booking, or for another time of it (rules G4 to G7, G11, X6)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from membership.domain.allocator import Allocation, Ask
from membership.domain.appointments import Hold, HoldMoved
from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.memberships import Membership, why_not_held
from membership.domain.reasons import WhyNot, reasons
from membership.domain.wallet import Wallet, hold_places
from membership.domain.wallets import Wallets


class HoldsPlaced(NamedTuple):
    """The booking's lines with the memberships that carry them, and which held lines moved."""

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    carried: tuple[tuple[UUID, UUID], ...]
    moved: tuple[HoldMoved, ...] = ()
    reschedule_id: UUID | None = None


class HoldsRefused(NamedTuple):
    """No assignment covers the booking. What has ended is refused without reasons."""

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    reasons: tuple[WhyNot, ...]
    reschedule_id: UUID | None = None


def hold_sessions(wallets: Wallets, request: HoldRequest) -> HoldsPlaced | HoldsRefused:
    """Set sessions aside for all required lines or for none, for others as far as there are any.

    Lines that ask for another time give up what they hold for what is best then, if all that are
    required find a place; else nothing changes.
    """
    standing = _standing(wallets, request)
    if request.lines and not standing:
        return _refused(request, ())
    wallet = wallets.by_client[request.client_id]
    carried = {line.line_id: _carrier(wallets, wallet, request, line) for line in standing}
    asking = [line for line in standing if _asks(wallets, request, line, carried[line.line_id])]
    reach = wallet.reach(request.client_id)
    allocation = _allocate(wallet, request, reach, asking)
    lacking = [line for line in asking if line.required and line.line_id in allocation.uncovered]
    if lacking:
        return _refused(request, reasons(wallet, request, reach, lacking))
    for line in standing:
        _adopt(wallets, wallet, request, line)
    moved = wallet.move(allocation.moved)
    for line in asking:
        bucket_id = allocation.placed.get(line.line_id)
        if bucket_id is not None:
            moved += _carry(wallets, wallet, request, line, bucket_id)
            carried[line.line_id] = wallet.buckets[bucket_id].membership_id
    return HoldsPlaced(
        request.booking_id,
        request.location_id,
        request.client_id,
        tuple((line_id, carrier) for line_id, carrier in carried.items() if carrier is not None),
        tuple(moved),
        request.reschedule_id,
    )


def _standing(wallets: Wallets, request: HoldRequest) -> list[Line]:
    """Return the lines that have not ended before their hold was asked for, however they arrive."""
    if request.reschedule_id in wallets.refused_reschedules:
        return []
    return [
        line for line in request.lines if not wallets.is_void(line.appointment_id, line.revision)
    ]


def _is_for_another_time(wallets: Wallets, request: HoldRequest, line: Line) -> bool:
    """Whether the plan that the line asks for is not in force yet."""
    in_force = wallets.plan_in_force(line.appointment_id)
    return request.reschedule_id is not None and line.revision > in_force


def _asks(wallets: Wallets, request: HoldRequest, line: Line, carrier: UUID | None) -> bool:
    """Whether a line needs a place: it is neither replaced nor settled nor, for now, carried."""
    if line.revision < wallets.plan_in_force(line.appointment_id):
        return False
    settlement = wallets.settlements.get(line.appointment_id)
    if settlement is not None and settlement.decides(line.line_id, line.revision):
        return False
    if wallets.why_spared(line.appointment_id, line.line_id, line.starts_at) is not None:
        return False
    if carrier is None:
        return True
    is_held = line.line_id in wallets.by_client[request.client_id].holds
    return is_held and _is_for_another_time(wallets, request, line)


def _carrier(wallets: Wallets, wallet: Wallet, request: HoldRequest, line: Line) -> UUID | None:
    """Return the membership that carries a line already, by its hold or its debit.

    The debit of an older plan carries the line to another time if the membership is valid then.
    """
    hold = wallet.holds.get(line.line_id)
    if hold is not None:
        return wallet.buckets[hold.bucket_id].membership_id
    settlement = wallets.settlements.get(line.appointment_id)
    debit = settlement.line(line.line_id) if settlement is not None else None
    paid = debit.membership_id if debit is not None else None
    if settlement is None or debit is None or paid is None or debit.by_hand:
        return paid
    if settlement.appointment_revision >= line.revision:
        return paid
    why_not = why_not_held(wallet.memberships[paid], request.need(line), request.today)
    # The session that was debited comes back, so that the membership is not used up.
    return paid if why_not in {None, "used_up"} else None


def _adopt(wallets: Wallets, wallet: Wallet, request: HoldRequest, line: Line) -> None:
    """Let what is held for another time be the line's own, now that its first plan asks late."""
    hold = wallet.holds.get(line.line_id)
    if hold is None or hold.reschedule_id is None or request.reschedule_id is not None:
        return
    if line.revision >= wallets.plan_in_force(line.appointment_id):
        hold.revision, hold.starts_at = line.revision, line.starts_at
        hold.visit_day, hold.reschedule_id = request.need(line).visit_day, None
        wallet.renew(hold)


def _allocate(
    wallet: Wallet, request: HoldRequest, reach: Sequence[Membership], asking: Sequence[Line]
) -> Allocation:
    """Find the best places; a line that finds none at another time stays where it is held."""
    own = {line.line_id for line in asking if line.line_id in wallet.holds}
    asks = [_ask(request, reach, line, own) for line in asking]
    while True:
        allocation = wallet.allocate(asks, request.today, own)
        stuck = own & allocation.uncovered
        lacking = {line.line_id for line in asking if line.required} & allocation.uncovered
        if lacking or not stuck:
            return allocation
        own -= stuck
        asks = [ask for ask in asks if ask.line_id not in stuck]


def _ask(request: HoldRequest, reach: Sequence[Membership], line: Line, own: set[UUID]) -> Ask:
    places = hold_places(
        reach, request.need(line), request.today, automatic=line.automatic_debiting
    )
    return Ask(line.line_id, places, line.required or line.line_id in own)


def _carry(
    wallets: Wallets, wallet: Wallet, request: HoldRequest, line: Line, bucket_id: UUID
) -> list[HoldMoved]:
    """Let a bucket carry a line; return what booking does not know of a line that was held."""
    if line.line_id in wallet.holds:
        hold = wallet.holds[line.line_id]
        return wallet.move({line.line_id: bucket_id}) if hold.bucket_id != bucket_id else []
    need = request.need(line)
    wallet.place(
        Hold(
            line_id=line.line_id,
            booking_id=request.booking_id,
            appointment_id=line.appointment_id,
            revision=line.revision,
            client_id=request.client_id,
            service_id=line.service_id,
            category_id=line.category_id,
            location_id=request.location_id,
            starts_at=line.starts_at,
            visit_day=need.visit_day,
            automatic_debiting=line.automatic_debiting,
            bucket_id=bucket_id,
            reschedule_id=(
                request.reschedule_id if _is_for_another_time(wallets, request, line) else None
            ),
            settlement_revision=wallets.settlement_revision(line.appointment_id),
        )
    )
    return []


def _refused(request: HoldRequest, reasons: Iterable[WhyNot]) -> HoldsRefused:
    return HoldsRefused(
        request.booking_id,
        request.location_id,
        request.client_id,
        tuple(reasons),
        request.reschedule_id,
    )
