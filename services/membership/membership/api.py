"""HTTP in: membership types, memberships with their uses, settlements."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from contracts.membership_views import (
    MembershipList,
    MembershipTypeList,
    MembershipTypeView,
    MembershipView,
    SettlementView,
)
from contracts.problems import FORBIDDEN
from membership import queries
from postgres import Database
from web import Principal, ProblemError, Role
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


@get("/memberships/{membership_id:uuid}")
async def get_membership(
    membership_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> MembershipView:
    """Return an issued membership with its uses (rule S3)."""
    _require_insight(principal)
    found = await queries.memberships_by_id(database.pool, [membership_id], datetime.now(UTC))
    membership = found.get(membership_id)
    if membership is None or not principal.reaches(membership.chain_id):
        raise not_found(f"membership {membership_id}")
    return membership


@get("/clients/{client_id:uuid}/memberships")
async def get_memberships_of_client(
    client_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> MembershipList:
    """Return what a client owns and shares (rule S4), in the order of rule A5."""
    _require_insight(principal)
    found = await queries.memberships_of(database.pool, client_id, datetime.now(UTC))
    within_reach = (one for one in found if principal.reaches(one.chain_id))
    return MembershipList(memberships=tuple(within_reach))


@get("/appointments/{appointment_id:uuid}/settlement")
async def get_settlement(
    appointment_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> SettlementView:
    """Return the outcome of an appointment's automatic debiting."""
    _require_insight(principal)
    found = await queries.settlement(database.pool, appointment_id)
    if found is not None:
        settlement, chain_id, location_id = found
        if principal.reaches(chain_id, location_id):
            return settlement
    raise not_found(f"settlement of appointment {appointment_id}")


def _require_insight(principal: Principal) -> None:
    """Refuse the publishable key: anybody has it, and memberships are not for everybody."""
    if principal.role is Role.WIDGET:
        raise ProblemError(FORBIDDEN.problem("A key with the role widget may not read this."))


ROUTES: Final = (
    get_membership_types,
    get_membership_type,
    get_membership,
    get_memberships_of_client,
    get_settlement,
)
