"""Events: dated occurrences of group services."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from contracts.booking import CreateEvent, CreateEventSeries, EventForm, EventSeriesForm
from contracts.booking_views import EventList, EventView
from contracts.problems import INVALID_REQUEST, SLOT_TAKEN
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/locations/{location_id:uuid}/events"
_TAG = "Events"

Until = Annotated[
    date | None,
    QueryParameter(description="The last local date, itself included; at most 30 days later"),
]


@command(_PATH, EventView, tag=_TAG, status=201, refuses=(SLOT_TAKEN,))
async def create_event(
    location_id: FromPath[UUID], data: JSONBody[EventForm], submission: NamedDependency[Submission]
) -> Response[bytes]:
    """Plan an event of a group service, with its capacity in spots."""
    event_id = submission.new_id("event")
    return await submission.send(
        CreateEvent(event_id=event_id, location_id=location_id, event=data)
    )


@command(
    "/v1/locations/{location_id:uuid}/event-series",
    EventList,
    tag=_TAG,
    status=201,
    refuses=(SLOT_TAKEN,),
)
async def create_event_series(
    location_id: FromPath[UUID],
    data: JSONBody[EventSeriesForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Plan events on the same local time of some weekdays; all of them, or none."""
    series_id = submission.new_id("event_series")
    return await submission.send(
        CreateEventSeries(series_id=series_id, location_id=location_id, series=data)
    )


@question(_PATH, EventList, tag=_TAG, refuses=(INVALID_REQUEST,))
async def list_events(
    date: FromQuery[date], reading: NamedDependency[Reading], until: Until = None
) -> Response[bytes]:
    """List the events of a location on one local date, or on all from it until another."""
    return await reading.pass_on("booking", date=date, until=until)


@question(_PATH + "/{event_id:uuid}", EventView, tag=_TAG)
async def get_event(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return an event with the spots that are taken."""
    return await reading.pass_on("booking")
