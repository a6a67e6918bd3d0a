"""Chains: each answer is None where there is no such chain."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from booking.announcements.offers import category_view, chain_view, location_view, service_view
from booking.queries.snapshots import snapshot
from booking.store import catalogue
from clocks import Clocks
from contracts.booking_views import (
    CategoryList,
    ChainView,
    LocationList,
    ServiceList,
    TestClockView,
)
from postgres import Database, Transaction

_EXISTS: Final = "SELECT EXISTS (SELECT FROM chains WHERE chain_id = $1)"


async def chain(database: Database, chain_id: UUID) -> ChainView | None:
    """Return a chain."""
    async with snapshot(database) as transaction:
        found = (await catalogue.chains(transaction, [chain_id])).get(chain_id)
    return None if found is None else chain_view(found)


async def categories(database: Database, chain_id: UUID) -> CategoryList | None:
    """Return the categories of a chain, by name."""
    async with snapshot(database) as transaction:
        if not await _exists(transaction, chain_id):
            return None
        found = await catalogue.categories_of(transaction, chain_id)
    return CategoryList(categories=tuple(map(category_view, found)))


async def locations(database: Database, chain_id: UUID, only: UUID | None) -> LocationList | None:
    """Return the locations of a chain, by name; only one of them, if so asked."""
    async with snapshot(database) as transaction:
        if not await _exists(transaction, chain_id):
            return None
        found = (await catalogue.locations_of(transaction, chain_id)).values()
    shown = [each for each in found if only in {None, each.location_id}]
    shown.sort(key=lambda each: (each.name, each.location_id))
    return LocationList(locations=tuple(map(location_view, shown)))


async def services(database: Database, chain_id: UUID) -> ServiceList | None:
    """Return the services of all locations of a chain, by name."""
    async with snapshot(database) as transaction:
        if not await _exists(transaction, chain_id):
            return None
        locations = await catalogue.locations_of(transaction, chain_id)
        found = await catalogue.services_at(transaction, locations)
    return ServiceList(services=tuple(service_view(s, locations[s.location_id]) for s in found))


async def clock(database: Database, clocks: Clocks, chain_id: UUID) -> TestClockView | None:
    """Return what time it is in a chain."""
    async with snapshot(database) as transaction:
        if not await _exists(transaction, chain_id):
            return None
        reading = await clocks.reading(transaction, chain_id)
        now = await transaction.fetchval("SELECT now()")
    return TestClockView(
        chain_id=chain_id,
        revision=reading.revision,
        offset_seconds=reading.ahead // timedelta(seconds=1),
        now=now + reading.ahead,
    )


async def _exists(transaction: Transaction, chain_id: UUID) -> bool:
    return await transaction.fetchval(_EXISTS, chain_id)
