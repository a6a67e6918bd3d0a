"""`make mutations`: break the code in every way of the list, and see which test notices."""

import sys
import time
from pathlib import Path
from typing import Final

from rich.console import Console

from .mutation import Mutation
from .mutations import MUTATIONS
from .workshop import ROOT, Workshop, workshop

PAGE: Final = ROOT / "docs" / "mutations.md"
_console = Console(highlight=False)


def main(chosen: str = "") -> int:
    """Try the mutations whose name contains `chosen`; return the process's exit status.

    It is 1 if a mutation survives. The page is written when all were tried and none survived.
    """
    begun = time.monotonic()
    mutations = [one for one in MUTATIONS if chosen in one.name]
    with workshop() as place:
        tests = sorted({one.test for one in mutations})
        _console.print(f"{len(tests)} tests on the code as it is …")
        if wrong := place.failing(*tests):
            _console.print(f"[red]{wrong[0]} fails as it is[/]")
            return 1
        rows = [_try(place, one) for one in mutations]
    survivors = [row for row in rows if row[1] == ""]
    seconds = time.monotonic() - begun
    _console.print(f"{len(rows)} mutations, {len(survivors)} survive, {seconds:.0f} s")
    if not chosen and not survivors:
        _write(PAGE, rows, seconds)
    return 1 if survivors else 0


def _try(place: Workshop, mutation: Mutation) -> tuple[Mutation, str, float]:
    """Return the mutation, the test that saw it (empty if none did), and the seconds it took."""
    begun = time.monotonic()
    with place.broken(mutation):
        failed = place.failing(mutation.test)
    seconds = time.monotonic() - begun
    seen = f"[green]{failed[0]}[/]" if failed else "[red]survives[/]"
    _console.print(f"{seconds:5.1f} s  {mutation.name}: {seen}", soft_wrap=True)
    return mutation, failed[0] if failed else "", seconds


def _write(page: Path, rows: list[tuple[Mutation, str, float]], seconds: float) -> None:
    lines = [
        "# Mutations",
        "",
        "`make mutations` breaks a copy of the code in each of these ways, one at a time, and",
        "runs the test that must fail then. This is what it found last: every break was seen,",
        f"in {seconds:.0f} s. The list is in `tests/mutations/mutations.py`; `make test` checks",
        "that it still fits the code.",
        "",
        "| broken | where | seen by |",
        "|---|---|---|",
        *(f"| {one.name} | `{one.file}` | `{test}` |" for one, test, _ in rows),
    ]
    page.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
