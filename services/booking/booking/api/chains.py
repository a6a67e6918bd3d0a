"""Chains: their categories, all their services, what time it is there."""

from typing import Any, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from booking.api.access import found, not_in_public
from booking.queries import chains
from clocks import Clocks
from contracts.booking_views import (
    CategoryList,
    ChainView,
    LocationList,
    ServiceList,
    TestClockView,
)
from postgres import Database
from web import Principal
from web.problems import not_found


@get("/chains/{chain_id:uuid}")
async def get_chain(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> ChainView:
    """Return a chain."""
    _must_reach(principal, chain_id)
    return found(await chains.chain(database, chain_id), f"chain {chain_id}")


@get("/chains/{chain_id:uuid}/categories")
async def get_categories(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> CategoryList:
    """Return the categories of a chain."""
    _must_reach(principal, chain_id)
    return found(await chains.categories(database, chain_id), f"chain {chain_id}")


@get("/chains/{chain_id:uuid}/locations")
async def get_locations(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> LocationList:
    """Return the locations of a chain that are within reach: an operator's is its own."""
    not_in_public(principal)
    _must_reach(principal, chain_id)
    shown = await chains.locations(database, chain_id, principal.location_id)
    return found(shown, f"chain {chain_id}")


@get("/chains/{chain_id:uuid}/services")
async def get_chain_services(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> ServiceList:
    """Return the services of all locations of a chain."""
    not_in_public(principal)
    _must_reach(principal, chain_id)
    return found(await chains.services(database, chain_id), f"chain {chain_id}")


@get("/chains/{chain_id:uuid}/clock")
async def get_clock(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    clocks: NamedDependency[Clocks],
) -> TestClockView:
    """Return what time it is in a chain, as far as this service is concerned."""
    _must_reach(principal, chain_id)
    return found(await chains.clock(database, clocks, chain_id), f"chain {chain_id}")


def _must_reach(principal: Principal, chain_id: UUID) -> None:
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")


ROUTES: Final[list[Any]] = [
    get_chain,
    get_categories,
    get_locations,
    get_chain_services,
    get_clock,
]
