"""The bookings of the client who asks."""

from litestar import Response
from litestar.di import NamedDependency

from contracts.booking_views import MyBookings
from gateway.api.routes import question
from gateway.queries import Reading


@question("/v1/locations/{location_id:uuid}/my-bookings", MyBookings, tag="Bookings")
async def get_my_bookings(reading: NamedDependency[Reading]) -> Response[bytes]:
    """List your appointments at a location, the latest first.

    Those that were booked with a membership have the tag `booked_with_membership`.
    """
    return await reading.pass_on("booking")
