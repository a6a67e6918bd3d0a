"""`python -m devstack`: start, stop and watch the stack."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from devstack import chromium as browser
from devstack import logs as log_following
from devstack import providers
from devstack.stack import DEFAULT_FOLDER, Process, Stack
from devstack.terminal import watched

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
console = Console()

Folder = Annotated[Path, typer.Option(help="Where the stack keeps its data, logs and ports.")]


@app.command()
def up(
    folder: Folder = DEFAULT_FOLDER,
    replicas: Annotated[int, typer.Option(min=1, help="Processes of each service.")] = 1,
    services: Annotated[bool, typer.Option(help="Start the services too.")] = True,
) -> None:
    """Start Kafka, Postgres and the services, and wait until they are ready."""
    begun = time.monotonic()
    with watched(console) as progress:
        stack = Stack(folder, progress=progress)
        stack.up(services=services, replicas=replicas)
    console.print(f"Everything is up ({time.monotonic() - begun:.1f} s)", style="bold")
    _show(stack.processes())


@app.command()
def down(
    folder: Folder = DEFAULT_FOLDER,
    wipe: Annotated[bool, typer.Option("--wipe", help="Remove the data too.")] = False,
) -> None:
    """Stop what `up` started; the data stay."""
    with watched(console) as progress:
        Stack(folder, progress=progress).down(wipe=wipe)
    console.print("Everything is down, and its data are gone." if wipe else "Everything is down.")


@app.command()
def status(folder: Folder = DEFAULT_FOLDER) -> None:
    """Show what runs, where, and whether it is ready."""
    _show(Stack(folder).processes())


@app.command()
def env(folder: Folder = DEFAULT_FOLDER) -> None:
    """Print what a shell needs to call the gateway: `eval "$(python -m devstack env)"`."""
    stack = Stack(folder)
    typer.echo(f"export PUNCHCARD={stack.service_url('gateway')}")
    typer.echo(f"export PLATFORM_KEY={stack.platform_key}")
    typer.echo(f"export PROVIDERS={stack.service_url(providers.NAME)}")


@app.command()
def logs(
    service: Annotated[
        str | None, typer.Argument(help="A process or service; all if none.")
    ] = None,
    folder: Folder = DEFAULT_FOLDER,
    follow: Annotated[bool, typer.Option(help="Go on until Ctrl-C.")] = True,
) -> None:
    """Show the logs, each line with the name of its process."""
    for name, line in log_following.lines(folder, service, follow=follow):
        console.print(f"{name:<14}", style="cyan", end=" ")
        console.print(line, markup=False, highlight=False, soft_wrap=True)


@app.command()
def topics(folder: Folder = DEFAULT_FOLDER) -> None:
    """Create the topics that are missing, in a Kafka that runs already."""
    with watched(console) as progress:
        created = Stack(folder, progress=progress).create_topics()
    console.print(f"Created {', '.join(created)}" if created else "All topics are there.")


@app.command()
def migrate(folder: Folder = DEFAULT_FOLDER) -> None:
    """Bring the databases of the services up to date, in a Postgres that runs already."""
    with watched(console) as progress:
        Stack(folder, progress=progress).migrate()
    console.print("All databases are up to date.")


@app.command()
def chromium() -> None:
    """Bring the browser that the tests of the pages need, if it is missing."""
    with watched(console) as progress:
        browser.ensure(DEFAULT_FOLDER, progress)


def _show(processes: list[Process]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("name", "pid", "address", "ready", "memory"):
        table.add_column(column, justify="right" if column in {"pid", "memory"} else "left")
    for each in processes:
        table.add_row(
            each.name,
            str(each.pid or "-"),
            each.address,
            "[green]yes[/green]" if each.ready else "[red]no[/red]",
            f"{each.memory_bytes / 2**20:.0f} MB" if each.pid else "-",
        )
    console.print(table)


if __name__ == "__main__":
    app()
