"""Bookings."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import BookingForm, SubmitBooking
from contracts.booking_views import BookingView
from contracts.problems import (
    BOOKING_TIMED_OUT,
    EVENT_FULL,
    FORBIDDEN,
    NO_SUITABLE_MEMBERSHIP,
    PHONE_NOT_CONFIRMED,
    SLOT_TAKEN,
)
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.phones import not_own
from gateway.queries import Locations, Reading
from web.identity import Principal, Role
from web.problems import ProblemError

_PATH = "/v1/locations/{location_id:uuid}/bookings"
_TAG = "Bookings"


@command(
    _PATH,
    BookingView,
    tag=_TAG,
    status=201,
    refuses=(
        SLOT_TAKEN,
        EVENT_FULL,
        PHONE_NOT_CONFIRMED,
        NO_SUITABLE_MEMBERSHIP,
        BOOKING_TIMED_OUT,
    ),
)
async def submit_booking(
    *,
    location_id: FromPath[UUID],
    data: JSONBody[BookingForm],
    principal: NamedDependency[Principal],
    reading: NamedDependency[Reading],
    locations: NamedDependency[Locations],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Book appointments, or spots in an event. Answered when it is accepted or refused.

    One that is to be paid online is `awaiting_payment`: its payment says where to pay.
    """
    require_voucher(principal, data)
    if principal.role is Role.CLIENT:
        location = await locations.within_reach(location_id, principal, reading)
        problem = not_own(principal, data.phone, location.region)
        if problem is not None:
            raise ProblemError(problem)
    booking_id = submission.new_id("booking")
    return await submission.send(
        SubmitBooking(booking_id=booking_id, location_id=location_id, booking=data)
    )


@question(_PATH + "/{booking_id:uuid}", BookingView, tag=_TAG)
async def get_booking(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a booking and what became of it."""
    return await reading.pass_on("booking")


def require_voucher(principal: Principal, form: BookingForm) -> None:
    """Refuse the word of those who may not vouch for phones (rule G8)."""
    if form.phone_confirmed and not principal.may_vouch_for_phones:
        problem = FORBIDDEN.problem("Only a trusted gateway may say that a phone is confirmed.")
        raise ProblemError(problem)
