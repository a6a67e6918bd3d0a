"""HTTP in: what is asked without being done: holds, and debits by hand."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from contracts.membership import HeldLine, HoldSessions
from contracts.membership_views import (
    Candidate,
    DebitPlan,
    DebitQuestion,
    HoldPlan,
    PlannedDebit,
)
from membership import commands, queries
from membership.announcements import refusal_details
from membership.api.reading import require_insight, snapshot
from membership.commands.asking import hold_request, merges
from membership.commands.selling import debit_question
from membership.domain import debit_plans
from membership.domain.holding import HoldsRefused
from postgres import Database
from web import Principal
from web.problems import not_found


@post("/hold-plans", status_code=200)
async def plan_holds(
    data: JSONBody[HoldSessions],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> HoldPlan:
    """Return what would become of a request to hold sessions now; nothing is changed."""
    if not principal.reaches(data.chain_id, data.location_id):
        raise not_found(f"location {data.location_id}")
    async with snapshot(database) as connection:
        answer = await commands.plan_holds(connection, hold_request(data), merges(data))
        if isinstance(answer, HoldsRefused):
            return HoldPlan(refused=True, reasons=refusal_details(answer.reasons))
        names = await queries.names_of(connection, {carrier for _, carrier in answer.carried})
    moved = ((hold.line_id, hold.membership_id) for hold in answer.moved)
    return HoldPlan(lines=_held(answer.carried), moved=_held(moved), names=names)


def _held(carried: Iterable[tuple[UUID, UUID]]) -> tuple[HeldLine, ...]:
    return tuple(HeldLine(line_id=line, membership_id=carrier) for line, carrier in carried)


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


ROUTES: Final = (plan_holds, plan_debits)
