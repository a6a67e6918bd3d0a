"""`python -m messaging`: what a person does about a service's messages.

`dead-letters` decides about those that were set aside, `republish` says again what was said. Both
work on the database of one service, which POSTGRES_DSN names, as in the service's own process.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer

from messaging import decisions
from messaging.decisions import Decision, DecisionError, StoredLetter
from messaging.republishing import republish
from postgres import Database

T = TypeVar("T")


def _instant(text: str) -> datetime:
    """Read an ISO 8601 instant; without an offset it is UTC."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
dead_letters = typer.Typer(no_args_is_help=True, help="Messages that could not be handled.")
app.add_typer(dead_letters, name="dead-letters")

Dsn = Annotated[str, typer.Option(envvar="POSTGRES_DSN", help="The service's database.")]
Ids = Annotated[list[UUID], typer.Argument(help="Ids of dead letters.")]
Instant = Annotated[datetime, typer.Option(parser=_instant, metavar="INSTANT")]
By = Annotated[str, typer.Option(envvar="USER", help="Who decides; it is kept.")]


@app.callback()
def main() -> None:
    """Look after a service's messages."""


@app.command("republish")
def say_again(
    dsn: Dsn,
    since: Instant,
    until: Annotated[datetime | None, typer.Option(parser=_instant, metavar="INSTANT")] = None,
    topic: Annotated[str | None, typer.Option(help="One topic only.")] = None,
) -> None:
    """Publish again what the service said in a span of the last 24 hours; copies do no harm."""
    counts = _with_database(
        dsn, lambda database: republish(database, since=since, until=until, topic=topic)
    )
    for name, messages in counts.items():
        typer.echo(f"{messages:>8}  {name}")


@dead_letters.command("list")
def list_letters(
    dsn: Dsn,
    everything: Annotated[bool, typer.Option("--all", help="Replayed and discarded too.")] = False,
) -> None:
    """List what waits for a decision, the oldest first."""
    state = None if everything else "open"
    for one in _with_database(dsn, lambda database: decisions.letters(database, state)):
        typer.echo(
            f"{one.id}  {one.at:%F %T}  {one.state}  {one.reason}  {one.type}  {one.summary}"
        )


@dead_letters.command()
def show(letter_id: Annotated[UUID, typer.Argument(help="Its id.")], dsn: Dsn) -> None:
    """Show one letter with its body, why it failed, and what was decided."""
    letter, decided = _with_database(dsn, lambda database: decisions.letter(database, letter_id))
    for line in _lines(letter, decided):
        typer.echo(line)


@dead_letters.command()
def replay(letter_ids: Ids, dsn: Dsn, by: By) -> None:
    """Publish letters again: what made them fail has been put right."""
    _with_database(dsn, lambda database: decisions.replay(database, letter_ids, by=by))
    typer.echo(f"{len(letter_ids)} replayed")


@dead_letters.command()
def discard(
    letter_ids: Ids,
    dsn: Dsn,
    by: By,
    reason: Annotated[str, typer.Option(help="Why it may never take effect; it is kept.")],
) -> None:
    """Close letters without any effect."""
    _with_database(
        dsn, lambda database: decisions.discard(database, letter_ids, by=by, reason=reason)
    )
    typer.echo(f"{len(letter_ids)} discarded")


def _with_database(dsn: str, work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    async def connected() -> T:
        async with Database.connect(dsn, application_name="messaging", max_size=1) as database:
            return await work(database)

    try:
        return asyncio.run(connected())
    except DecisionError as error:
        typer.echo(str(error), err=True)
    except OSError as error:
        typer.echo(f"The database cannot be reached: {error}", err=True)
    raise typer.Exit(1)


def _lines(letter: StoredLetter, decided: Sequence[Decision]) -> Iterator[str]:
    yield f"{letter.id}  {letter.state} since {letter.at:%F %T %Z}"
    yield f"{letter.topic}/{letter.partition}/{letter.offset} of {letter.appended_at:%F %T %Z}"
    for name, value in letter.headers:
        yield f"{name}: {_text(value)}"
    yield ""
    yield _text(letter.body)
    yield ""
    yield f"{letter.reason}: {letter.detail}"
    for one in decided:
        reason = f": {one.reason}" if one.reason else ""
        yield f"{one.decision} by {one.decided_by} at {one.decided_at:%F %T %Z}{reason}"


def _text(value: bytes | None) -> str:
    return "(null)" if value is None else value.decode(errors="backslashreplace")


if __name__ == "__main__":
    app(prog_name="python -m messaging")
