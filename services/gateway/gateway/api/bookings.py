"""Bookings."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import BookingForm, SubmitBooking
from contracts.booking_views import BookingView
from contracts.problems import FORBIDDEN
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading
from web.identity import Principal
from web.problems import ProblemError

_PATH = "/v1/locations/{location_id:uuid}/bookings"
_TAG = "Bookings"


@command(_PATH, BookingView, tag=_TAG, status=201)
async def submit_booking(
    location_id: FromPath[UUID],
    data: JSONBody[BookingForm],
    principal: NamedDependency[Principal],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Book appointments, or spots in an event. Answered when it is accepted or refused."""
    if data.phone_confirmed and not principal.may_vouch_for_phones:
        problem = FORBIDDEN.problem("Only a trusted gateway may say that a phone is confirmed.")
        raise ProblemError(problem)
    booking_id = submission.new_id("booking")
    return await submission.send(
        SubmitBooking(booking_id=booking_id, location_id=location_id, booking=data)
    )


@question(_PATH + "/{booking_id:uuid}", BookingView, tag=_TAG)
async def get_booking(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a booking and what became of it."""
    return await reading.pass_on("booking")
