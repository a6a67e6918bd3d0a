"""What the tests of the domain begin with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from membership.domain.adjusting import Adjust, Extend, Void
from membership.domain.appointments import Ending
from membership.domain.claiming import ClaimRequest, Return, claim, return_claim
from membership.domain.debiting import DebitRequest, debit_by_hand
from membership.domain.endings import AppointmentEnd, end_appointment
from membership.domain.freezing import Freeze, Unfreeze
from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.holding import hold_sessions
from membership.domain.ledger import Bucket
from membership.domain.managing import manage
from membership.domain.memberships import Membership
from membership.domain.merged_clients import ClientMerge, meant, merge_clients
from membership.domain.plans import Plan, PlannedLine
from membership.domain.rescheduling import (
    Reschedule,
    RescheduleRefusal,
    refuse_reschedule,
    reschedule,
)
from membership.domain.settling import Start, settle
from membership.domain.sharing import Unshare
from membership.domain.undoing import ReversalRequest, Undo, reverse_lines, undo
from membership.domain.wallet import Wallet
from membership.domain.wallets import Wallets

YOGA: Final = uuid4()
MASSAGE: Final = uuid4()
CHAIN: Final = uuid4()
LOCATION: Final = uuid4()
NOW: Final = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TODAY: Final = date(2026, 3, 10)
START: Final = NOW + timedelta(days=2)
BEFORE: Final = START - timedelta(hours=1)
AFTER: Final = START + timedelta(hours=1)
ZONE: Final = "Europe/Berlin"


def a_membership(
    owner: UUID,
    *,
    sessions: int | None = 8,
    services: tuple[UUID, ...] = (YOGA,),
    categories: tuple[UUID, ...] = (),
    shared: tuple[UUID, ...] = (),
    **terms: Any,
) -> Membership:
    membership_id = uuid4()
    covers = frozenset(services), frozenset(categories)
    values: dict[str, Any] = {
        "membership_id": membership_id,
        "revision": 1,
        "chain_id": CHAIN,
        "membership_type_id": uuid4(),
        "sale_id": uuid4(),
        "name": "Yoga",
        "owner_client_id": owner,
        "shared_client_ids": shared,
        "state": "active",
        "time_zone": ZONE,
        "issued_at": NOW - timedelta(days=30),
        "activated_on": TODAY - timedelta(days=30),
        "expires_on": TODAY + timedelta(days=30),
        "validity": None,
        "auto_deduction": True,
        "frozen_at": None,
        "buckets": [Bucket(uuid4(), membership_id, *covers, sessions, entries=1)],
    }
    return Membership(**values | terms)


def wallets_of(*memberships: Membership, clients: tuple[UUID, ...] = ()) -> Wallets:
    """One wallet with all of them."""
    wallets = Wallets()
    wallet = Wallet(uuid4(), wallets.changes)
    for membership in memberships:
        wallet.include(membership)
        wallet.clients |= {membership.owner_client_id, *membership.shared_client_ids}
        wallets.by_membership[membership.membership_id] = wallet
    wallet.clients |= set(clients)
    wallets.by_client |= dict.fromkeys(wallet.clients, wallet)
    return wallets


def wallets_apart(*groups: tuple[UUID, tuple[Membership, ...]]) -> Wallets:
    """A wallet for each client, with memberships."""
    wallets = Wallets()
    for client_id, memberships in groups:
        wallet = Wallet(uuid4(), wallets.changes, {client_id})
        wallets.by_client[client_id] = wallet
        for membership in memberships:
            wallet.include(membership)
            wallets.by_membership[membership.membership_id] = wallet
    return wallets


def merged(kept: UUID, *others: UUID) -> ClientMerge:
    """That clients are one from now on."""
    return ClientMerge(CHAIN, kept, others)


def a_line(service: UUID = YOGA, **terms: Any) -> Line:
    values: dict[str, Any] = {
        "line_id": uuid4(),
        "service_id": service,
        "category_id": None,
        "required": True,
        "automatic_debiting": True,
        "appointment_id": uuid4(),
        "revision": 1,
        "starts_at": START,
    }
    return Line(**values | terms)


def lines_of_one(*services: UUID, **terms: Any) -> tuple[Line, ...]:
    """The lines of one appointment."""
    appointment_id = uuid4()
    return tuple(a_line(service, appointment_id=appointment_id, **terms) for service in services)


def a_request(
    client: UUID, *lines: Line, submitted_at: datetime = NOW, **terms: Any
) -> HoldRequest:
    request = HoldRequest(uuid4(), CHAIN, LOCATION, ZONE, client, submitted_at, lines)
    return request._replace(**terms)


LATER: Final = START + timedelta(days=3)


def moved(*lines: Line, to: datetime = LATER, revision: int = 2) -> tuple[Line, ...]:
    """The same lines at another time."""
    return tuple(line._replace(revision=revision, starts_at=to) for line in lines)


def rescheduled(client: UUID, *lines: Line, at: datetime = NOW) -> Reschedule:
    """That the appointment of these lines, as they are now, was moved."""
    return Reschedule(plan_of(client, *lines), at)


def reschedule_refused(request: HoldRequest) -> RescheduleRefusal:
    """That the other time, which these lines asked for, was refused."""
    assert request.reschedule_id is not None
    return RescheduleRefusal(
        request.reschedule_id, request.lines[0].appointment_id, request.client_id
    )


def tell(wallets: Wallets, message: object) -> list[Any]:
    """Decide about any message, at the first start; an undoing at its own time."""
    message = meant(wallets, message)
    match message:
        case Start():
            return [*settle(wallets, message, START)]
        case HoldRequest():
            hold_sessions(wallets, message)
            return []
        case ClaimRequest() | Return() | DebitRequest() | ReversalRequest() | Undo():
            return [*_pay(wallets, message)]
        case AppointmentEnd():
            return [*end_appointment(wallets, message, START)]
        case Freeze() | Unfreeze() | Unshare() | Extend() | Adjust() | Void():
            return [*manage(wallets, message, START)]
        case _:
            return _move(wallets, message)


def _pay(
    wallets: Wallets, message: ClaimRequest | Return | DebitRequest | ReversalRequest | Undo
) -> Sequence[Any]:
    match message:
        case Undo():
            return undo(wallets, message, message.at)
        case ReversalRequest():
            return reverse_lines(wallets, message, message.at)
        case ClaimRequest():
            return claim(wallets, message, START)
        case Return():
            return return_claim(wallets, message, START)
        case DebitRequest():
            return debit_by_hand(wallets, message, START)


def _move(wallets: Wallets, message: object) -> list[Any]:
    if isinstance(message, ClientMerge):
        merge_clients(wallets, message, START)
        return []
    if isinstance(message, Reschedule):
        return [*reschedule(wallets, message, START)]
    assert isinstance(message, RescheduleRefusal)
    refuse_reschedule(wallets, message)
    return []


def plan_of(client: UUID, *lines: Line) -> Plan:
    """The appointment that these lines belong to."""
    return Plan(
        appointment_id=lines[0].appointment_id,
        revision=lines[0].revision,
        booking_id=uuid4(),
        visit_id=uuid4(),
        chain_id=CHAIN,
        location_id=LOCATION,
        time_zone=ZONE,
        client_id=client,
        start=lines[0].starts_at,
        lines=tuple(
            PlannedLine(line.line_id, line.service_id, line.category_id, line.automatic_debiting)
            for line in lines
        ),
    )


def start_of(client: UUID, *lines: Line, start: datetime | None = None) -> Start:
    """The start of the appointment that these lines belong to."""
    plan = plan_of(client, *lines)
    return Start(plan._replace(start=start or plan.start), NOW)


def cancelled(client: UUID, line: Line, *, charge: bool = False) -> AppointmentEnd:
    how = "charged" if charge else "cancelled"
    return AppointmentEnd(client, CHAIN, Ending(line.appointment_id, line.revision + 1, how))


def undone(client: UUID, *lines: Line, at: datetime = AFTER, **terms: Any) -> Undo:
    """That the debits of these lines are undone."""
    ids = tuple(line.line_id for line in lines)
    request = Undo(lines[0].appointment_id, client, CHAIN, LOCATION, ids, at)
    return request._replace(**terms)


def claimed(client: UUID, *lines: Line) -> ClaimRequest:
    """That money is to be taken for these lines."""
    ids = tuple(line.line_id for line in lines)
    plan = plan_of(client, *lines)
    return ClaimRequest(uuid4(), plan.appointment_id, plan.visit_id, client, ids, plan)


def returned(taken: ClaimRequest, *lines: Line, at: datetime = BEFORE) -> Return:
    """That the payment of a claim was undone."""
    return Return(taken.claim_id, plan_of(taken.client_id, *lines), at)


def by_hand(client: UUID, *lines: Line, membership_id: UUID | None = None) -> DebitRequest:
    """That these lines, all that the appointment has, are debited by hand."""
    ids = tuple(line.line_id for line in lines)
    return DebitRequest(uuid4(), plan_of(client, *lines), ids, membership_id)


def refunded(client: UUID, *lines: Line, at: datetime = AFTER) -> ReversalRequest:
    """That what paid these lines is refunded."""
    ids = tuple(line.line_id for line in lines)
    return ReversalRequest(uuid4(), plan_of(client, *lines), ids, at)


def booking_refused(client: UUID, line: Line) -> AppointmentEnd:
    return AppointmentEnd(client, CHAIN, Ending(line.appointment_id, 0, "refused"))


def counts(membership: Membership) -> tuple[int, int, int]:
    """The sessions debited, held and expired."""
    return (
        sum(bucket.debited for bucket in membership.buckets),
        sum(bucket.held for bucket in membership.buckets),
        sum(bucket.expired for bucket in membership.buckets),
    )
