"""`python deploy/demo`: brings the system up, plays a studio's day, says where to look."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devstack import Stack, StackError
from story import play

console = Console(highlight=False)


def main(
    keep: Annotated[str, typer.Option(help="no: leave nothing running")] = "yes",
    folder: Annotated[Path, typer.Option(help="where the stack keeps its data")] = Path(".stack"),
) -> None:
    """Exit with 0 if the story came out right, else with 1."""
    stack = Stack(folder)
    try:
        stack.up()
        right = play(stack.service_url("gateway"), stack.platform_key, console)
    except StackError as error:
        console.print(f"[red]{error}[/]")
        sys.exit(1)
    finally:
        if keep == "no":
            stack.down()
    _say_goodbye(stack, right=right, running=keep != "no")
    sys.exit(0 if right else 1)


def _say_goodbye(stack: Stack, *, right: bool, running: bool) -> None:
    console.print(
        "\n[bold green]The story came out right.[/]" if right else "\n[bold red]It did not.[/]"
    )
    if running:
        url = stack.service_url("gateway")
        console.print(f"""
[bold]It is still running.[/]
  The API, to read and to try   {url}/docs
  The first key (platform)      {stack.platform_key}
  What runs                     make status
  The logs                      make logs
  Stop it                       make down
""")


if __name__ == "__main__":
    typer.run(main)
