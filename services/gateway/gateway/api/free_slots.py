"""Free slots: the starts that can be booked."""

from datetime import date
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromQuery

from contracts.booking_views import FreeSlots
from gateway.api.routes import question
from gateway.queries import Reading


@question("/v1/locations/{location_id:uuid}/free-slots", FreeSlots, tag="Bookings")
async def list_free_slots(
    service_id: FromQuery[UUID],
    date: FromQuery[date],
    reading: NamedDependency[Reading],
    team_member_id: FromQuery[UUID | None] = None,
) -> Response[bytes]:
    """List the free starts of a service on one local date."""
    return await reading.pass_on(
        "booking", service_id=service_id, date=date, team_member_id=team_member_id
    )
