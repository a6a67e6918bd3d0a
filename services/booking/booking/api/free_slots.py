"""The starts that can be booked, on one date or on several."""

from datetime import date as Date  # noqa: N812 — `date` is a parameter
from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from booking.api.access import found, location_within_reach, must_be_countable
from booking.queries import free_slots
from contracts.booking_views import FreeDates, FreeSlots
from postgres import Database
from web import Principal
from web.problems import invalid_field

MOST_SERVICES: Final = 20  # in a row, as in a booking
MOST_DATES: Final = 62


@get("/locations/{location_id:uuid}/free-slots")
async def get_free_slots(
    *,
    location_id: FromPath[UUID],
    service_id: FromQuery[list[UUID]],
    date: FromQuery[Date],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    team_member_id: FromQuery[UUID | None] = None,
) -> FreeSlots:
    """Return the free starts of services in a row on a local date."""
    at = await location_within_reach(database, principal, location_id)
    _must_be_few(service_id)
    must_be_countable(date)
    slots = await free_slots.free_slots(database, at, service_id, date, team_member_id)
    return found(slots, "such service")


@get("/locations/{location_id:uuid}/free-dates")
async def get_free_dates(
    *,
    location_id: FromPath[UUID],
    service_id: FromQuery[list[UUID]],
    first: Annotated[Date, QueryParameter(name="from")],
    last: Annotated[Date, QueryParameter(name="to")],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    team_member_id: FromQuery[UUID | None] = None,
) -> FreeDates:
    """Return the local dates, at most 62, on which services in a row have a free start."""
    at = await location_within_reach(database, principal, location_id)
    _must_be_few(service_id)
    must_be_countable(first, "from")
    must_be_countable(last, "to")
    days = range((last - first).days + 1)
    if not 1 <= len(days) <= MOST_DATES:
        raise invalid_field("to", f"must be from 0 to {MOST_DATES - 1} days after `from`")
    dates = [first + timedelta(days=day) for day in days]
    answer = await free_slots.free_dates(database, at, service_id, dates, team_member_id)
    return found(answer, "such service")


def _must_be_few(service_ids: list[UUID]) -> None:
    if not 1 <= len(service_ids) <= MOST_SERVICES:
        raise invalid_field("service_id", f"give 1 to {MOST_SERVICES} services")


ROUTES: Final[list[Any]] = [get_free_slots, get_free_dates]
