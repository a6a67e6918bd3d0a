"""The guard of the back office: a session, no foreign form, the role, and the place."""

import hmac
from typing import Any, Final
from uuid import UUID

from litestar.connection import ASGIConnection, Request
from litestar.handlers import BaseRouteHandler

from contracts.booking_views import LocationView
from contracts.problems import FORBIDDEN
from gateway.pages.forms import submitted
from gateway.pages.permissions import PAGE_ROLES
from gateway.queries import Reading
from gateway.staff import Sessions, SignedIn
from web.identity import Principal, Role
from web.problems import ProblemError, not_found

COOKIE: Final = "punchcard_session"
OPEN: Final = "open"
"""Marks the pages that need no session."""
SAFE: Final = {"GET", "HEAD"}
"""The methods that change nothing."""

Connection = ASGIConnection[Any, Any, Any, Any]


class SignInNeeded(Exception):  # noqa: N818 — reads as the fact that it is
    """Nobody is signed in: the answer leads to where one does."""


async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a request in, or raise: `SignInNeeded`, 403 for a foreign form or a lesser role, 404."""
    assert isinstance(connection, Request)
    request: Request[Any, Any, Any] = connection
    if request.method not in SAFE:
        require_own_origin(request)
    if handler.opt.get(OPEN):
        return
    sessions: Sessions = request.app.state.sessions
    token = request.cookies.get(COOKIE)
    staff = await sessions.find(token) if token else None
    if staff is None:
        raise SignInNeeded
    request.scope["state"]["staff"] = staff
    if request.method not in SAFE:
        await _require_own_form(request, staff)
    location_id = request.path_params.get("location_id")
    if location_id is not None:
        await _require_place(request, staff, location_id, handler.handler_name)


def require_own_origin(request: Request[Any, Any, Any]) -> None:
    """Turn away forms that other sites had the browser send, before there is a session, too."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    foreign = origin is not None and origin.partition("://")[2] != request.headers.get("host")
    if foreign or site not in {"same-origin", "none"}:
        raise ProblemError(FORBIDDEN.problem("This form was sent by another site."))


async def _require_own_form(request: Request[Any, Any, Any], staff: SignedIn) -> None:
    form = request.scope["state"]["form"] = await submitted(request)
    sent = request.headers.get("x-csrf-token") or form.text("csrf")
    if not hmac.compare_digest(sent.encode(), staff.csrf.encode()):
        detail = "This form is of an earlier session. Open the page anew, and send it again."
        raise ProblemError(FORBIDDEN.problem(detail))


async def _require_place(
    request: Request[Any, Any, Any], staff: SignedIn, location_id: UUID, page_name: str
) -> None:
    location = await _location(request, staff, location_id)
    role = staff.role_in(location.chain_id, location_id)
    if role is None:
        raise not_found("such location")
    if not role.includes(PAGE_ROLES[page_name]):
        needed = PAGE_ROLES[page_name]
        detail = f"This is for the role {needed}; here you have the role {role}."
        raise ProblemError(FORBIDDEN.problem(detail))
    request.scope["state"]["location"] = location
    request.scope["state"]["role"] = role


async def _location(
    request: Request[Any, Any, Any], staff: SignedIn, location_id: UUID
) -> LocationView:
    """Return a location of one of the person's chains; any other does not exist here."""
    for chain_id in {grant.chain_id for grant in staff.grants if grant.chain_id}:
        principal = Principal(id=staff.staff_id, role=Role.GATEWAY, chain_id=chain_id)
        reading = Reading(
            services=request.app.state.services,
            token=request.app.state.tokens.token_for(principal),
            path="",
        )
        found = await reading.found("booking", f"/locations/{location_id}", LocationView)
        if found is not None:
            return found
    raise not_found("such location")
