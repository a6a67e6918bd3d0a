"""Free slots: the starts, and the dates, that can be booked."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from contracts.booking_views import FreeDates, FreeSlots
from contracts.problems import INVALID_REQUEST
from gateway.api.routes import question
from gateway.queries import Reading
from web.problems import invalid_field

_PATH = "/v1/locations/{location_id:uuid}"
_TAG = "Bookings"
_MOST_DAYS: Final = 62

InARow = Annotated[
    list[UUID],
    QueryParameter(
        min_items=1,
        max_items=20,
        description="A service; several are performed in a row, in their order",
    ),
]


@question(_PATH + "/free-slots", FreeSlots, tag=_TAG, refuses=(INVALID_REQUEST,))
async def list_free_slots(
    service_id: InARow,
    date: FromQuery[date],
    reading: NamedDependency[Reading],
    team_member_id: FromQuery[UUID | None] = None,
) -> Response[bytes]:
    """List the free starts of one or several services in a row on one local date."""
    return await reading.pass_on(
        "booking", service_id=service_id, date=date, team_member_id=team_member_id
    )


@question(_PATH + "/free-dates", FreeDates, tag=_TAG, refuses=(INVALID_REQUEST,))
async def list_free_dates(
    service_id: InARow,
    from_: Annotated[date, QueryParameter(name="from")],
    to: Annotated[date, QueryParameter(name="to", description="At most 62 days after `from`")],
    reading: NamedDependency[Reading],
    team_member_id: FromQuery[UUID | None] = None,
) -> Response[bytes]:
    """List the local dates with a free start for one or several services in a row."""
    if not 0 <= (to - from_).days <= _MOST_DAYS:
        raise invalid_field("to", f"is at most {_MOST_DAYS} days after from")
    given = {"from": from_, "to": to, "service_id": service_id}
    return await reading.pass_on("booking", **given, team_member_id=team_member_id)
