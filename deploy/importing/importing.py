"""Clients first, then their memberships, then their bookings; rows of a file at the same time."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.progress import Progress

import bookings
import clients
import memberships
from edge import RefusedError
from outcomes import Outcome, State
from rows import FileError, Row, RowError, read
from studios import Studio

_AT_ONCE: Final = 8


class Kind(NamedTuple):
    """A file: its columns, and what is done with a row; a dry run changes nothing."""

    columns: Sequence[str]
    bring: Callable[[Studio, Row, bool], tuple[State, str]]


KINDS: Final[Mapping[str, Kind]] = {
    "clients.csv": Kind(clients.COLUMNS, clients.bring),
    "memberships.csv": Kind(memberships.COLUMNS, memberships.bring),
    "bookings.csv": Kind(bookings.COLUMNS, bookings.bring),
}


def bring(studio: Studio, folder: Path, console: Console, *, dry_run: bool) -> list[Outcome]:
    """Import the files of a folder, in their order; return what became of every row."""
    files = {name: folder / name for name in KINDS if (folder / name).exists()}
    if not files:
        raise FileError(f"{folder}: there is none of {', '.join(KINDS)}")
    tables = {name: read(path, KINDS[name].columns) for name, path in files.items()}
    outcomes: list[Outcome] = []
    with Progress(console=console) as progress, ThreadPoolExecutor(_AT_ONCE) as threads:
        for name, rows in tables.items():
            one = partial(_outcome, studio, name, repeated=_repeated(rows), dry_run=dry_run)
            done = threads.map(one, rows)
            outcomes += progress.track(done, total=len(rows), description=name)
    return outcomes


def _outcome(studio: Studio, name: str, row: Row, *, repeated: set[str], dry_run: bool) -> Outcome:
    try:
        row.require_unlike(repeated)
        state, detail = KINDS[name].bring(studio, row, dry_run)
    except RowError as error:
        state, detail = State.WRONG, str(error)
    except RefusedError as refused:
        state, detail = State.WRONG, _reason(refused)
    return Outcome(name, row.line, row.fields.get("reference", ""), state, detail)


def _repeated(rows: Sequence[Row]) -> set[str]:
    seen: set[str] = set()
    references = [row.fields.get("reference", "") for row in rows]
    return {one for one in references if one in seen or seen.add(one)}


def _reason(refused: RefusedError) -> str:
    errors = refused.problem.get("errors") or ()
    return "; ".join(f"{one['field']}: {one['detail']}" for one in errors) or str(refused)
