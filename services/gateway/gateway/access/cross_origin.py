"""On which websites a published key works, and what browsers are told of it (CORS).

A browser says on which site the page stands that asks (`Origin`); whoever is no browser can say
what it likes, and needs no permission. A cookie is never let through: the key says who asks.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from contracts.problems import FORBIDDEN
from gateway.access.permissions import ROLES
from web.identity import Principal, Role
from web.problems import ProblemError

EVERY_SITE: Final = "*"

_ORIGIN: Final = re.compile(
    r"https?://([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])"
    r"(:[1-9][0-9]{0,4})?"
)
_DEFAULT_PORT: Final = re.compile(r"^(http:.*):80$|^(https:.*):443$")
_ADMITTED: Final = "admitted_origin"  # in the scope's state: of whom the answer may be read
_PUBLISHED: Final = frozenset({Role.WIDGET, Role.CLIENT})
_EXPOSED: Final = "Location, Retry-After"
_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "authorization, content-type, idempotency-key",
    "Access-Control-Max-Age": "7200",
    "Cache-Control": "no-store",
    "Vary": "Origin",
}


def origin(text: str) -> str:
    """Return a website as browsers say it: `scheme://host[:port]` in small letters, or "*".

    Raises `ValueError` for anything else.
    """
    if text == EVERY_SITE:
        return text
    spelled = _DEFAULT_PORT.sub(r"\1\2", text.lower())
    if not _ORIGIN.fullmatch(spelled):
        raise ValueError(
            "is no origin: scheme, host and port alone, such as https://lotus.example"
            " (a host of other letters than a-z in its xn-- form), or * for every website"
        )
    return spelled


def admit_origin(principal: Principal, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Turn away pages of websites that a published key is not for.

    Pages of the edge itself may always ask, and who says no origin is no page of another site.
    """
    site = connection.headers.get("origin")
    if principal.origins is None or site is None:
        return
    if EVERY_SITE in principal.origins or site in principal.origins:
        connection.scope["state"][_ADMITTED] = site
    elif not _is_own(site, connection.headers.get("host", "")):
        detail = f"This key is not for pages of {site}: its origins do not name that website."
        raise ProblemError(FORBIDDEN.problem(detail))


def cross_origin(app: ASGIApp) -> ASGIApp:
    """Let the pages that were admitted read the answer, whatever it is."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                site = scope["state"].get(_ADMITTED)
                if site is not None:
                    headers = MutableScopeHeaders.from_message(message)
                    headers["Access-Control-Allow-Origin"] = site
                    headers["Access-Control-Expose-Headers"] = _EXPOSED
                    headers.add("Vary", "Origin")
            await send(message)

        await app(scope, receive, send_on)

    return answering


def preflights(routes: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """Return what answers browsers that ask before they send a key.

    The key is not there yet, so every site is told how one may ask: where its key is admitted is
    decided when it comes. Of routes for nobody but staff and backends nothing is said.
    """
    methods: defaultdict[str, set[str]] = defaultdict(set)
    for route in routes:
        if ROLES[route.handler_name] & _PUBLISHED:
            for path in route.paths:
                methods[path] |= route.http_methods - {"HEAD", "OPTIONS"}
    return [_preflight(path, sorted(allowed)) for path, allowed in methods.items()]


def _preflight(path: str, methods: Iterable[str]) -> HTTPRouteHandler:
    allowed = ", ".join(methods)

    def answer_preflight(request: Request[Any, Any, Any]) -> Response[None]:
        headers = {"Allow": f"{allowed}, OPTIONS"}
        if "origin" in request.headers:
            headers |= _PREFLIGHT | {
                "Access-Control-Allow-Origin": request.headers["origin"],
                "Access-Control-Allow-Methods": allowed,
            }
        return Response(None, status_code=204, headers=headers)

    return HTTPRouteHandler(
        path, http_method="OPTIONS", include_in_schema=False, sync_to_thread=False
    )(answer_preflight)


def _is_own(site: str, host: str) -> bool:
    scheme, _, _ = site.partition("://")
    return site == _DEFAULT_PORT.sub(r"\1\2", f"{scheme}://{host.lower()}")
