"""Locations, services, team members and events."""

from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from booking.announcements.offers import event_view, service_view, team_member_view
from booking.domain.catalogue import Location
from booking.domain.hours import local_day
from booking.queries.snapshots import snapshot
from booking.store import catalogue
from contracts.booking_views import (
    EventList,
    EventView,
    ServiceList,
    ServiceView,
    TeamMemberList,
)
from postgres import Database, Transaction

_EVENTS_BETWEEN: Final = """
SELECT event_id FROM events
WHERE location_id = $1 AND start_at >= $2 AND start_at < $3
ORDER BY start_at, event_id
"""


async def location(database: Database, location_id: UUID) -> Location | None:
    """Return a location."""
    async with snapshot(database) as transaction:
        return (await catalogue.locations(transaction, [location_id])).get(location_id)


async def services(database: Database, at: Location) -> ServiceList:
    """Return the services of a location, by name."""
    async with snapshot(database) as transaction:
        found = await catalogue.services_at(transaction, [at.location_id])
    return ServiceList(services=tuple(service_view(each, at) for each in found))


async def service(database: Database, at: Location, service_id: UUID) -> ServiceView | None:
    """Return a service of a location."""
    async with snapshot(database) as transaction:
        found = (await catalogue.services(transaction, [service_id])).get(service_id)
    if found is None or found.location_id != at.location_id:
        return None
    return service_view(found, at)


async def team_members(database: Database, at: Location, *, absences: bool) -> TeamMemberList:
    """Return the team members of a location, by name, with their time off or without."""
    async with snapshot(database) as transaction:
        found = await catalogue.team_members_at(transaction, at.location_id)
    if not absences:
        found = [replace(each, time_off=()) for each in found]
    return TeamMemberList(team_members=tuple(map(team_member_view, found)))


async def events(database: Database, at: Location, first: date, last: date) -> EventList:
    """Return the events of a location on local dates, by start; `last` is among them."""
    async with snapshot(database) as transaction:
        return EventList(events=tuple(await events_between(transaction, at, first, last)))


async def event(database: Database, at: Location, event_id: UUID) -> EventView | None:
    """Return an event of a location."""
    async with snapshot(database) as transaction:
        found = await _events(transaction, [event_id])
    return found[0] if found and found[0].location_id == at.location_id else None


async def events_between(
    transaction: Transaction, at: Location, first: date, last: date
) -> list[EventView]:
    """Return the events that start from one local date up to and with another, by start."""
    begin, end = local_day(first, at.zone)[0], local_day(last, at.zone)[1]
    rows = await transaction.fetch(_EVENTS_BETWEEN, at.location_id, begin, end)
    return await _events(transaction, [row["event_id"] for row in rows])


async def _events(transaction: Transaction, event_ids: list[UUID]) -> list[EventView]:
    found = await catalogue.events(transaction, event_ids)
    services = await catalogue.services(transaction, (each.service_id for each in found.values()))
    return [event_view(found[each], services) for each in event_ids if each in found]
