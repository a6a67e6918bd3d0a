"""Sales: one of them, or those of a location or a client in pages, newest first."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from contracts.sales_views import SaleList, SaleView
from postgres import Database, Transaction
from sales.announcements import sale_view
from sales.domain.sales.sale import Sale
from sales.queries.debts import snapshot
from sales.store import clients
from sales.store import sales as store
from web.pagination import instant, page, position

_SALE = "SELECT * FROM sales WHERE sale_id = $1"
_OF_LOCATION = """
SELECT *
FROM sales
WHERE location_id = $1 AND (cardinality($2::uuid[]) = 0 OR client_id = ANY($2))
    AND ($6::uuid IS NULL OR chain_id = $6)
    AND ($3::timestamptz IS NULL OR (sold_at, sale_id) < ($3, $4))
ORDER BY sold_at DESC, sale_id DESC
LIMIT $5
"""
_OF_CLIENT = """
SELECT *
FROM sales
WHERE chain_id = $1 AND client_id = ANY($2)
    AND ($3::timestamptz IS NULL OR (sold_at, sale_id) < ($3, $4))
ORDER BY sold_at DESC, sale_id DESC
LIMIT $5
"""


class Place(NamedTuple):
    """Where it was sold, if in this chain; with clients only to them."""

    location_id: UUID
    chain_id: UUID | None
    client_ids: Collection[UUID]


async def sale(database: Database, sale_id: UUID) -> Sale | None:
    """Return a sale."""
    async with snapshot(database) as transaction:
        found = await store.load(transaction, await transaction.fetch(_SALE, sale_id))
    return found.get(sale_id)


async def of_location(database: Database, place: Place, cursor: str | None, limit: int) -> SaleList:
    """Return a page of the sales at a location."""
    before, behind = position(cursor, instant) or (None, None)
    async with snapshot(database) as transaction:
        ids = list(await clients.with_merged(transaction, place.client_ids))
        rows = await transaction.fetch(
            _OF_LOCATION, place.location_id, ids, before, behind, limit + 1, place.chain_id
        )
        return await _page(transaction, rows, limit)


async def of_client(
    database: Database, chain_id: UUID, client_id: UUID, cursor: str | None, limit: int
) -> SaleList:
    """Return a page of what a client bought, at all locations of the chain."""
    before, behind = position(cursor, instant) or (None, None)
    async with snapshot(database) as transaction:
        ids = await clients.with_merged(transaction, [client_id])
        rows = await transaction.fetch(_OF_CLIENT, chain_id, list(ids), before, behind, limit + 1)
        return await _page(transaction, rows, limit)


async def _page(transaction: Transaction, rows: Sequence[object], limit: int) -> SaleList:
    found = list((await store.load(transaction, rows)).values())
    kept, next_cursor = page(found, limit, _place)
    views: tuple[SaleView, ...] = tuple(map(sale_view, kept))
    return SaleList(sales=views, next_cursor=next_cursor)


def _place(sale: Sale) -> tuple[datetime, UUID]:
    return sale.sold_at, sale.sale_id
