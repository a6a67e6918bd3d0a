"""What became of every row."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from rich.table import Table


class State(StrEnum):
    """What became of a row, or what would."""

    NEW = "new"
    THERE = "there already"
    WRONG = "wrong"


class Outcome(NamedTuple):
    """One row: the file, the line in it, its reference, and what became of it."""

    file: str
    line: int
    reference: str
    state: State
    detail: str = ""


def failed(outcomes: Iterable[Outcome]) -> bool:
    """Whether a row was wrong."""
    return any(outcome.state is State.WRONG for outcome in outcomes)


def write(path: Path, outcomes: Sequence[Outcome]) -> Path:
    """Write the report, a line a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Outcome._fields)
        writer.writerows(outcomes)
    return path


def summary(outcomes: Iterable[Outcome], *, dry_run: bool) -> Table:
    """Return a table with the counts of every file."""
    counts = Counter((outcome.file, outcome.state) for outcome in outcomes)
    table = Table("file", title="Would be imported" if dry_run else "Imported")
    for state in State:
        table.add_column(state.value, justify="right")
    for file in dict.fromkeys(file for file, _ in counts):
        table.add_row(file, *(f"{counts[file, state]:,}" for state in State))
    return table
