"""The table of what was done, for the console and for docs/faults.md."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import psutil
from rich.table import Table

from play import Row

_HEAD: Final = ("fault", "seed", "kills", "messages", "duplicates", "effects", "recovered in")


def table(rows: Sequence[Row]) -> Table:
    """Return the rows for the console."""
    shown = Table(*_HEAD, box=None)
    for row in rows:
        shown.add_row(*_cells(row))
    return shown


def page(rows: Sequence[Row]) -> str:
    """Return docs/faults.md."""
    lines = ["| " + " | ".join(_HEAD) + " |", "|---|--:|--:|--:|--:|---|--:|"]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in rows]
    return _PAGE.format(
        table="\n".join(lines),
        cores=os.cpu_count(),
        machine=platform.machine(),
        memory=round(psutil.virtual_memory().total / 2**30),
        python=platform.python_version(),
        date=datetime.now(UTC).date().isoformat(),
    )


def _cells(row: Row) -> list[str]:
    return [
        row.fault.replace("-", " "),
        str(row.seed),
        f"{row.kills:,}",
        f"{row.messages:,}",
        f"{row.duplicates:,}",
        row.effects,
        f"{row.recovery_seconds:.1f} s",
    ]


_PAGE: Final = """\
# Faults

What `make faults` printed on {date}: {cores} cores, {machine}, {memory} GB, Python {python}; Kafka,
Postgres, two replicas of every service and the callers all on that machine.

{table}
"""
