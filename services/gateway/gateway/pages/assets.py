"""Styles and scripts of the pages: files of this package, compressed, under names that change."""

import gzip
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from litestar import Response, get
from litestar.params import FromPath

from web.problems import not_found

_FOLDER: Final = Path(str(files("gateway") / "static"))
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


class _Asset(NamedTuple):
    compressed: bytes
    version: str


def asset(name: str) -> str:
    """Return the URL of a file in `static/`: another one when the file is another."""
    return f"/static/{name}?v={_read(name).version}"


@get("/static/{path:path}", include_in_schema=False, sync_to_thread=False)
def get_asset(path: FromPath[str]) -> Response[bytes]:
    """Return a file; whoever has it need not ask again, for its name has its version."""
    name = path.lstrip("/")
    suffix = PurePosixPath(name).suffix
    is_name = suffix in _TYPES and "\0" not in name
    if not is_name or not (_FOLDER / name).resolve().is_relative_to(_FOLDER.resolve()):
        raise not_found(f"file {name}")
    headers = {
        "Content-Type": _TYPES[suffix],
        "Content-Encoding": "gzip",
        "Cache-Control": _FOR_EVER,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(_read(name).compressed, headers=headers)


def _read(name: str) -> _Asset:
    try:
        changed = (_FOLDER / name).stat().st_mtime_ns
    except OSError as error:
        raise not_found(f"file {name}") from error
    return _read_version(name, changed)


@lru_cache(maxsize=256)
def _read_version(name: str, _changed: int) -> _Asset:
    content = (_FOLDER / name).read_bytes()
    return _Asset(gzip.compress(content, mtime=0), sha256(content).hexdigest()[:12])


ASSETS: Final = (get_asset,)
