"""The guard of the hosted pages: the place, no foreign form, and who has confirmed a phone."""

import hmac
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from litestar.connection import ASGIConnection, Request
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from contracts.booking_views import LocationView
from contracts.problems import FORBIDDEN
from gateway.access import ClientTokens
from gateway.pages.booking.guest import CLIENT, Guest
from gateway.pages.booking.wish import Wish
from gateway.pages.forms import submitted
from gateway.pages.given import api_of, has_secure_cookies, host_of
from gateway.pages.guard import OPEN, SAFE, require_own_origin
from gateway.pages.inner import Api
from gateway.queries import Reading
from web.identity import Principal, Role
from web.problems import ProblemError, not_found

_HOSTED: Final = "hosted page"

Connection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]


class PhoneNeeded(Exception):  # noqa: N818 — reads as the fact that it is
    """Nobody has confirmed a phone: the answer leads to where one does, and on to `wanted`."""

    def __init__(self, wanted: str = "") -> None:
        super().__init__(wanted)
        self.wanted = wanted


async def welcome(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a visitor in, or raise: 403 for a foreign form, 404, or `PhoneNeeded` for a form."""
    assert isinstance(connection, Request)
    request: AnyRequest = connection
    if request.method not in SAFE:
        require_own_origin(request)
    location_id: UUID = request.path_params["location_id"]
    state = request.scope["state"]
    state["location"] = await _location(request, location_id)
    state["client"] = _client(request, location_id)
    if request.method not in SAFE and not handler.opt.get(OPEN):
        await _require_own_form(request)


def guest_of(request: AnyRequest) -> Guest:
    """Return who visits, at the location of the path."""
    location: LocationView = request.scope["state"]["location"]
    client: Principal | None = request.scope["state"]["client"]
    hosted = Principal(
        id=uuid5(location.location_id, _HOSTED),
        role=Role.WIDGET,
        chain_id=location.chain_id,
        location_id=location.location_id,
    )
    anonymous = api_of(request, hosted)
    own = Api(request.app, request.cookies[CLIENT], host_of(request)) if client else anonymous
    return Guest(
        request=request,
        location=location,
        zone=ZoneInfo(location.time_zone),
        client=client,
        csrf=_csrf(request) if client else "",
        anonymous=anonymous,
        api=own,
        secure_cookies=has_secure_cookies(request),
    )


def lead_to_details(request: AnyRequest, needed: PhoneNeeded) -> Redirect:
    """Lead to where a phone is confirmed, and from there back to the page that was asked for."""
    here = f"/book/{request.path_params['location_id']}"
    asked = needed.wanted or request.url.path
    if not needed.wanted and request.query_params:
        asked += f"?{urlencode(list(request.query_params.multi_items()))}"
    return Redirect(f"{here}/details?{urlencode({'next': asked})}", status_code=303)


async def _location(request: AnyRequest, location_id: UUID) -> LocationView:
    anybody = Principal(id=uuid5(location_id, _HOSTED), role=Role.PLATFORM)
    reading = Reading(
        services=request.app.state.services,
        token=request.app.state.tokens.token_for(anybody),
        path="",
    )
    found = await reading.found("booking", f"/locations/{location_id}", LocationView)
    if found is None:
        raise not_found("such location")
    return found


def _client(request: AnyRequest, location_id: UUID) -> Principal | None:
    tokens: ClientTokens = request.app.state.client_tokens
    client = tokens.holder(request.cookies.get(CLIENT, ""))
    return client if client is not None and client.location_id == location_id else None


async def _require_own_form(request: AnyRequest) -> None:
    form = await submitted(request)
    if request.scope["state"]["client"] is None:
        here, wish = f"/book/{request.path_params['location_id']}", Wish.of(form)
        is_booking = request.url.path == f"{here}/bookings"
        raise PhoneNeeded(f"{here}/review?{wish.query}" if is_booking else f"{here}/my-bookings")
    sent = form.text("csrf")
    if not hmac.compare_digest(sent.encode(), _csrf(request).encode()):
        detail = "This form is of before you confirmed your phone. Open the page anew."
        raise ProblemError(FORBIDDEN.problem(detail))


def _csrf(request: AnyRequest) -> str:
    """Return what every form of this client carries: whoever knows it has read a page of theirs."""
    key: str = request.app.state.sign_in_secret
    text = f"hosted page/{request.cookies[CLIENT]}"
    return hmac.new(key.encode(), text.encode(), sha256).hexdigest()[:32]
