"""Signing in and out."""

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from gateway.outages import answered_503
from gateway.pages.desk import Visit, flash_of
from gateway.pages.forms import submitted
from gateway.pages.given import has_secure_cookies, host_of
from gateway.pages.guard import COOKIE, OPEN
from gateway.pages.paths import leads_below
from gateway.pages.rendering import page
from gateway.phones import network_of
from gateway.staff import SESSION_HOURS, Sessions, SignInRefused, signed_in

AnyRequest = Request[Any, Any, Any]
_START = "/office"
_BROWSER: Final = "punchcard_browser"
"""The cookie of a browser in which somebody has signed in: guesses elsewhere do not lock it out."""
_BROWSER_SECONDS: Final = 180 * 24 * 3600


@get("/sign-in", opt={OPEN: True})
async def show_sign_in(
    request: AnyRequest,
    next: FromQuery[str] = _START,  # noqa: A002 — its name in the address
) -> Response[str]:
    """Ask for the email address and the password."""
    return _form(request, wanted=next)


@post("/sign-in", opt={OPEN: True})
async def sign_in(request: AnyRequest) -> Response[Any]:
    """Open a session, a new one each time; refused, the form says so."""
    form = await submitted(request)
    email, wanted = form.text("email"), _own_path(form.text("next"))
    try:
        with answered_503("Nobody can sign in at the moment."):
            opened = await signed_in(
                request.app.state.database,
                request.app.state.sign_in_secret,
                email,
                form.secret("password"),
                caller=network_of(host_of(request)),
                browser=request.cookies.get(_BROWSER, ""),
            )
    except SignInRefused as refused:
        return _form(request, wanted=wanted, email=email, refusal=str(refused), status=403)
    cookies = [
        _cookie(request, COOKIE, opened.token, _START, SESSION_HOURS * 3600),
        _cookie(request, _BROWSER, opened.browser, f"{_START}/sign-in", _BROWSER_SECONDS),
    ]
    return Redirect(wanted, status_code=303, cookies=cookies)


@post("/sign-out")
async def sign_out(request: AnyRequest, visit: NamedDependency[Visit]) -> Redirect:
    """End the session, here and for whoever has a copy of its cookie."""
    sessions: Sessions = request.app.state.sessions
    await sessions.close(visit.staff.token)
    gone = Cookie(key=COOKIE, value="", path="/office", max_age=0, httponly=True)
    return Redirect("/office/sign-in", status_code=303, cookies=[gone])


def _cookie(request: AnyRequest, key: str, value: str, path: str, seconds: int) -> Cookie:
    return Cookie(
        key=key,
        value=value,
        path=path,
        max_age=seconds,
        httponly=True,
        secure=has_secure_cookies(request),
        samesite="lax",
    )


def _form(
    request: AnyRequest,
    *,
    wanted: str,
    email: str = "",
    refusal: str = "",
    status: int = 200,
) -> Response[str]:
    context = {"next": _own_path(wanted), "email": email, "refusal": refusal}
    return page("office/sign_in.html", {**context, "flash": flash_of(request)}, status=status)


def _own_path(path: str) -> str:
    """Return a path of the back office: a link must not lead elsewhere through the sign-in."""
    return path if leads_below(_START, path) else _START
