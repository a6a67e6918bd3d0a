"""`python tests/faults`: let every fault strike, audit after each, write docs/faults.md."""

import asyncio
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from counts import FULL, SMALL, Counts
from devstack import Stack
from ground import REPLICAS
from play import FAULTS, Row, opened, play
from results import page, table

ROOT: Final = Path(__file__).resolve().parents[2]
console = Console()


class Size(StrEnum):
    """How much of everything."""

    FULL = "full"
    SMALL = "small"


def main(
    counts: Annotated[Size, typer.Option(help="how much of everything")] = Size.FULL,
    only: Annotated[list[str], typer.Option(help=f"of {', '.join(FAULTS)}")] = [],  # noqa: B006
    seed: Annotated[int, typer.Option(help="to see the same again")] = -1,
) -> None:
    """Print a row for each fault; docs/faults.md holds a full run of all."""
    seed = secrets.randbelow(10_000) if seed < 0 else seed
    console.print(f"seed {seed}")
    stack = Stack(ROOT / "build" / "faults-stack")
    stack.down(wipe=True)
    try:
        stack.up(replicas=REPLICAS)
        chosen = only or list(FAULTS)
        rows = asyncio.run(_run(stack, FULL if counts is Size.FULL else SMALL, chosen, seed))
    except BaseException:
        console.print(f"The stack is left as it is, in {stack.folder.relative_to(ROOT)}.")
        raise
    stack.down(wipe=True)
    console.print(table(rows))
    if counts is Size.FULL and not only:
        (ROOT / "docs" / "faults.md").write_text(page(rows))


async def _run(stack: Stack, counts: Counts, chosen: list[str], seed: int) -> list[Row]:
    rows: list[Row] = []
    with Progress(console=console) as progress:
        async with opened(stack, counts, progress) as ground:
            task = progress.add_task("faults", total=len(chosen))
            for fault in chosen:
                progress.update(task, description=fault)
                rows.append(await play(ground, fault, seed))
                progress.console.print(f"{rows[-1]}, repeated: {dict(ground.app.repeated)}")
                progress.advance(task)
    return rows


if __name__ == "__main__":
    typer.run(main)
