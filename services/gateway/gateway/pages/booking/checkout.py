"""The way back from the checkout, which leads all clients of all locations to one address."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.params import FromQuery
from litestar.response import Redirect

from gateway.pages.booking.guest import Guest
from gateway.pages.forms import id_in
from gateway.pages.rendering import page

_ON_THE_WAY: Final = "punchcard_checkout"
_SECONDS: Final = 7200


def on_the_way(guest: Guest, booking_id: UUID) -> Cookie:
    """Return the cookie that says which booking a client of this browser pays."""
    return Cookie(
        key=_ON_THE_WAY,
        value=f"{guest.location_id}.{booking_id}",
        path="/book/paid",
        max_age=_SECONDS,
        httponly=True,
        secure=guest.secure_cookies,
        samesite="lax",
    )


@get("/paid")
async def return_from_checkout(
    request: Request[Any, Any, Any], outcome: FromQuery[str] = ""
) -> Response[str] | Redirect:
    """Lead back to the booking; who paid elsewhere, such as in a widget, may close this page."""
    place, _, booking = request.cookies.get(_ON_THE_WAY, "").partition(".")
    location_id, booking_id = id_in(place), id_in(booking)
    if location_id is None or booking_id is None:
        return page("booking/paid.html", {"has_paid": outcome == "paid"})
    query = urlencode({"outcome": outcome})
    return Redirect(f"/book/{location_id}/bookings/{booking_id}?{query}", status_code=303)
