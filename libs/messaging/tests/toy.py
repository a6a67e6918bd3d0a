"""A service to try messaging with: it counts. Run as a program, it can die at a checkpoint.

An `Add` adds to a counter and is announced with the new total. An `Open` makes a counter and
answers; one that is `guarded` answers when the first `Add` has come.
"""

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import messaging
import observability
from contracts.base import Command, Event, Message, Request
from contracts.conversation import Conversation, Topic
from contracts.dead_letter import MessageDeadLettered
from contracts.problems import CONFLICT
from contracts.reply import Reply
from messaging import Delivery, Work, batches
from messaging.fetching import PatientConsumer
from postgres import Database

MIGRATIONS = (messaging.MIGRATIONS, Path(__file__).parent / "toy_migrations")
PARTITIONS = 4
BUG = 13  # an amount that the handler cannot bear


class Add(Request):
    type: ClassVar[str] = "toy.add.v1"
    subject: ClassVar[str] = "counter_id"

    counter_id: UUID
    amount: int
    opening: UUID | None = None


class Open(Command):
    type: ClassVar[str] = "toy.open.v1"
    subject: ClassVar[str] = "counter_id"

    counter_id: UUID
    guarded: bool = False
    amount: int = 0


class Added(Event):
    type: ClassVar[str] = "toy.added.v1"
    subject: ClassVar[str] = "counter_id"

    counter_id: UUID
    total: int
    revision: int


class Rumour(Event):
    """Said by somebody else, heard by the toy."""

    type: ClassVar[str] = "toy.rumour.v1"
    subject: ClassVar[str] = "counter_id"

    counter_id: UUID


def conversation_of(name: str) -> Conversation:
    """Return the conversation of the toy service `name`, on topics of its own."""
    day = timedelta(days=1)

    def topic(end: str, types: dict[type[Message], str], writer: str, reader: str) -> Topic:
        return Topic(
            name=f"{name}.{end}",
            types=types,
            writers=(writer,),
            readers=(reader,),
            retention=day,
            partitions=PARTITIONS,
        )

    return Conversation(
        (
            topic("requests", {Add: "counter_id"}, "tests", name),
            topic("commands", {Open: "counter_id"}, "tests", name),
            topic("rumours", {Rumour: "counter_id"}, "tests", name),
            topic("events", {Added: "counter_id"}, name, "tests"),
            topic("replies", {Reply: "command_id"}, name, "tests"),
            topic("dead_letters", {MessageDeadLettered: "dead_letter_id"}, name, "tests"),
        )
    )


async def handle(work: Work, deliveries: Sequence[Delivery[Message]]) -> None:
    """Load the counters of the batch, count in memory, save what changed."""
    await work.transaction.execute("SET LOCAL lock_timeout = '200ms'")
    ids = sorted({one.body.subject_id for one in deliveries})
    await work.transaction.execute(
        "SELECT FROM counters WHERE counter_id = ANY($1) ORDER BY counter_id FOR UPDATE", ids
    )
    rows = await work.transaction.fetch("SELECT * FROM counters WHERE counter_id = ANY($1)", ids)
    counters = {row["counter_id"]: (row["total"], row["revision"]) for row in rows}
    effects: list[tuple[UUID, UUID, int]] = []
    for one in deliveries:
        match one.body:
            case Add() as add:
                effects.append((one.id, add.counter_id, add.amount))
                _add(work, one.id, add, counters)
            case Open() as opening:
                effects.append((one.id, opening.counter_id, opening.amount))
                _open(work, one.id, opening, counters)
            case _:
                pass
    await _save(work, counters, effects)


def _add(work: Work, cause: UUID, add: Add, counters: dict[UUID, tuple[int, int]]) -> None:
    if add.amount == BUG:
        raise ValueError("an unlucky number")
    total, revision = counters.get(add.counter_id, (0, 0))
    counters[add.counter_id] = (total + add.amount, revision + 1)
    work.publish(
        Added(counter_id=add.counter_id, total=total + add.amount, revision=revision + 1),
        cause=cause,
    )
    if add.opening is not None:
        work.conclude(add.opening, {"total": total + add.amount})


def _open(work: Work, cause: UUID, opening: Open, counters: dict[UUID, tuple[int, int]]) -> None:
    if opening.amount == BUG:
        raise ValueError("an unlucky number")
    if opening.counter_id in counters:
        work.refuse(cause, CONFLICT.problem("It is open."))
        return
    counters[opening.counter_id] = (opening.amount, 1)
    if not opening.guarded:
        work.conclude(cause, {"counter_id": str(opening.counter_id)}, status=201)


async def _save(
    work: Work,
    counters: dict[UUID, tuple[int, int]],
    effects: Sequence[tuple[UUID, UUID, int]],
) -> None:
    await work.transaction.execute(
        """
        INSERT INTO counters SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[])
        ON CONFLICT (counter_id) DO UPDATE
        SET total = excluded.total, revision = excluded.revision
        """,
        sorted(counters),
        [counters[counter_id][0] for counter_id in sorted(counters)],
        [counters[counter_id][1] for counter_id in sorted(counters)],
    )
    await work.transaction.execute(
        """
        INSERT INTO effects (message_id, counter_id, amount)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])
        """,
        [message_id for message_id, _, _ in effects],
        [counter_id for _, counter_id, _ in effects],
        [amount for _, _, amount in effects],
    )


def _die_at(chosen: str | None) -> messaging.Checkpoint:
    def checkpoint(name: str) -> None:
        if name == chosen:
            os.kill(os.getpid(), signal.SIGKILL)

    return checkpoint


async def _see_nothing(self: PatientConsumer, *_: object, **__: object) -> Any:
    """Never see what comes, as a consumer does that did not survive a restart of its broker."""
    while True:
        self.polled = time.monotonic()
        await asyncio.sleep(0.1)


async def _stop_looking(*_: object, **__: object) -> Any:
    """Wait for something that never happens."""
    await asyncio.Event().wait()


async def _hang(*_: object) -> None:
    """Handle a batch for ever."""
    await asyncio.Event().wait()


HANGS = {"sees nothing": _see_nothing, "stops looking": _stop_looking}


async def main() -> None:
    service, instance = os.environ["SERVICE"], os.environ["INSTANCE"]
    observability.setup(service=service, instance=instance)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    batches.POLL_LIMIT = float(os.environ.get("POLL_LIMIT", "600"))
    if os.environ.get("HANG") in HANGS:
        PatientConsumer.getmany = HANGS[os.environ["HANG"]]
    async with (
        Database.connect(os.environ["POSTGRES_DSN"], application_name=instance) as database,
        messaging.running(
            service=service,
            conversation=conversation_of(service),
            database=database,
            bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
            instance=instance,
            handle=_hang if os.environ.get("HANG") == "in a batch" else handle,
            checkpoint=_die_at(os.environ.get("DIE_AT")),
            patience=timedelta(seconds=float(os.environ.get("PATIENCE", "60"))),
        ),
    ):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
