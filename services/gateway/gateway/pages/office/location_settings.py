"""The settings of a location, and how its online booking gets onto a website."""

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from contracts.booking_views import LocationView
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/settings"

VARIABLES: Final = {
    "--punchcard-accent": "buttons and what is chosen; otherwise the colour set here",
    "--punchcard-label": "the label “Membership booking”",
    "--punchcard-background": "behind everything",
    "--punchcard-surface": "cards and fields",
    "--punchcard-text": "text",
    "--punchcard-muted": "text that says less",
    "--punchcard-border": "lines",
    "--punchcard-radius": "how round corners are",
    "--punchcard-font": "the font; the website's own if it is not set",
}
"""What a website can set to give the widget its own look, and what each is for."""


@get(_PATH)
async def show_location_settings(desk: NamedDependency[Desk]) -> Response[str]:
    """Show the settings of the location, and the snippet of its widget."""
    return _page(desk)


@post(_PATH)
async def change_location(
    request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Change the settings; services follow online payment that is turned on (rule G4)."""
    form = await submitted(request)
    location = desk.location
    fields = {
        "name": form.text("name"),
        "time_zone": location.time_zone,
        "currency": location.currency,
        "region": form.text("region").upper(),
        "online_payment": {kind: form.text(kind) for kind in ("individual", "group")},
        "phone_confirmation": form.flag("phone_confirmation"),
        "widget_theme": {"color": form.text("color"), "mode": form.text("mode")},
    }
    try:
        path = f"/v1/locations/{location.location_id}"
        await desk.api.put(path, fields, LocationView, key=form.key)
    except ProblemError as refused:
        return _page(desk, form, refused.problem)
    return desk.done(f"{desk.here}/settings", "The settings are saved.")


def _page(desk: Desk, form: Form | None = None, problem: Problem | None = None) -> Response[str]:
    return desk.page(
        "office/location.html",
        status=problem.status if problem else 200,
        values=_as_typed(form) if form else _as_shown(desk.location),
        site=_site(desk),
        variables=VARIABLES,
        problem=problem,
    )


def _as_shown(location: LocationView) -> dict[str, Any]:
    return {
        "name": location.name,
        "region": location.region,
        "individual": location.online_payment.individual,
        "group": location.online_payment.group,
        "phone_confirmation": location.phone_confirmation,
        "color": location.widget_theme.color,
        "mode": location.widget_theme.mode,
    }


def _as_typed(form: Form) -> dict[str, Any]:
    names = ("name", "region", "individual", "group", "color", "mode")
    typed: dict[str, Any] = {name: form.text(name) for name in names}
    return typed | {"phone_confirmation": form.flag("phone_confirmation")}


def _site(desk: Desk) -> str:
    """Return the origin under which the browser knows this site."""
    host = desk.request.headers.get("host", "")
    return f"{'https' if desk.secure_cookies else 'http'}://{host}"
