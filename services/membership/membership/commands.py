"""What membership can be asked to do: lock and load, decide, announce, save."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from prometheus_client import Histogram

from contracts.problems import CONFLICT, NOT_FOUND
from membership import store
from membership.announcements import Decided, announce
from membership.domain.holding import HoldRequest, hold_sessions
from membership.domain.issuing import Sale, issue
from membership.domain.managing import Freeze, Share, Unfreeze, manage
from membership.domain.memberships import MembershipType
from membership.domain.refusals import Conflict, NotFound
from membership.domain.settling import AppointmentEnd, Start, end_appointment, settle
from membership.domain.wallets import Wallets
from messaging import Work

_DELAY: Final = Histogram(
    "membership_settlement_delay_seconds",
    "From the start of an appointment to the settlement of its automatic debiting.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)

Request: TypeAlias = Sale | Freeze | Unfreeze | Share | HoldRequest | AppointmentEnd | Start


class Asked(NamedTuple):
    """What one message asks for; its id is the cause of whatever follows."""

    cause: UUID
    request: Request


async def create_membership_types(work: Work, types: Sequence[MembershipType]) -> None:
    """Offer membership types from now on; what was issued before is not touched."""
    await store.save_types(work.transaction, types)


async def decide(work: Work, asked: Sequence[Asked]) -> None:
    """Decide everything that a batch asks for, one after the other, under one lock of wallets.

    Commands that cannot be carried out are refused; who asked concludes the others.
    """
    if not asked:
        return
    requests = [one.request for one in asked]
    wallets = await store.lock_and_load(work.transaction, _keys(requests))
    types = await store.load_types(
        work.transaction, {one.membership_type_id for one in requests if isinstance(one, Sale)}
    )
    for cause, request in _in_order(asked):
        try:
            for decided in _decide(wallets, request, types, work):
                work.publish(announce(decided, work.now), cause=cause)
        except NotFound as missing:
            work.refuse(cause, NOT_FOUND.problem(f"There is no such {missing} here."))
        except Conflict as conflict:
            work.refuse(cause, CONFLICT.problem(str(conflict)))
    await store.save(work.transaction, wallets)


def _keys(requests: Iterable[Request]) -> store.Keys:
    keys = store.Keys(set(), set(), set())
    for request in requests:
        match request:
            case Start() | AppointmentEnd():
                keys.clients.add(request.client_id)
                keys.appointments.add(request.appointment_id)
            case HoldRequest():
                keys.clients.add(request.client_id)
                keys.appointments.update(line.appointment_id for line in request.lines)
            case Sale():
                keys.clients.add(request.client_id)
            case Share():
                keys.clients.add(request.client_id)
                keys.memberships.add(request.membership_id)
            case Freeze() | Unfreeze():
                keys.memberships.add(request.membership_id)
    return keys


def _in_order(asked: Sequence[Asked]) -> Iterable[Asked]:
    """Return the starts last, in the order in which rule A5 counts them."""
    yield from (one for one in asked if not isinstance(one.request, Start))
    starts = [(one.request, one) for one in asked if isinstance(one.request, Start)]
    starts.sort(key=lambda pair: (pair[0].start, pair[0].accepted_at, pair[0].appointment_id))
    yield from (one for _, one in starts)


def _decide(
    wallets: Wallets, request: Request, types: Mapping[UUID, MembershipType], work: Work
) -> Sequence[Decided]:
    match request:
        case Start():
            if events := settle(wallets, request, work.now):
                _DELAY.observe((work.now - request.start).total_seconds())
            return events
        case HoldRequest():
            return [hold_sessions(wallets, request)]
        case AppointmentEnd():
            return end_appointment(wallets, request, work.now)
        case Sale():
            return issue(wallets, request, types, work.now)
        case Freeze() | Unfreeze() | Share():
            return [manage(wallets, request)]
