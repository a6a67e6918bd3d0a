"""What people see when a page cannot be shown: a page that says why, never a bare document."""

import logging
from typing import Any, Final
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from contracts.problems import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    TOO_LARGE,
)
from contracts.reply import Problem
from gateway.pages.guard import SignInNeeded
from gateway.pages.rendering import page
from web.problems import EXCEPTION_HANDLERS, ProblemError

_KINDS: Final = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 413: TOO_LARGE}
_DETAILS: Final = {
    404: "There is nothing at this address.",
    405: "Nothing can be sent to this address in this way.",
    413: "That was too much to be sent at once.",
}
_log = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, Any]


def show_problem(request: AnyRequest, error: ProblemError) -> Response[str]:
    """Say what was refused."""
    return _said(request, error.problem)


def show_http(request: AnyRequest, error: HTTPException) -> Response[str]:
    """Say what the framework refuses: a wrong address, mostly."""
    if error.status_code >= 500:
        return show_unexpected(request, error)
    kind = _KINDS.get(error.status_code, INVALID_REQUEST)
    return _said(request, kind.problem(_DETAILS.get(error.status_code, error.detail)))


def show_unrouted(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Say what the framework refuses before it knows a handler: a page where pages are."""
    if request.url.path.startswith(("/office/", "/book/")):
        return show_http(request, error)
    return EXCEPTION_HANDLERS[HTTPException](request, error)


def show_unexpected(request: AnyRequest, error: Exception) -> Response[str]:
    """Say that it is a mistake of ours; the log has the rest."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    problem = INTERNAL_ERROR.problem("It has been logged. Please try again in a moment.")
    return _said(request, problem)


def lead_to_sign_in(request: AnyRequest, _: SignInNeeded) -> Redirect:
    """Lead to the sign-in, and from there back to the page that was asked for."""
    asked = request.url.path if request.method == "GET" else "/office"
    return Redirect(f"/office/sign-in?next={quote(asked)}", status_code=303)


def _said(request: AnyRequest, problem: Problem) -> Response[str]:
    context = {"problem": problem, "start": _start_of(request.url.path)}
    return page("error.html", context, status=problem.status)


def _start_of(path: str) -> str:
    """Return where to begin anew: clients do so at the booking page of their location."""
    room, *rest = path.strip("/").split("/")
    if room != "book":
        return "/office"
    return f"/book/{rest[0]}" if len(rest) > 1 else ""
