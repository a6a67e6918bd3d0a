"""What handlers of the back office are given of a request that the guard has let in."""

from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request

from gateway.access import InnerTokens
from gateway.pages.desk import Desk, Visit
from gateway.pages.inner import Api, Noted, not_noted
from gateway.staff import Place, SignedIn, audited
from web.identity import Principal, Role

AnyRequest = Request[Any, Any, Any]


def visit(request: AnyRequest) -> Visit:
    """Return who is signed in, for pages of no location."""
    return Visit(request, request.scope["state"]["staff"], has_secure_cookies(request))


def desk(request: AnyRequest) -> Desk:
    """Return the desk of who is signed in, at the location of the path."""
    state = request.scope["state"]
    staff: SignedIn = state["staff"]
    location = state["location"]
    operator = Principal(
        id=staff.staff_id,
        role=Role.OPERATOR,
        chain_id=location.chain_id,
        location_id=location.location_id,
    )
    backend = Principal(id=staff.staff_id, role=Role.GATEWAY, chain_id=location.chain_id)
    noted = _noting(request, staff)
    return Desk(
        request=request,
        staff=staff,
        role=state["role"],
        location=location,
        zone=ZoneInfo(location.time_zone),
        api=api_of(request, operator, noted),
        chain_api=api_of(request, backend, noted),
        secure_cookies=has_secure_cookies(request),
    )


def api_of(request: AnyRequest, principal: Principal, noted: Noted = not_noted) -> Api:
    """Return the public API as a principal has it."""
    tokens: InnerTokens = request.app.state.inner_tokens
    return Api(request.app, tokens.token_for(principal), host_of(request), noted)


def host_of(request: AnyRequest) -> str:
    """Return the address that a request came from."""
    return request.client.host if request.client else "unknown"


def has_secure_cookies(request: AnyRequest) -> bool:
    """Return whether cookies are for encrypted connections alone: everywhere but on a laptop."""
    host, _, _ = request.headers.get("host", "").partition(":")
    return host not in {"127.0.0.1", "localhost"}


def _noting(request: AnyRequest, staff: SignedIn) -> Noted:
    location = request.scope["state"]["location"]

    def noted(action: str, subject: str) -> Any:
        place = Place(location.chain_id, location.location_id)
        return audited(request.app.state.database, action, subject, by=staff.staff_id, at=place)

    return noted
