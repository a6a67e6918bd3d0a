"""The calendar of a location: one day of it, and its changes as server-sent events."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date as Date  # noqa: N812 — `date` is a parameter
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter
from litestar.response import Stream

from booking.api.access import location_within_reach, must_be_countable, not_in_public
from booking.domain.catalogue import Location
from booking.queries import bookings, calendar_changes
from booking.queries.bookings import LookedAt
from booking.queries.calendar_changes import Said
from booking.queries.calendar_watch import CalendarWatch
from contracts.booking_views import CalendarView
from postgres import Database
from web import Principal
from web.problems import invalid_field

LastEventId = Annotated[str | None, HeaderParameter(name="Last-Event-ID", max_length=200)]

RETRY_MILLISECONDS: Final = 1000
MOST_DATES: Final = 7


@get("/locations/{location_id:uuid}/calendar")
async def get_calendar(
    *,
    location_id: FromPath[UUID],
    date: FromQuery[Date],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    team_member_id: FromQuery[UUID | None] = None,
    until: FromQuery[Date | None] = None,
    participants: FromQuery[bool] = True,
    event_id: FromQuery[UUID | None] = None,
) -> CalendarView:
    """Return local days of a location, of one team member or all, or one event of them.

    Without `participants`, events come with the number of their debits alone.
    """
    not_in_public(principal)
    at = await location_within_reach(database, principal, location_id)
    must_be_countable(date)
    last = until or date
    must_be_countable(last, "until")
    if not 0 <= (last - date).days < MOST_DATES:
        raise invalid_field("until", f"must be from 0 to {MOST_DATES - 1} days after `date`")
    looked_at = LookedAt(date, last, participants, event_id)
    return await bookings.calendar(database, at, looked_at, team_member_id)


@get("/locations/{location_id:uuid}/calendar/changes")
async def follow_calendar(
    *,
    location_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    watch: NamedDependency[CalendarWatch],
    last_event_id: LastEventId = None,
) -> Stream:
    """Follow the changes of a calendar from now, or from the last event that was seen."""
    not_in_public(principal)
    at = await location_within_reach(database, principal, location_id)
    place = await _place(database, last_event_id)
    return Stream(
        _events(database, watch, at, place),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def _place(database: Database, last_event_id: str | None) -> int:
    """Return from where to follow; what is no place here, or forgotten, is refused."""
    bounds = await calendar_changes.bounds(database)
    if last_event_id is None:
        return bounds.settled
    is_number = last_event_id.isascii() and last_event_id.isdigit()
    if not is_number or not bounds.since <= int(last_event_id) <= bounds.settled:
        detail = "is not kept any more: load the calendar, and follow it without this header"
        raise invalid_field("Last-Event-ID", detail)
    return int(last_event_id)


async def _events(
    database: Database, watch: CalendarWatch, at: Location, place: int
) -> AsyncGenerator[str, None]:
    yield f"retry: {RETRY_MILLISECONDS}\n"
    async with aclosing(calendar_changes.follow(database, watch, at, place)) as changes:
        async for said in changes:
            yield _event(said)


def _event(said: Said) -> str:
    """Without data it is no event: it only says from where to go on."""
    if said.appointment is None:
        return f": nothing new\nid: {said.place}\n\n"
    return f"id: {said.place}\ndata: {said.appointment.model_dump_json()}\n\n"


ROUTES: Final[list[Any]] = [get_calendar, follow_calendar]
