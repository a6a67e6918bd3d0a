"""`python deploy/demo`: brings the system up, plays a studio's day, says where to look."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from devstack import Stack
from devstack.terminal import watched
from edge import Edge
from invitation import invite, show
from story import play

console = Console(highlight=False, soft_wrap=True)


def main(
    keep: Annotated[str, typer.Option(help="no: leave nothing running")] = "yes",
    folder: Annotated[Path, typer.Option(help="where the stack keeps its data")] = Path(".stack"),
    gateway: Annotated[str, typer.Option(help="URL of a system that runs already")] = "",
    stand_ins: Annotated[str, typer.Option(help="URL of its devproviders, if any")] = "",
    platform_key: Annotated[str, typer.Option(envvar="PLATFORM_KEY", help="its first key")] = "",
) -> None:
    """Exit with 0 if the story came out right, else with 1."""
    if gateway:
        right = _played(gateway, platform_key, stand_ins, stays=True)
    else:
        right = _played_on_a_stack(folder, keep)
    sys.exit(0 if right else 1)


def _played_on_a_stack(folder: Path, keep: str) -> bool:
    with watched(console) as progress:
        stack = Stack(folder, progress=progress)
        stack.up()
    try:
        url, stand_ins = stack.service_url("gateway"), stack.service_url("devproviders")
        right = _played(url, stack.platform_key, stand_ins, stays=keep != "no")
    finally:
        if keep == "no":
            stack.down()
    if keep != "no":
        _say_goodbye(stack)
    return right


def _played(url: str, platform_key: str, stand_ins: str, *, stays: bool) -> bool:
    story = play(url, platform_key, console, can_pay=bool(stand_ins))
    console.print(
        "\n[bold red]It did not come out right.[/]"
        if story.wrong
        else "\n[bold green]The story came out right.[/]"
    )
    # The invitation has passwords that everybody knows: it is for development alone.
    if stays and stand_ins:
        with Edge(url, platform_key) as platform:
            show(story, invite(story, platform, stand_ins))
    return not story.wrong


def _say_goodbye(stack: Stack) -> None:
    url = stack.service_url("gateway")
    console.print(f"""
[bold]For developers[/]
  The API, to read and to try   {url}/docs
  The first key (platform)      {stack.platform_key}
  What runs                     make status
  The logs                      make logs
  Stop it                       make down
""")


if __name__ == "__main__":
    typer.run(main)
