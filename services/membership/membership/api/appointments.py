"""HTTP in: what sessions pay of an appointment, and why."""

from typing import Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from contracts.membership_views import Explanation, SettlementView
from membership import queries
from membership.api.reading import require_insight, snapshot
from postgres import Database
from web import Principal
from web.problems import not_found


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


ROUTES: Final = (get_settlement, get_explanation)
