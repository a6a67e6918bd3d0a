"""HTTP in: membership types, settlements, and what is asked without being done."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from clocks import Clocks
from contracts.booking_views import TestClockView
from contracts.membership import HeldLine, HoldSessions
from contracts.membership_views import (
    Explanation,
    HoldPlan,
    MembershipTypeList,
    MembershipTypeView,
    SettlementView,
)
from membership import commands, debits_api, membership_api, queries
from membership.announcements import refusal_details
from membership.commands.asking import hold_request, merges
from membership.domain.holding import HoldsRefused
from membership.reading import require_insight, snapshot
from postgres import Database
from web import Principal
from web.problems import not_found


@get("/chains/{chain_id:uuid}/membership-types")
async def get_membership_types(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> MembershipTypeList:
    """Return the membership types of a chain, by name."""
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")
    types = await queries.membership_types(database.pool, chain_id)
    return MembershipTypeList(membership_types=tuple(types))


@get("/chains/{chain_id:uuid}/membership-types/{membership_type_id:uuid}")
async def get_membership_type(
    chain_id: FromPath[UUID],
    membership_type_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> MembershipTypeView:
    """Return one membership type."""
    types = await queries.membership_types_by_id(database.pool, [membership_type_id])
    found = types.get(membership_type_id)
    if found is None or found.chain_id != chain_id or not principal.reaches(chain_id):
        raise not_found(f"membership type {membership_type_id}")
    return found


@get("/appointments/{appointment_id:uuid}/settlement")
async def get_settlement(
    appointment_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> SettlementView:
    """Return what sessions pay of an appointment."""
    require_insight(principal)
    found = await queries.settlements_by_id(database.pool, [appointment_id])
    if appointment_id in found:
        settlement, chain_id, location_id = found[appointment_id]
        if principal.reaches(chain_id, location_id):
            return settlement
    raise not_found(f"settlement of appointment {appointment_id}")


@get("/appointments/{appointment_id:uuid}/explanation")
async def get_explanation(
    appointment_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> Explanation:
    """Return why sessions were debited for an appointment as they were, or why not."""
    require_insight(principal)
    async with snapshot(database) as connection:
        found = await queries.explain(connection, appointment_id)
    if found is None or not principal.reaches(found.chain_id, found.location_id):
        raise not_found(f"explanation of appointment {appointment_id}")
    return found.explanation


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
    moved = ((hold.line_id, hold.membership_id) for hold in answer.moved)
    return HoldPlan(lines=_held(answer.carried), moved=_held(moved))


def _held(carried: Iterable[tuple[UUID, UUID]]) -> tuple[HeldLine, ...]:
    return tuple(HeldLine(line_id=line, membership_id=carrier) for line, carrier in carried)


@get("/chains/{chain_id:uuid}/clock")
async def get_clock(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    clocks: NamedDependency[Clocks],
) -> TestClockView:
    """Return what time it is in a chain."""
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")
    async with database.transaction() as transaction:
        now: datetime = await transaction.fetchval("SELECT now()")
        revision, ahead = await clocks.reading(transaction, chain_id)
    seconds = int(ahead.total_seconds())
    return TestClockView(
        chain_id=chain_id, revision=revision, offset_seconds=seconds, now=now + ahead
    )


ROUTES: Final = (
    *membership_api.ROUTES,
    *debits_api.ROUTES,
    get_membership_types,
    get_membership_type,
    get_settlement,
    get_explanation,
    plan_holds,
    get_clock,
)
