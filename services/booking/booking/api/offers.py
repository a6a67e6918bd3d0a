"""The offer: locations, services, team members, events."""

from datetime import date as Date  # noqa: N812 — `date` is a parameter
from typing import Any, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from booking.announcements.offers import location_view
from booking.api.access import found, is_public, location_within_reach, must_be_countable
from booking.queries import offers
from contracts.booking_views import (
    EventList,
    EventView,
    LocationView,
    ServiceList,
    ServiceView,
    TeamMemberList,
)
from postgres import Database
from web import Principal
from web.problems import invalid_field

MOST_DATES: Final = 31


@get("/locations/{location_id:uuid}")
async def get_location(
    location_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> LocationView:
    """Return a location."""
    return location_view(await location_within_reach(database, principal, location_id))


@get("/locations/{location_id:uuid}/services")
async def get_services(
    location_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> ServiceList:
    """Return the services of a location."""
    at = await location_within_reach(database, principal, location_id)
    return await offers.services(database, at)


@get("/locations/{location_id:uuid}/services/{service_id:uuid}")
async def get_service(
    location_id: FromPath[UUID],
    service_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> ServiceView:
    """Return a service."""
    at = await location_within_reach(database, principal, location_id)
    return found(await offers.service(database, at, service_id), f"service {service_id}")


@get("/locations/{location_id:uuid}/team-members")
async def get_team_members(
    location_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> TeamMemberList:
    """Return the team members of a location; when they are away is told to its own people."""
    at = await location_within_reach(database, principal, location_id)
    return await offers.team_members(database, at, absences=not is_public(principal))


@get("/locations/{location_id:uuid}/events")
async def get_events(
    location_id: FromPath[UUID],
    date: FromQuery[Date],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    until: FromQuery[Date | None] = None,
) -> EventList:
    """Return the events of a local date, or of all from it up to and with `until`."""
    at = await location_within_reach(database, principal, location_id)
    last = until or date
    must_be_countable(date)
    must_be_countable(last, "until")
    if not 0 <= (last - date).days < MOST_DATES:
        raise invalid_field("until", f"must be from 0 to {MOST_DATES - 1} days after `date`")
    return await offers.events(database, at, date, last)


@get("/locations/{location_id:uuid}/events/{event_id:uuid}")
async def get_event(
    location_id: FromPath[UUID],
    event_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> EventView:
    """Return an event."""
    at = await location_within_reach(database, principal, location_id)
    return found(await offers.event(database, at, event_id), f"event {event_id}")


ROUTES: Final[list[Any]] = [
    get_location,
    get_services,
    get_service,
    get_team_members,
    get_events,
    get_event,
]
