"""Healing: visits that were not debited, and that a membership could pay now."""

from collections import Counter
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking_views import LocationView
from contracts.membership_views import DebitPlan, DebitQuestion, MembershipView
from contracts.sales import SettleUnpaidVisits, UnpaidVisitsForm
from contracts.sales_views import OwedLine, OwedLines, SettledVisits, UnpaidVisits
from contracts.values import Appointment, Money
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading
from web.problems import not_found

_TAG = "Memberships"


@question("/v1/memberships/{membership_id:uuid}/unpaid-visits", UnpaidVisits, tag=_TAG)
async def list_unpaid_visits(
    membership_id: FromPath[UUID], reading: NamedDependency[Reading]
) -> UnpaidVisits:
    """List what its clients owe since it was not debited, and this membership could pay now."""
    membership = await _membership(membership_id, reading)
    owed = await reading.read(
        "sales",
        "/owed-lines",
        OwedLines,
        chain_id=membership.chain_id,
        client_id=[membership.owner_client_id, *membership.shared_client_ids],
    )
    payable = await _payable(reading, membership_id, owed)
    lines = tuple(line for line in owed.lines if line.line_id in payable)
    return UnpaidVisits(membership_id=membership_id, lines=lines, total=_total(lines))


@command(
    "/v1/locations/{location_id:uuid}/memberships/{membership_id:uuid}/unpaid-visits",
    SettledVisits,
    tag=_TAG,
)
async def settle_unpaid_visits(
    location_id: FromPath[UUID],
    membership_id: FromPath[UUID],
    data: JSONBody[UnpaidVisitsForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Pay visits that were not debited with this membership, as far as it goes, in one step."""
    membership = await _membership(membership_id, reading)
    location = await reading.found("booking", f"/locations/{location_id}", LocationView)
    if location is None or location.chain_id != membership.chain_id:
        raise not_found(f"location {location_id}")
    return await submission.send(
        SettleUnpaidVisits(
            settlement_id=submission.new_id("settlement"),
            membership_id=membership_id,
            chain_id=membership.chain_id,
            location_id=location_id,
            client_ids=(membership.owner_client_id, *membership.shared_client_ids),
            unpaid=data,
        )
    )


async def _membership(membership_id: UUID, reading: Reading) -> MembershipView:
    return await reading.read("membership", f"/memberships/{membership_id}", MembershipView)


async def _payable(reading: Reading, membership_id: UUID, owed: OwedLines) -> set[UUID]:
    """Return the lines that the membership could pay, client by client."""
    wanted = {line.line_id for line in owed.lines}
    by_client: dict[UUID, list[Appointment]] = {}
    for appointment in owed.appointments:
        by_client.setdefault(appointment.client_id, []).append(appointment)
    payable: set[UUID] = set()
    for client_id, appointments in by_client.items():
        lines = {line.line_id for one in appointments for line in one.lines}
        asked = DebitQuestion(
            client_id=client_id,
            appointments=tuple(appointments),
            line_ids=tuple(lines & wanted),
            membership_id=membership_id,
        )
        plan = await reading.judged("membership", "/debit-plans", asked, DebitPlan)
        payable |= {line.line_id for line in plan.lines if line.membership_id is not None}
    return payable


def _total(lines: tuple[OwedLine, ...]) -> tuple[Money, ...]:
    amounts = Counter[str]()
    for line in lines:
        amounts[line.owed.currency] += line.owed.amount
    return tuple(
        Money(amount=amount, currency=currency) for currency, amount in sorted(amounts.items())
    )
