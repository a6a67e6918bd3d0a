"""`make audit`: recompute everything from ledgers and events, across the services."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from aiokafka.errors import KafkaError
from rich.console import Console

from audit import audit
from devstack import Stack

console = Console(highlight=False)


def main(
    folder: Annotated[Path, typer.Option(help="The folder of the stack.")] = Path(".stack"),
    patience: Annotated[float, typer.Option(help="Seconds for what is under way to end.")] = 10,
) -> None:
    """Exit with 0 if nothing differs, else with 1 and what does."""
    try:
        evidence, wrong = audit(Stack(folder), patience)
    except (OSError, KafkaError) as error:
        console.print(f"Kafka or Postgres does not answer ({error}). Is the system up? `make up`")
        sys.exit(1)
    for finding in wrong:
        console.print(f"  [red]{finding}[/]")
    console.print(
        f"{len(evidence.appointments)} appointments, {len(evidence.settlements)} settlements,"
        f" {len(evidence.buckets)} buckets, {len(evidence.ledger)} ledger entries,"
        f" {len(evidence.bills)} bills, {len(evidence.payments)} payments: "
        + (f"[red]{len(wrong)} differences[/]" if wrong else "[green]no difference[/]")
    )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    typer.run(main)
