"""What a sale of a visit would be: which memberships pay by themselves, and what is left."""

from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import FromPath

from contracts.membership_views import DebitPlan, DebitQuestion, PlannedDebit
from contracts.sales_views import BillView, OwedLine, OwedLines, ProposedLine, SaleProposal
from contracts.values import Money
from gateway.api.routes import question
from gateway.queries import Reading, names_of


@question(
    "/v1/locations/{location_id:uuid}/visits/{visit_id:uuid}/sale-proposal",
    SaleProposal,
    tag="Sales",
)
async def propose_sale(
    location_id: FromPath[UUID], visit_id: FromPath[UUID], reading: NamedDependency[Reading]
) -> SaleProposal:
    """Say which membership would pay each line that is owed (rule S5), and which others could."""
    owed = await reading.read(
        "sales", f"/locations/{location_id}/visits/{visit_id}/owed-lines", OwedLines
    )
    bill = await reading.read("sales", f"/visits/{visit_id}/bill", BillView)
    planned = await _planned(reading, bill.client_id, owed)
    lines = tuple(_proposed(line, planned.get(line.line_id)) for line in owed.lines)
    left = sum(line.price.amount for line in lines if line.membership_id is None)
    owners = {one.owner_client_id for line in lines for one in line.candidates}
    chain_id = owed.appointments[0].chain_id if owed.appointments else None
    return SaleProposal(
        client_id=bill.client_id,
        visit_id=visit_id,
        lines=lines,
        to_pay=Money(amount=left, currency=bill.owed.currency),
        names=await names_of(reading, chain_id, owners) if chain_id else {},
    )


async def _planned(reading: Reading, client_id: UUID, owed: OwedLines) -> dict[UUID, PlannedDebit]:
    if not owed.lines:
        return {}
    asked = DebitQuestion(
        client_id=client_id,
        appointments=owed.appointments,
        line_ids=tuple(line.line_id for line in owed.lines),
    )
    plan = await reading.judged("membership", "/debit-plans", asked, DebitPlan)
    return {line.line_id: line for line in plan.lines}


def _proposed(line: OwedLine, planned: PlannedDebit | None) -> ProposedLine:
    return ProposedLine(
        line_id=line.line_id,
        appointment_id=line.appointment_id,
        service_name=line.service_name,
        price=line.owed,
        membership_id=planned.membership_id if planned else None,
        candidates=planned.candidates if planned else (),
    )
