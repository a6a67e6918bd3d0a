"""What a person decides about dead letters, by the command line: list, show, replay, discard."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from contracts.base import Message
from messaging import Delivery, Record, Work

from .bench import Bench
from .toy import BUG, Open, handle


async def command_line(bench: Bench, *arguments: object, status: int = 0) -> str:
    """Run `python -m messaging dead-letters` in the name of Anna, and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "messaging", "dead-letters", *map(str, arguments)),
        env=os.environ | {"POSTGRES_DSN": bench.dsn, "USER": "anna"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == status, printed.decode()
    return printed.decode()


async def letter_of(bench: Bench, record: Record) -> UUID:
    """Return the id of the dead letter that a record became."""
    [row] = await bench.database.pool.fetch(
        "SELECT id FROM dead_letters WHERE body IS NOT DISTINCT FROM $1", record.value
    )
    return row["id"]


async def states(bench: Bench) -> list[str]:
    rows = await bench.database.pool.fetch("SELECT state FROM dead_letters ORDER BY state")
    return [row["state"] for row in rows]


async def handled(bench: Bench, *records: Record) -> None:
    """Publish records and wait until they are dealt with, with all that follows from them."""
    await bench.tell(*records)
    await bench.acknowledged()


async def replayed(bench: Bench, *letter_ids: UUID) -> None:
    """Replay letters, and wait until they are dealt with."""
    await command_line(bench, "replay", *letter_ids)
    await bench.said()
    await bench.acknowledged()


async def test_a_replayed_message_takes_effect_exactly_once(bench: Bench) -> None:
    counter_id = uuid4()
    [early] = bench.adds([-1], counter_id)
    async with bench.running():
        await handled(bench, early)
        await handled(bench, *bench.adds([5], counter_id))  # what was missing is there now
        letter_id = await letter_of(bench, early)
        await replayed(bench, letter_id)
        assert await bench.effects() == [-1, 5]
        assert await states(bench) == ["replayed"]

        await handled(bench, early)
        refusal = await command_line(bench, "replay", letter_id, status=1)

    assert f"{letter_id} is replayed already" in refusal
    assert await bench.effects() == [-1, 5]
    assert {one.total for one in await bench.totals()} == {5, 4}


async def test_a_replayed_letter_that_fails_again_is_open_again(bench: Bench) -> None:
    counter_id = uuid4()
    [early] = bench.adds([-1], counter_id)
    async with bench.running():
        await handled(bench, early)
        letter_id = await letter_of(bench, early)
        await replayed(bench, letter_id)
        assert await states(bench) == ["open"]

        await handled(bench, *bench.adds([5], counter_id))
        await replayed(bench, letter_id)

    assert await states(bench) == ["replayed"]
    assert await bench.effects() == [-1, 5]
    shown = await command_line(bench, "show", letter_id)
    assert shown.count("replayed by anna") == 2


async def test_a_replayed_command_is_carried_out_and_answered_anew(bench: Bench) -> None:
    command_id = uuid4()
    record = bench.command(Open(counter_id=uuid4(), amount=-1), command_id)
    async with bench.running():
        await handled(bench, record)
        await bench.database.pool.execute(
            "ALTER TABLE counters DROP CONSTRAINT counters_total_check"
        )
        await replayed(bench, await letter_of(bench, record))
        await handled(bench, record)
        replies = await bench.replies(command_id)

    assert [(one.state, one.status) for one in replies] == [
        ("refused", 500),
        ("done", 201),
        ("done", 201),
    ]
    assert await bench.effects() == [-1]


async def test_a_command_that_was_carried_out_meanwhile_is_not_carried_out_again(
    bench: Bench,
) -> None:
    command_id = uuid4()
    record = bench.command(Open(counter_id=uuid4(), amount=-1), command_id)
    async with bench.running():
        await handled(bench, record)
        await bench.database.pool.execute(
            "ALTER TABLE counters DROP CONSTRAINT counters_total_check;"
            "DELETE FROM operations"  # as after three days
        )
        await handled(bench, record)
        assert await bench.effects() == [-1]
        await replayed(bench, await letter_of(bench, record))

    assert await bench.effects() == [-1]


async def test_a_replayed_message_is_judged_by_the_time_of_its_first_copy(bench: Bench) -> None:
    heard: list[datetime] = []

    async def fails_twice(work: Work, deliveries: Sequence[Delivery[Message]]) -> None:
        heard.extend(one.effective_at for one in deliveries)
        if len(heard) < 3:
            raise ValueError
        await handle(work, deliveries)

    [record] = bench.adds([1])
    async with bench.running(handle=fails_twice):
        await handled(bench, record)
        letter_id = await letter_of(bench, record)
        await replayed(bench, letter_id)
        await replayed(bench, letter_id)

    assert len(heard) == 3
    assert len(set(heard)) == 1


async def test_a_discard_has_a_reason_and_is_final(bench: Bench) -> None:
    records = bench.adds([BUG, BUG])
    async with bench.running():
        await handled(bench, *records)
        letters = [await letter_of(bench, record) for record in records]
        await command_line(bench, "discard", *letters, status=2)
        await command_line(bench, "discard", *letters, "--reason", " ", status=1)
        assert await states(bench) == ["open", "open"]

        await command_line(bench, "discard", *letters, "--reason", "a typing error")
        refusal = await command_line(bench, "replay", letters[0], status=1)
        await handled(bench, *records)

    assert "is discarded already" in refusal
    assert await states(bench) == ["discarded", "discarded"]
    shown = await command_line(bench, "show", letters[1])
    assert "discarded by anna" in shown
    assert "a typing error" in shown


async def test_of_several_letters_all_are_replayed_or_none(bench: Bench) -> None:
    early, empty = bench.adds([-1, 7])
    empty = replace(empty, value=b"")
    async with bench.running():
        await handled(bench, early, empty)
        letters = [await letter_of(bench, early), await letter_of(bench, empty)]
        refusal = await command_line(bench, "replay", *letters, status=1)
        assert f"{letters[1]} cannot be read by anybody" in refusal
        refusal = await command_line(bench, "replay", letters[0], uuid4(), status=1)

    assert "There is no dead letter" in refusal
    assert await states(bench) == ["open", "open"]


async def test_what_waits_is_listed_and_shown(bench: Bench) -> None:
    first, second = bench.adds([BUG, BUG])
    second = replace(second, headers=[*second.headers, ("odd", b"\xff")])
    async with bench.running():
        await handled(bench, first)
        await handled(bench, second)
    ids = [str(await letter_of(bench, record)) for record in (first, second)]

    lines = (await command_line(bench, "list")).splitlines()
    assert [line.split()[0] for line in lines] == ids
    assert lines[0].endswith("open  failed  toy.add.v1  ValueError")

    shown = await command_line(bench, "show", ids[1])
    assert second.value.decode() in shown
    assert "odd: \\xff" in shown
    assert "bad_envelope: header 'odd' is null" in shown

    await command_line(bench, "discard", ids[0], "--reason", "seen")
    assert (await command_line(bench, "list")).split()[0] == ids[1]
    assert len((await command_line(bench, "list", "--all")).splitlines()) == 2


async def test_without_a_database_that_is_said(bench: Bench) -> None:
    nowhere = "postgresql://anna@127.0.0.1:1/nowhere"
    printed = await command_line(bench, "list", "--dsn", nowhere, status=1)
    assert printed.startswith("The database cannot be reached")


@pytest.mark.parametrize("verb", ["show", "replay"])
async def test_an_id_that_nobody_knows_is_said(bench: Bench, verb: str) -> None:
    assert "There is no dead letter" in await command_line(bench, verb, uuid4(), status=1)
