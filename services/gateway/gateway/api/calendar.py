"""The calendar of a location, and the stream of its changes."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, QueryParameter
from litestar.response import Stream

from contracts.booking_views import AppointmentView, CalendarView
from contracts.problems import INVALID_REQUEST
from gateway.api.routes import question, stream
from gateway.queries import Reading

_PATH = "/v1/locations/{location_id:uuid}/calendar"
_TAG = "Appointments"

LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        max_length=200,
        description="The id of the last event that you have seen: the stream goes on after it.",
    ),
]


Until = Annotated[
    date | None,
    QueryParameter(description="The last local date, itself included; at most 6 days later"),
]


@question(_PATH, CalendarView, tag=_TAG, refuses=(INVALID_REQUEST,))
async def get_calendar(
    *,
    date: FromQuery[date],
    reading: NamedDependency[Reading],
    team_member_id: FromQuery[UUID | None] = None,
    until: Until = None,
    participants: FromQuery[bool] = True,
    event_id: FromQuery[UUID | None] = None,
) -> Response[bytes]:
    """Return one local day, of one team member or all: appointments with their statuses.

    With `until`, at most six days later, all days up to that one. Without `participants`, events
    come with the numbers of their debits alone, which is quick for large classes; with `event_id`
    it is one event alone.
    """
    return await reading.pass_on(
        "booking",
        date=date,
        team_member_id=team_member_id,
        until=until,
        participants=str(participants).lower(),
        event_id=event_id,
    )


@stream(_PATH + "/changes", AppointmentView, tag=_TAG, refuses=(INVALID_REQUEST,))
async def follow_calendar(
    location_id: FromPath[UUID],
    reading: NamedDependency[Reading],
    last_event_id: LastEventId = None,
) -> Stream | Response[bytes]:
    """Follow the changes of a calendar: each event is an appointment as it is then.

    `Last-Event-ID` resumes after an event that was seen. Comments keep the connection open.
    """
    del location_id  # declared for the document; the guard and the owner look at the path
    return await reading.follow("booking", last_event_id)
