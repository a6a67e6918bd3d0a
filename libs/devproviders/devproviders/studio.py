"""A studio's own website, on an origin of its own: what the booking widget is pasted into."""

from html import escape
from importlib.resources import files
from typing import Annotated, Final
from urllib.parse import urlsplit

from litestar import Response, get
from litestar.exceptions import ValidationException
from litestar.params import FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

_STATIC: Final = files("devproviders") / "static"
# As strict as a website can be that lets the widget in: neither styles nor scripts within the page.
_POLICY: Final = (
    "default-src 'none'; script-src 'self' {api}; connect-src {api}; style-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Word = Annotated[str, QueryParameter(pattern="^[a-zA-Z-]{0,20}$")]


@get("/studio", sync_to_thread=False)
def show_studio(
    location: FromQuery[str],
    key: FromQuery[str],
    api: FromQuery[str],
    lang: Word = "en",
    theme: Word = "auto",
) -> Response[str]:
    """Show the website with the widget for a location, served by the edge at `api`."""
    edge = urlsplit(api)
    if edge.scheme not in {"http", "https"} or not edge.netloc or set(edge.netloc) & set(" ;,'\""):
        raise ValidationException("api is the address of the edge, such as http://127.0.0.1:8080")
    origin = f"{edge.scheme}://{edge.netloc}"
    page = (_STATIC / "studio.html").read_text()
    given = {"location": location, "key": key, "api": origin, "lang": lang, "theme": theme}
    for name, value in given.items():
        page = page.replace(f"{{{name}}}", escape(value))
    return _file(page, "text/html", {"Content-Security-Policy": _POLICY.format(api=origin)})


@get("/studio.css", sync_to_thread=False)
def studio_styles() -> Response[str]:
    """Return the looks of the website."""
    return _file((_STATIC / "studio.css").read_text(), "text/css")


@get("/studio.js", sync_to_thread=False)
def studio_script() -> Response[str]:
    """Return the script that shows what the widget tells the website."""
    return _file((_STATIC / "studio.js").read_text(), "text/javascript")


ROUTES: Final[tuple[ControllerRouterHandler, ...]] = (show_studio, studio_styles, studio_script)


def _file(text: str, kind: str, headers: dict[str, str] | None = None) -> Response[str]:
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)
