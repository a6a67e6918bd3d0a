"""What a batch asks for: lock and load, decide, announce, save."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from prometheus_client import Histogram

from clocks import Times
from contracts.problems import CONFLICT, INVALID_REQUEST, NOT_FOUND, SESSIONS_HELD
from contracts.reply import FieldError, Problem
from membership import store
from membership.announcements import Decided, announce
from membership.commands.freezes import unfreeze_all_due
from membership.domain.adjusting import Adjust, Extend, Void
from membership.domain.appointments import Hold
from membership.domain.claiming import ClaimRequest, Return, claim, return_claim
from membership.domain.debiting import DebitRequest, debit_by_hand
from membership.domain.endings import AppointmentEnd, end_appointment
from membership.domain.freezing import Freeze, Unfreeze
from membership.domain.hold_requests import HoldRequest
from membership.domain.holding import HoldsPlaced, hold_sessions
from membership.domain.importing import Import, import_membership
from membership.domain.issuing import Sale, issue
from membership.domain.managing import Management, manage
from membership.domain.memberships import MembershipType
from membership.domain.merged_clients import ClientMerge, meant, merge_clients
from membership.domain.refunding import SaleRefund, void_sold
from membership.domain.refusals import Conflict, Invalid, NotFound, SessionsHeld
from membership.domain.rescheduling import (
    Reschedule,
    RescheduleRefusal,
    refuse_reschedule,
    reschedule,
)
from membership.domain.settling import Start, settle
from membership.domain.sharing import Share, Unshare
from membership.domain.undoing import ReversalRequest, Undo, reverse_lines, undo
from membership.domain.wallets import Wallets
from messaging import Work

_DELAY: Final = Histogram(
    "membership_settlement_delay_seconds",
    "From the start of an appointment to the settlement of its automatic debiting.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)

Change: TypeAlias = AppointmentEnd | Reschedule | RescheduleRefusal | ClientMerge
Payment: TypeAlias = ClaimRequest | Return | DebitRequest | ReversalRequest | Undo
Issuing: TypeAlias = Sale | Import | SaleRefund
Request: TypeAlias = (
    Issuing | Management | HoldRequest | Change | Payment | Start
)  # fmt: skip


class Asked(NamedTuple):
    """What one message asks for; its id is the cause of whatever follows."""

    cause: UUID
    request: Request


async def decide(work: Work, asked: Sequence[Asked], times: Times) -> None:
    """Decide everything that a batch asks for, one after the other, under one lock of wallets.

    Commands that cannot be carried out are refused; who asked concludes the others.
    """
    if not asked:
        return
    requests = [one.request for one in asked]
    wallets = await store.lock_and_load(work.transaction, _keys(requests))
    type_ids = {one.membership_type_id for one in requests if isinstance(one, Sale | Import)}
    types = await store.load_types(work.transaction, type_ids)
    unfreeze_all_due(work, wallets, times)
    for cause, request in _in_order(asked):
        now = _now(request, work, times)
        try:
            for decided in _decide(wallets, meant(wallets, request), types, now):
                work.publish(announce(decided, now, wallets), cause=cause)
        except (NotFound, Conflict, Invalid, SessionsHeld) as refusal:
            work.refuse(cause, _problem(refusal))
    await store.save(work.transaction, wallets)


def _problem(refusal: NotFound | Conflict | Invalid | SessionsHeld) -> Problem:
    match refusal:
        case NotFound():
            return NOT_FOUND.problem(f"There is no such {refusal} here.")
        case Conflict():
            return CONFLICT.problem(str(refusal))
        case Invalid():
            error = FieldError(field=refusal.field, message=refusal.message)
            return INVALID_REQUEST.problem(f"Please correct: {refusal.field}.", errors=[error])
        case SessionsHeld(holds=holds):
            return SESSIONS_HELD.problem(
                f"{len(holds)} sessions are held that would be missing.", reasons=map(_held, holds)
            )


def _held(hold: Hold) -> dict[str, str]:
    return {
        "booking_id": str(hold.booking_id),
        "appointment_id": str(hold.appointment_id),
        "line_id": str(hold.line_id),
        "start": hold.starts_at.isoformat(),
    }


def _now(request: Request, work: Work, times: Times) -> datetime:
    """Return what time it is in the chain that is concerned; some facts do not name it."""
    match request:
        case RescheduleRefusal():
            return work.now
        case _ if request.chain_id is None:
            return work.now
        case _:
            return times.at(request.chain_id, work.now)


def _keys(requests: Iterable[Request]) -> store.Keys:
    keys = store.Keys()
    for request in requests:
        match request:
            case HoldRequest():
                keys.clients.add(request.client_id)
                keys.appointments.update(line.appointment_id for line in request.lines)
                if request.reschedule_id is not None:
                    keys.reschedules.add(request.reschedule_id)
            case ClientMerge():
                keys.clients.update(request.all_ids)
            case Sale() | Import() | SaleRefund():
                _add_issued(keys, request)
            case Share():
                keys.clients.add(request.client_id)
                keys.memberships.add(request.membership_id)
            case Freeze() | Unfreeze() | Unshare() | Extend() | Adjust() | Void():
                keys.memberships.add(request.membership_id)
            case _:
                keys.clients.add(request.client_id)
                keys.appointments.add(request.appointment_id)
    return keys


def _add_issued(keys: store.Keys, request: Issuing) -> None:
    match request:
        case Sale():
            keys.clients.add(request.client_id)
        case Import():
            keys.clients.update((request.client_id, *request.shared_client_ids))
            keys.memberships.add(request.membership_id)
        case SaleRefund():
            keys.memberships.add(request.membership_id)


def _in_order(asked: Sequence[Asked]) -> Iterable[Asked]:
    """Return the starts last, in the order in which rule A5 counts them.

    Who is one with whom comes first: whatever else is asked for may name the kept client.
    """
    yield from (one for one in asked if isinstance(one.request, ClientMerge))
    yield from (one for one in asked if not isinstance(one.request, (ClientMerge, Start)))
    starts = [(_place_in_line(one.request), one) for one in asked if isinstance(one.request, Start)]
    starts.sort(key=itemgetter(0))
    yield from (one for _, one in starts)


def _place_in_line(start: Start) -> tuple[float, float, int]:
    """Return what starts are sorted by: numbers compare faster than instants with a zone."""
    return start.plan.start.timestamp(), start.accepted_at.timestamp(), start.appointment_id.int


def _decide(
    wallets: Wallets, request: Request, types: Mapping[UUID, MembershipType], now: datetime
) -> Sequence[Decided]:
    match request:
        case Start():
            if events := settle(wallets, request, now):
                _DELAY.observe((now - request.plan.start).total_seconds())
            return events
        case HoldRequest():
            answer = hold_sessions(wallets, request)
            return [*answer.moved, answer] if isinstance(answer, HoldsPlaced) else [answer]
        case Sale() | Import() | SaleRefund():
            return _issue(wallets, request, types, now)
        case Freeze() | Unfreeze() | Share() | Unshare() | Extend() | Adjust() | Void():
            return manage(wallets, request, now)
        case AppointmentEnd() | Reschedule() | RescheduleRefusal() | ClientMerge():
            return _change(wallets, request, now)
        case _:
            return _pay(wallets, request, now)


def _issue(
    wallets: Wallets, request: Issuing, types: Mapping[UUID, MembershipType], now: datetime
) -> Sequence[Decided]:
    match request:
        case Sale():
            return issue(wallets, request, types, now)
        case Import():
            return import_membership(wallets, request, types, now)
        case SaleRefund():
            return void_sold(wallets, request, now)


def _change(wallets: Wallets, change: Change, now: datetime) -> Sequence[Decided]:
    match change:
        case AppointmentEnd():
            return end_appointment(wallets, change, now)
        case Reschedule():
            return reschedule(wallets, change, now)
        case RescheduleRefusal():
            refuse_reschedule(wallets, change)
            return []
        case ClientMerge():
            merge_clients(wallets, change, now)
            return []


def _pay(wallets: Wallets, payment: Payment, now: datetime) -> Sequence[Decided]:
    match payment:
        case ClaimRequest():
            return claim(wallets, payment, now)
        case Return():
            return return_claim(wallets, payment, now)
        case DebitRequest():
            return debit_by_hand(wallets, payment, now)
        case ReversalRequest():
            return reverse_lines(wallets, payment, now)
        case Undo():
            return undo(wallets, payment, now)
