"""What would become of a booking, and why; nothing is changed."""

from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import BookingForm
from contracts.booking_views import BookingForecast
from contracts.problems import INVALID_REQUEST
from gateway.api.bookings import require_voucher
from gateway.api.routes import action
from gateway.phones import not_own
from gateway.queries import Locations, Reading, forecast
from web.identity import Principal


@action(
    "/v1/locations/{location_id:uuid}/booking-forecasts",
    BookingForecast,
    tag="Bookings",
    refuses=(INVALID_REQUEST,),
)
async def forecast_booking(
    location_id: FromPath[UUID],
    data: JSONBody[BookingForm],
    principal: NamedDependency[Principal],
    reading: NamedDependency[Reading],
    locations: NamedDependency[Locations],
) -> BookingForecast:
    """Say what would happen if this booking were submitted now, and why; nothing is changed.

    The confirmed client, and staff, learn which memberships would carry it, or the reasons why none
    does. Without a confirmed phone the answer says no more than the submission would.
    """
    require_voucher(principal, data)
    location = await locations.within_reach(location_id, principal, reading)
    problem = not_own(principal, data.phone, location.region)
    if problem is not None:
        return BookingForecast(outcome="refused", problem=problem)
    return await forecast(reading, principal, location_id, data)
