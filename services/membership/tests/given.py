"""What the tests of the domain begin with."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from membership.domain.holding import HoldRequest, Line
from membership.domain.ledger import Bucket
from membership.domain.memberships import Membership
from membership.domain.settling import AppointmentEnd, Start, StartedLine
from membership.domain.wallets import Ending, Wallet, Wallets

YOGA: Final = uuid4()
MASSAGE: Final = uuid4()
CHAIN: Final = uuid4()
LOCATION: Final = uuid4()
NOW: Final = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TODAY: Final = date(2026, 3, 10)
START: Final = NOW + timedelta(days=2)
ZONE: Final = "Europe/Berlin"


def a_membership(
    owner: UUID,
    *,
    sessions: int | None = 8,
    services: tuple[UUID, ...] = (YOGA,),
    shared: tuple[UUID, ...] = (),
    **terms: Any,
) -> Membership:
    membership_id = uuid4()
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
        "buckets": [Bucket(uuid4(), membership_id, frozenset(services), sessions, entries=1)],
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


def a_line(service: UUID = YOGA, **terms: Any) -> Line:
    values: dict[str, Any] = {
        "line_id": uuid4(),
        "service_id": service,
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


def a_request(client: UUID, *lines: Line, submitted_at: datetime = NOW) -> HoldRequest:
    return HoldRequest(uuid4(), LOCATION, ZONE, client, submitted_at, lines)


def start_of(client: UUID, *lines: Line, start: datetime | None = None) -> Start:
    """The start of the appointment that these lines belong to."""
    return Start(
        appointment_id=lines[0].appointment_id,
        revision=lines[0].revision,
        booking_id=uuid4(),
        visit_id=uuid4(),
        chain_id=CHAIN,
        location_id=LOCATION,
        time_zone=ZONE,
        client_id=client,
        start=start or lines[0].starts_at,
        accepted_at=NOW,
        lines=tuple(StartedLine(line.line_id, line.service_id) for line in lines),
    )


def cancelled(client: UUID, line: Line, *, charge: bool = False) -> AppointmentEnd:
    how = "charged" if charge else "cancelled"
    return AppointmentEnd(client, Ending(line.appointment_id, line.revision + 1, how))


def booking_refused(client: UUID, line: Line) -> AppointmentEnd:
    return AppointmentEnd(client, Ending(line.appointment_id, 0, "refused"))


def counts(membership: Membership) -> tuple[int, int, int]:
    """The sessions debited, held and expired."""
    return (
        sum(bucket.debited for bucket in membership.buckets),
        sum(bucket.held for bucket in membership.buckets),
        sum(bucket.expired for bucket in membership.buckets),
    )
