"""The calendar of a location."""

from datetime import date

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromQuery

from contracts.booking_views import CalendarView
from contracts.problems import INVALID_REQUEST
from gateway.api.routes import question
from gateway.queries import Reading


@question(
    "/v1/locations/{location_id:uuid}/calendar",
    CalendarView,
    tag="Appointments",
    refuses=(INVALID_REQUEST,),
)
async def get_calendar(date: FromQuery[date], reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return one local day: appointments and events with their statuses."""
    return await reading.pass_on("booking", date=date)
