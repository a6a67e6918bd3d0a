"""HTTP in: membership types, and what time it is in their chain."""

from datetime import datetime
from typing import Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from clocks import Clocks
from contracts.booking_views import TestClockView
from contracts.membership_views import MembershipTypeList, MembershipTypeView
from membership import queries
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


ROUTES: Final = (get_membership_types, get_membership_type, get_clock)
