"""Clients: names and phones, for those within whose reach the chain is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg

from booking.announcements.clients import client_view
from booking.queries.snapshots import snapshot
from booking.store import clients
from contracts.booking_views import ClientNames, ClientPage, ClientView
from postgres import Database
from web.pagination import page, position

# A name takes part in the order with so many characters that a cursor can hold them.
_PAGE: Final = """
SELECT client_id, lower(left(name, 100)) AS place FROM clients
WHERE chain_id = $1 AND name IS NOT NULL AND {wanted}
    AND ($2::text IS NULL OR (lower(left(name, 100)), client_id) > ($2, $3::uuid))
ORDER BY lower(left(name, 100)), client_id LIMIT $4
"""
_EVERYBODY: Final = "true"
# The numbers of clients who were merged are their clients', too.
_HOLDERS: Final = """
client_id IN (
    SELECT coalesce(alias.client_id, holder.client_id)
    FROM clients AS holder LEFT JOIN client_aliases AS alias ON alias.alias_id = holder.client_id
    WHERE holder.chain_id = $1 AND holder.phone {}
)
"""
_CALLED: Final = "strpos(lower(name), lower($5)) > 0"
_BY_PHONE: Final = _HOLDERS.format("= ANY($5::text[])")
_NUMBERED: Final = _HOLDERS.format("LIKE '%' || $6 || '%'")
_BY_PART: Final = f"({_CALLED} OR {_NUMBERED})"
_REGIONS: Final = "SELECT DISTINCT region FROM locations WHERE chain_id = $1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which clients a page has: with one of the `phones` (E.164), or a part of name or number."""

    phones: Collection[str] | None = None
    part: str | None = None

    @property
    def condition(self) -> tuple[str, tuple[Any, ...]]:
        """The condition, and the values from the fifth on."""
        if self.phones is not None:
            return _BY_PHONE, (list(self.phones),)
        if self.part is None:
            return _EVERYBODY, ()
        digits = _digits(self.part)
        return (_BY_PART, (self.part, digits)) if digits else (_CALLED, (self.part,))


async def client(database: Database, chain_id: UUID, client_id: UUID) -> ClientView | None:
    """Return the client of a chain whom an id means."""
    async with snapshot(database) as transaction:
        found = (await clients.load(transaction, chain_id, [client_id])).get(client_id)
    return None if found is None else client_view(chain_id, found)


async def client_page(
    database: Database, chain_id: UUID, wanted: Wanted, cursor: str | None, limit: int
) -> ClientPage:
    """Return clients of a chain by name; who was merged or erased is none of them."""
    condition, values = wanted.condition
    after, after_id = position(cursor, str) or (None, None)
    statement = _PAGE.format(wanted=condition)
    async with snapshot(database) as transaction:
        rows = await transaction.fetch(statement, chain_id, after, after_id, limit + 1, *values)
        shown, following = page(rows, limit, _place)
        ids: Sequence[UUID] = [row["client_id"] for row in shown]
        found = await clients.load(transaction, chain_id, ids)
    views = tuple(client_view(chain_id, found[each]) for each in ids)
    return ClientPage(clients=views, next_cursor=following)


async def client_names(
    database: Database, chain_id: UUID, client_ids: Collection[UUID]
) -> ClientNames:
    """Return the names of those clients of a chain who have one, by the ids that were asked for."""
    async with snapshot(database) as transaction:
        found = await clients.load(transaction, chain_id, client_ids)
    named = {asked: each.name for asked, each in found.items() if each.name is not None}
    return ClientNames(names=named)


async def regions(database: Database, chain_id: UUID) -> set[str]:
    """Return the phone regions of a chain's locations."""
    return {row["region"] for row in await database.pool.fetch(_REGIONS, chain_id)}


def _place(row: asyncpg.Record) -> tuple[str, UUID]:
    return row["place"], row["client_id"]


def _digits(part: str) -> str | None:
    """Return the digits of what can be a part of a number, without zeros before a local one."""
    if part.strip("+0123456789 ()./-"):
        return None
    return "".join(each for each in part if each.isdigit()).lstrip("0") or None
