"""Clients: names and phones, for those within whose reach the chain is."""

from typing import Final
from uuid import UUID

from contracts.booking_views import ClientList, ClientView
from postgres import Database

_BY_ID: Final = """
SELECT client_id, chain_id, name, phone FROM clients WHERE client_id = $1 AND chain_id = $2
"""
_BY_PHONE: Final = """
SELECT client_id, chain_id, name, phone FROM clients
WHERE chain_id = $1 AND phone = ANY($2::text[])
ORDER BY phone
"""
_REGIONS: Final = "SELECT DISTINCT region FROM locations WHERE chain_id = $1"


async def client(database: Database, chain_id: UUID, client_id: UUID) -> ClientView | None:
    """Return a client of a chain."""
    row = await database.pool.fetchrow(_BY_ID, client_id, chain_id)
    return None if row is None else ClientView.model_validate(dict(row))


async def clients_by_phone(database: Database, chain_id: UUID, phones: set[str]) -> ClientList:
    """Return the clients of a chain with one of these numbers, in E.164 form."""
    rows = await database.pool.fetch(_BY_PHONE, chain_id, list(phones))
    return ClientList(clients=tuple(ClientView.model_validate(dict(row)) for row in rows))


async def regions(database: Database, chain_id: UUID) -> set[str]:
    """Return the phone regions of a chain's locations."""
    return {row["region"] for row in await database.pool.fetch(_REGIONS, chain_id)}
