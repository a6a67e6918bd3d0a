"""HTTP in: issued memberships, their uses and history, and what removing a client would do."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from contracts.membership import Status
from contracts.membership_views import (
    ChangePage,
    MembershipList,
    MembershipPage,
    MembershipView,
    RemovalPlan,
    UsePage,
)
from membership import queries
from membership.api.reading import require_insight, snapshot
from postgres import Database
from web import Principal
from web.pagination import DEFAULT_LIMIT, Cursor, Limit
from web.problems import invalid_field, not_found

_PATH: Final = "/memberships/{membership_id:uuid}"


@get(_PATH)
async def get_membership(
    membership_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> MembershipView:
    """Return an issued membership with its newest uses (rule S3)."""
    require_insight(principal)
    found = await queries.memberships_by_id(database.pool, [membership_id])
    membership = found.get(membership_id)
    if membership is None or not principal.reaches(membership.chain_id):
        raise not_found(f"membership {membership_id}")
    return membership


@get(_PATH + "/uses")
async def get_uses(
    membership_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> UsePage:
    """Return "Used in sales", newest first (rule S3)."""
    await _chain_of(database, principal, membership_id)
    return await queries.uses_of(database.pool, membership_id, cursor, limit)


@get(_PATH + "/changes")
async def get_changes(
    membership_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> ChangePage:
    """Return what was done with a membership, by whom and why, newest first."""
    await _chain_of(database, principal, membership_id)
    return await queries.changes_of(database.pool, membership_id, cursor, limit)


@get(_PATH + "/shared-clients/{client_id:uuid}/removal")
async def plan_removal(
    membership_id: FromPath[UUID],
    client_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> RemovalPlan:
    """Return what would become of a shared client's holds; nothing is changed (rule S2)."""
    chain_id = await _chain_of(database, principal, membership_id)
    async with snapshot(database) as connection:
        plan = await queries.removal_plan(connection, membership_id, chain_id, client_id)
    if plan is None:
        raise not_found(f"shared client {client_id}")
    return plan


@get("/clients/{client_id:uuid}/memberships")
async def get_memberships_of_client(
    client_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> MembershipList:
    """Return what a client owns and shares (rule S4), in the order of rule A5."""
    require_insight(principal)
    found = await queries.memberships_of(database.pool, client_id)
    within_reach = (one for one in found if principal.reaches(one.chain_id))
    return MembershipList(memberships=tuple(within_reach))


@get("/chains/{chain_id:uuid}/memberships")
async def get_issued_memberships(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    *,
    status: FromQuery[Status | None] = None,
    membership_type_id: FromQuery[UUID | None] = None,
    client_id: Annotated[list[UUID] | None, QueryParameter(max_items=100)] = None,
    name: FromQuery[str | None] = None,
    expires_from: FromQuery[date | None] = None,
    expires_until: FromQuery[date | None] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> MembershipPage:
    """Return the issued memberships of a chain, newest first.

    `name` is a part of theirs; with a `client_id` beside it, either will do.
    """
    require_insight(principal)
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")
    if name is not None and "\0" in name:
        raise invalid_field("name", "The character U+0000 cannot be stored.")
    search = queries.Search(
        status, membership_type_id, client_id or (), name, expires_from, expires_until
    )
    return await queries.issued_memberships(database.pool, chain_id, search, cursor, limit)


async def _chain_of(database: Database, principal: Principal, membership_id: UUID) -> UUID:
    """Return the chain of a membership within reach; raises 404."""
    require_insight(principal)
    chain_id = await queries.chain_of(database.pool, membership_id)
    if chain_id is None or not principal.reaches(chain_id):
        raise not_found(f"membership {membership_id}")
    return chain_id


ROUTES: Final = (
    get_membership,
    get_uses,
    get_changes,
    plan_removal,
    get_memberships_of_client,
    get_issued_memberships,
)
