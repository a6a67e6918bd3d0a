"""HTTP in: sales, and what visits owe, for those within whose reach they are."""

from typing import Annotated, Final
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from clocks import Clocks
from contracts.report_views import OwedByVisits, VisitsOwe
from contracts.sales_views import DebtList, OwedLines, SaleList, SaleView
from postgres import Database
from sales import announcements
from sales.api.reading import READERS, sees
from sales.queries import debts, sales
from web import Principal
from web.pagination import DEFAULT_LIMIT, Cursor, Limit
from web.problems import not_found

_Ids = Annotated[list[UUID] | None, QueryParameter(name="client_id", max_items=500)]
_Chain = Annotated[UUID, QueryParameter(name="chain_id")]


@get("/sales/{sale_id:uuid}")
async def get_sale(
    sale_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> SaleView:
    """Return a sale."""
    sale = await sales.sale(database, sale_id)
    if sale is None or not sees(principal, sale.chain_id, sale.location_id):
        raise not_found(f"sale {sale_id}")
    return announcements.sale_view(sale)


@get("/locations/{location_id:uuid}/sales")
async def get_sales(
    location_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    *,
    client_ids: _Ids = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> SaleList:
    """Return the sales at a location, newest first; with clients only theirs."""
    if principal.role not in READERS or principal.location_id not in {None, location_id}:
        raise not_found(f"location {location_id}")
    place = sales.Place(location_id, principal.chain_id, client_ids or ())
    return await sales.of_location(database, place, cursor, limit)


@get("/chains/{chain_id:uuid}/clients/{client_id:uuid}/sales")
async def get_sales_of_client(
    chain_id: FromPath[UUID],
    client_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    *,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> SaleList:
    """Return what a client bought in the chain, newest first."""
    _require_chain(principal, chain_id)
    return await sales.of_client(database, chain_id, client_id, cursor, limit)


@get("/chains/{chain_id:uuid}/clients/{client_id:uuid}/debts")
async def get_debts_of_client(
    chain_id: FromPath[UUID],
    client_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    clocks: NamedDependency[Clocks],
) -> DebtList:
    """Return what a client owes for visits that have begun, oldest first."""
    _require_chain(principal, chain_id)
    return await debts.debts(database, clocks, chain_id, [client_id])


@get("/owed-lines")
async def get_failed_lines(
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    clocks: NamedDependency[Clocks],
    chain_id: _Chain,
    client_ids: _Ids = None,
) -> OwedLines:
    """Return the lines of clients whose automatic debiting failed, oldest first."""
    _require_chain(principal, chain_id)
    return await debts.failed_lines(database, clocks, chain_id, client_ids or ())


@post("/locations/{location_id:uuid}/owed-by-visits", status_code=200)
async def ask_owed_by_visits(
    location_id: FromPath[UUID],
    data: JSONBody[OwedByVisits],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> VisitsOwe:
    """Return what visits at a location owe; nothing is changed."""
    if principal.role not in READERS or principal.location_id not in {None, location_id}:
        raise not_found(f"location {location_id}")
    return await debts.owed_by_visits(database, location_id, principal.chain_id, data.visit_ids)


@get("/locations/{location_id:uuid}/visits/{visit_id:uuid}/owed-lines")
async def get_owed_lines(
    location_id: FromPath[UUID],
    visit_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    clocks: NamedDependency[Clocks],
) -> OwedLines:
    """Return the lines of a visit that nothing has paid, nor is about to."""
    found = await debts.lines_of_visit(database, clocks, visit_id)
    if found is None or not (
        found[0].owner.location_id == location_id
        and sees(principal, found[0].owner.chain_id, location_id)
    ):
        raise not_found(f"visit {visit_id}")
    return found[1]


def _require_chain(principal: Principal, chain_id: UUID) -> None:
    if not sees(principal, chain_id):
        raise not_found(f"chain {chain_id}")


ROUTES: Final = (
    get_sale,
    get_sales,
    get_sales_of_client,
    get_debts_of_client,
    get_failed_lines,
    ask_owed_by_visits,
    get_owed_lines,
)
