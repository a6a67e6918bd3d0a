"""Templates, and what all pages are sent with."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response

from contracts.reply import Problem
from contracts.values import Money
from gateway.pages.assets import asset
from gateway.pages.plain_words import message_of, name_of, title_of

# Nothing is loaded from elsewhere, nothing runs that is no file of ours, and nobody frames a page.
POLICY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "BRL": "R$", "INR": "₹"}
_WITHOUT_MINOR: Final = {"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "PYG", "RWF"}
_THOUSANDTHS: Final = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}


def money(value: Money) -> str:
    """Return "€18.00"; a currency without a sign of its own is named: "CHF 18.00"."""
    digits = decimals_of(value.currency)
    amount = f"{abs(value.amount) / 10**digits:,.{digits}f}"
    sign = _SIGNS.get(value.currency, f"{value.currency} ")
    return f"{'−' if value.amount < 0 else ''}{sign}{amount}"


def decimals_of(currency: str) -> int:
    """Return how many decimals amounts of a currency have."""
    return 0 if currency in _WITHOUT_MINOR else 3 if currency in _THOUSANDTHS else 2


def at_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return "18:30", in a zone."""
    return f"{instant.astimezone(zone):%H:%M}"


def on_day(day: datetime | date, zone: ZoneInfo | None = None) -> str:
    """Return "Mon 2 March 2026" for a date, or for an instant in a zone."""
    if isinstance(day, datetime):
        assert zone is not None
        day = day.astimezone(zone)
    return f"{day:%a} {day.day} {day:%B %Y}"


def day_and_time(instant: datetime, zone: ZoneInfo) -> str:
    """Return "Mon 2 March 2026, 18:30", in a zone."""
    return f"{on_day(instant, zone)}, {at_time(instant, zone)}"


def words(value: str) -> str:
    """Return `no_show` as "No show"."""
    return value.replace("_", " ").capitalize()


def error_of(problem: Problem | None, name: str) -> str:
    """Return what is wrong with a field of a form, or nothing."""
    if problem is None:
        return ""
    return " ".join(message_of(each) for each in problem.errors if each.field == name)


def errors_beside(problem: Problem | None, *names: str) -> list[str]:
    """Return what is wrong with other fields than these, which the form shows itself."""
    if problem is None:
        return []
    return [
        f"{name_of(each)}: {message_of(each)}" for each in problem.errors if each.field not in names
    ]


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gateway"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shared = cast("dict[str, Any]", environment.globals)
    shared.update(
        asset=asset,
        new_key=lambda: str(uuid4()),
        error_of=error_of,
        errors_beside=errors_beside,
    )
    filters = cast("dict[str, Any]", environment.filters)
    filters.update(
        money=money, at_time=at_time, on_day=on_day, day_and_time=day_and_time, words=words
    )
    filters.update(title_of=title_of, message_of=message_of)
    return environment


_TEMPLATES: Final = _environment()


def rendered(name: str, context: Mapping[str, Any]) -> str:
    """Return a template filled in; what its context lacks is an error, and all is escaped."""
    return _TEMPLATES.get_template(name).render(context)


def page(name: str, context: Mapping[str, Any], *, status: int = 200) -> Response[str]:
    """Answer with a page."""
    return Response(
        rendered(name, context), status_code=status, media_type=MediaType.HTML, headers=POLICY
    )
