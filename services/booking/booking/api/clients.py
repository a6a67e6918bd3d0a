"""Clients."""

from typing import Any, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from booking.api.access import found, not_in_public
from booking.commands.phones import in_e164
from booking.queries import clients
from contracts.booking_views import ClientList, ClientView
from postgres import Database
from web import Principal
from web.problems import not_found


@get("/chains/{chain_id:uuid}/clients/{client_id:uuid}")
async def get_client(
    chain_id: FromPath[UUID],
    client_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> ClientView:
    """Return a client."""
    _must_reach(principal, chain_id)
    return found(await clients.client(database, chain_id, client_id), f"client {client_id}")


@get("/chains/{chain_id:uuid}/clients")
async def get_clients(
    chain_id: FromPath[UUID],
    phone: FromQuery[str],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> ClientList:
    """Return who is known by a number, however it is typed, in any of the chain's regions (G8)."""
    _must_reach(principal, chain_id)
    # A plus that was not encoded arrives as a space.
    typed = f"+{phone.strip()}" if phone.startswith(" ") else phone
    regions = await clients.regions(database, chain_id)
    numbers = {in_e164(typed, region) for region in (*regions, None)}
    return await clients.clients_by_phone(database, chain_id, {n for n in numbers if n})


def _must_reach(principal: Principal, chain_id: UUID) -> None:
    not_in_public(principal)
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")


ROUTES: Final[list[Any]] = [get_client, get_clients]
