"""HTTP in: what could pay lines by hand."""

from typing import Final

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from contracts.membership_views import Candidate, DebitPlan, DebitQuestion, PlannedDebit
from membership import commands
from membership.commands.selling import debit_question
from membership.domain import debit_plans
from membership.reading import require_insight, snapshot
from postgres import Database
from web import Principal
from web.problems import not_found


@post("/debit-plans", status_code=200)
async def plan_debits(
    data: JSONBody[DebitQuestion],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> DebitPlan:
    """Return what could pay lines by hand now, in the order of rule A5; nothing is changed."""
    require_insight(principal)
    for plan in data.appointments:
        if not principal.reaches(plan.chain_id):
            raise not_found(f"chain {plan.chain_id}")
    async with snapshot(database) as connection:
        planned = await commands.answer_debits(connection, debit_question(data))
    return DebitPlan(lines=tuple(map(_planned, planned)))


def _planned(planned: debit_plans.PlannedDebit) -> PlannedDebit:
    return PlannedDebit(
        line_id=planned.line_id,
        membership_id=planned.membership_id,
        candidates=tuple(
            Candidate(
                membership_id=membership.membership_id,
                name=membership.name,
                owner_client_id=membership.owner_client_id,
                expires_on=membership.expires_on,
                available=available,
                reason=reason,
            )
            for membership, available, reason in planned.candidates
        ),
    )


ROUTES: Final = (plan_debits,)
