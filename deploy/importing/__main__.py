"""`make import`: bring clients, memberships and future bookings from elsewhere, out of CSV."""

import sys
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from edge import Edge, RefusedError
from importing import KINDS, bring
from outcomes import failed, summary, write
from rows import FileError
from studios import Studio

console = Console(highlight=False)


def main(
    folder: Annotated[Path, typer.Argument(help=f"with {', '.join(KINDS)} (those that you have)")],
    location: Annotated[str, typer.Option(help="The id of the location.")],
    url: Annotated[str, typer.Option(help="The public edge.", envvar="GATEWAY_URL")],
    key: Annotated[str, typer.Option(help="An operator's API key.", envvar="API_KEY")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Check every row, and change nothing.")] = False,
) -> None:
    """Import, and write report.csv into the folder; what is there already stays as it is.

    Repeat it as often as you like: mend the rows that are wrong and start it again.
    """
    try:
        with Edge(url, key) as edge:
            outcomes = bring(Studio.at(edge, location), folder, console, dry_run=dry_run)
    except (FileError, httpx.HTTPError, RefusedError) as error:
        console.print(f"[red]{error}[/]")
        sys.exit(2)
    report = write(folder / "report.csv", outcomes)
    console.print(summary(outcomes, dry_run=dry_run), f"Row by row: {report}", sep="\n")
    sys.exit(1 if failed(outcomes) else 0)


if __name__ == "__main__":
    typer.run(main)
