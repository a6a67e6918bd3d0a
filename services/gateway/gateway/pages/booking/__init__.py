"""Booking and My bookings for clients, at a page of each location; it needs no scripts at all."""

from typing import Any, Final

from litestar import Router
from litestar.di import Provide
from litestar.exceptions import HTTPException, ValidationException

from gateway.pages.booking import (
    changes,
    checkout,
    classes,
    confirm,
    details,
    my_bookings,
    options,
    services,
    theme,
    times,
)
from gateway.pages.booking.guard import PhoneNeeded, guest_of, lead_to_details, welcome
from gateway.pages.refusals import show_http, show_problem, show_unexpected
from web.problems import ProblemError

ROUTES: Final = (
    services.offer_services,
    services.offer_team_members,
    times.offer_times,
    classes.offer_classes,
    options.offer_options,
    details.ask_for_phone,
    details.send_code,
    details.ask_for_code,
    details.confirm_code,
    details.sign_client_out,
    confirm.review_wish,
    confirm.submit_wish,
    confirm.show_own_booking,
    my_bookings.show_my_bookings,
    my_bookings.ask_before_cancelling,
    my_bookings.cancel_own_appointment,
    changes.offer_new_times,
    changes.review_new_time,
    changes.take_new_time,
    theme.show_theme,
)

_REFUSALS: Final[dict[int | type[Exception], Any]] = {
    PhoneNeeded: lead_to_details,
    ProblemError: show_problem,
    ValidationException: show_http,
    HTTPException: show_http,
    Exception: show_unexpected,
}

BOOKING: Final = Router(
    "/book/{location_id:uuid}",
    route_handlers=ROUTES,
    guards=[welcome],
    dependencies={"guest": Provide(guest_of, sync_to_thread=False)},
    exception_handlers=_REFUSALS,
    include_in_schema=False,
)
CHECKOUT: Final = Router(
    "/book",
    route_handlers=[checkout.return_from_checkout],
    exception_handlers=_REFUSALS,
    include_in_schema=False,
)
