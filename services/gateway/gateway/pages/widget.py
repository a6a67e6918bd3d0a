"""The booking widget's script, which any website may load."""

import gzip
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

from litestar import MediaType, Request, Response, get

_FILE: Final = Path(str(files("gateway") / "static" / "widget" / "booking.js"))

# Websites name no version: a new one is to be everywhere within minutes, without asking each time.
_HEADERS: Final = {
    "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",  # without it browsers load no module from another site
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


class _Script(NamedTuple):
    plain: bytes
    compressed: bytes
    tag: str


@get("/widget/booking.js", include_in_schema=False, sync_to_thread=False)
def get_widget(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the script of the widget; 304 to whoever has this one."""
    script = _script(_FILE.stat().st_mtime_ns)
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    # Of each encoding the bytes differ, and so does the name of the version (RFC 9110).
    tag = f'"{script.tag}-gzip"' if takes_gzip else f'"{script.tag}"'
    headers = _HEADERS | {"ETag": tag}
    known = request.headers.get("if-none-match", "").split(",")
    if tag in {each.strip().removeprefix("W/") for each in known}:
        return Response(b"", status_code=304, headers=headers, media_type=MediaType.TEXT)
    headers["Content-Type"] = "text/javascript; charset=utf-8"
    if takes_gzip:
        return Response(script.compressed, headers=headers | {"Content-Encoding": "gzip"})
    return Response(script.plain, headers=headers)


@lru_cache(maxsize=1)
def _script(_changed: int) -> _Script:
    plain = _FILE.read_bytes()
    return _Script(plain, gzip.compress(plain, mtime=0), sha256(plain).hexdigest()[:16])


WIDGET: Final = (get_widget,)
