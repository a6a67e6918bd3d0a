"""`python deploy/demo`: brings the system up, plays a studio's day, says where to look."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devstack import Stack
from devstack.terminal import watched
from story import play

console = Console(highlight=False, soft_wrap=True)


def main(
    keep: Annotated[str, typer.Option(help="no: leave nothing running")] = "yes",
    folder: Annotated[Path, typer.Option(help="where the stack keeps its data")] = Path(".stack"),
    gateway: Annotated[str, typer.Option(help="URL of a system that runs already")] = "",
    stand_ins: Annotated[bool, typer.Option(help="whether that pays at devproviders")] = False,
    platform_key: Annotated[str, typer.Option(envvar="PLATFORM_KEY", help="its first key")] = "",
) -> None:
    """Exit with 0 if the story came out right, else with 1."""
    if gateway:
        right = _played(gateway, platform_key, can_pay=stand_ins)
    else:
        right = _played_on_a_stack(folder, keep)
    sys.exit(0 if right else 1)


def _played_on_a_stack(folder: Path, keep: str) -> bool:
    with watched(console) as progress:
        stack = Stack(folder, progress=progress)
        stack.up()
    try:
        right = _played(stack.service_url("gateway"), stack.platform_key, can_pay=True)
    finally:
        if keep == "no":
            stack.down()
    if keep != "no":
        _say_goodbye(stack)
    return right


def _played(url: str, platform_key: str, *, can_pay: bool) -> bool:
    right = play(url, platform_key, console, can_pay=can_pay)
    console.print(
        "\n[bold green]The story came out right.[/]" if right else "\n[bold red]It did not.[/]"
    )
    return right


def _say_goodbye(stack: Stack) -> None:
    url = stack.service_url("gateway")
    console.print(f"""
[bold]It is still running.[/]
  The API, to read and to try   {url}/docs
  The first key (platform)      {stack.platform_key}
  What runs                     make status
  The logs                      make logs
  What phones got               {stack.service_url("devproviders")}
  Stop it                       make down
""")


if __name__ == "__main__":
    typer.run(main)
