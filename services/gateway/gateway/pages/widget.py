"""The booking widget's script, which any website may load: a loader, and modules in one version."""

import gzip
import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

from litestar import MediaType, Request, Response, get
from litestar.params import FromPath

from web.problems import not_found

_FOLDER: Final = Path(str(files("gateway") / "static" / "widget"))

_HEADERS: Final = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",  # without it browsers load no module from another site
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}
# Websites name no version: a new one is to be everywhere within minutes, without asking each time.
# Nothing older is taken, not even once: it might name modules that are no more.
_FOR_MINUTES: Final = "public, max-age=300"
_FOR_EVER: Final = "public, max-age=31536000, immutable"

# Lines of comments are for readers of the source. Visitors need not load that seventh of it. (No
# text in the scripts has a line that begins like a comment.)
_COMMENTS: Final = re.compile(r"^ *(?://.*|/\*[\s\S]*?\*/)\n", re.MULTILINE)


class _Script(NamedTuple):
    plain: bytes
    compressed: bytes
    tag: str


class _Widget(NamedTuple):
    version: str
    loader: _Script
    modules: dict[str, _Script]


@get("/widget/booking.js", include_in_schema=False, sync_to_thread=False)
def get_widget(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the script that websites name; 304 to whoever has this one."""
    return _answer(request, _widget().loader, _FOR_MINUTES)


@get("/widget/{version:str}/{path:path}", include_in_schema=False, sync_to_thread=False)
def get_widget_module(
    request: Request[Any, Any, Any], version: FromPath[str], path: FromPath[str]
) -> Response[bytes]:
    """Return a module of the widget; whoever has it need not ask again.

    While gateways are replaced by newer ones, a loader may be of the one and ask the other. It
    gets what there is, to be kept by nobody.
    """
    widget = _widget()
    module = widget.modules.get(path.lstrip("/"))
    if module is None:
        raise not_found(f"module {path}")
    return _answer(request, module, _FOR_EVER if version == widget.version else "no-store")


def _answer(request: Request[Any, Any, Any], script: _Script, kept: str) -> Response[bytes]:
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    # Of each encoding the bytes differ, and so does the name of the version (RFC 9110).
    tag = f'"{script.tag}-gzip"' if takes_gzip else f'"{script.tag}"'
    headers = _HEADERS | {"Cache-Control": kept, "ETag": tag}
    known = request.headers.get("if-none-match", "").split(",")
    if tag in {each.strip().removeprefix("W/") for each in known}:
        return Response(b"", status_code=304, headers=headers, media_type=MediaType.TEXT)
    headers["Content-Type"] = "text/javascript; charset=utf-8"
    if takes_gzip:
        return Response(script.compressed, headers=headers | {"Content-Encoding": "gzip"})
    return Response(script.plain, headers=headers)


@cache
def _widget() -> _Widget:
    # Read once: whatever is done to the files of a gateway that runs, its version stays whole.
    paths = {path.relative_to(_FOLDER).as_posix(): path for path in sorted(_FOLDER.rglob("*.js"))}
    modules = {
        name: _script(_COMMENTS.sub("", path.read_text("utf-8"))) for name, path in paths.items()
    }
    tags = "".join(f"{name} {module.tag}\n" for name, module in modules.items())
    version = sha256(tags.encode()).hexdigest()[:16]
    # It names all of them, so that they come at once and not one after the other; and by a path
    # with the version, so that modules of two versions never meet.
    loader = "".join(f'import "./{version}/{name}";\n' for name in modules)
    return _Widget(version, _script(loader), modules)


def _script(text: str) -> _Script:
    plain = text.encode()
    return _Script(plain, gzip.compress(plain, mtime=0), sha256(plain).hexdigest()[:16])


WIDGET: Final = (get_widget, get_widget_module)
