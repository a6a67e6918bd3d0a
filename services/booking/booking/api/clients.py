"""Clients."""

from typing import Annotated, Any, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from booking.api.access import found, not_in_public
from booking.queries import appointments, clients
from booking.queries.clients import Wanted
from contracts.booking_views import AppointmentPage, ClientNames, ClientPage, ClientView
from postgres import Database
from web import Principal
from web.pagination import DEFAULT_LIMIT, Cursor, Limit
from web.phones import in_e164
from web.problems import invalid_field, not_found

MOST_NAMES: Final = 500

Search = Annotated[str | None, QueryParameter(min_length=1, max_length=200)]


@get("/chains/{chain_id:uuid}/clients/{client_id:uuid}")
async def get_client(
    chain_id: FromPath[UUID],
    client_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> ClientView:
    """Return a client; the id of one who was merged means the other."""
    _must_reach(principal, chain_id)
    return found(await clients.client(database, chain_id, client_id), f"client {client_id}")


@get("/chains/{chain_id:uuid}/clients")
async def get_clients(
    *,
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    phone: FromQuery[str | None] = None,
    search: Search = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> ClientPage:
    """Return clients by name: all, or by a part of name or number, or by a whole number (G8)."""
    _must_reach(principal, chain_id)
    phones = None if phone is None else await _numbers(database, chain_id, phone)
    wanted = Wanted(phones, search)
    return await clients.client_page(database, chain_id, wanted, cursor, limit)


@get("/chains/{chain_id:uuid}/client-names")
async def get_client_names(
    chain_id: FromPath[UUID],
    client_id: FromQuery[list[UUID]],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> ClientNames:
    """Return the names of clients, by the ids that were asked for; who was erased has none."""
    _must_reach(principal, chain_id)
    if len(client_id) > MOST_NAMES:
        raise invalid_field("client_id", f"give {MOST_NAMES} clients at most")
    return await clients.client_names(database, chain_id, client_id)


@get("/chains/{chain_id:uuid}/clients/{client_id:uuid}/appointments")
async def get_appointments(
    *,
    chain_id: FromPath[UUID],
    client_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> AppointmentPage:
    """Return a client's appointments in all locations of the chain, the latest start first."""
    _must_reach(principal, chain_id)
    answer = await appointments.appointments_of(database, chain_id, client_id, cursor, limit)
    return found(answer, f"client {client_id}")


async def _numbers(database: Database, chain_id: UUID, phone: str) -> set[str]:
    """Return what a number can mean, however it is typed, in any of the chain's regions (G8)."""
    # A plus that was not encoded arrives as a space.
    typed = f"+{phone.strip()}" if phone.startswith(" ") else phone
    regions = await clients.regions(database, chain_id)
    return {number for region in (*regions, None) if (number := in_e164(typed, region))}


def _must_reach(principal: Principal, chain_id: UUID) -> None:
    not_in_public(principal)
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")


ROUTES: Final[list[Any]] = [get_client, get_clients, get_client_names, get_appointments]
