"""What cannot be handled is set aside with its reason, and holds up nothing else."""

from dataclasses import replace
from uuid import uuid4

import pytest

from contracts.dead_letter import MessageDeadLettered
from messaging import Record

from .bench import Bench
from .toy import BUG, Add, Open, Rumour


async def test_a_poison_message_in_a_full_batch_leaves_the_other_499(bench: Bench) -> None:
    amounts = [*range(1000, 1300), BUG, *range(1300, 1499)]
    records = bench.adds(amounts)
    await bench.tell(*records, *records)
    async with bench.running():
        await bench.acknowledged()
        announced = await bench.hear(MessageDeadLettered)

    assert await bench.effects() == list(range(1000, 1499))
    [letter] = await bench.database.pool.fetch("SELECT * FROM dead_letters")
    assert (letter["reason"], letter["type"], letter["state"]) == ("failed", Add.type, "open")
    assert letter["detail"].startswith("ValueError\n")
    assert letter["body"] == records[300].value
    assert dict(zip(letter["header_names"], letter["header_values"], strict=True)) == dict(
        records[300].headers
    )
    assert {one.dead_letter_id for one in announced} == {letter["id"]}
    assert {one.detail for one in announced} == {"ValueError"}


async def test_what_the_database_refuses_is_set_aside_too(bench: Bench) -> None:
    await bench.tell(*bench.adds([7, -1, 8]))
    async with bench.running():
        await bench.acknowledged()

    assert await bench.effects() == [7, 8]
    [letter] = await bench.database.pool.fetch("SELECT * FROM dead_letters")
    assert letter["detail"].startswith("CheckViolationError\n")


def _headers(record: Record, **changes: bytes | None) -> Record:
    """Change headers; `None` leaves one out."""
    headers = dict(record.headers) | changes
    return replace(record, headers=[(k, v) for k, v in headers.items() if v is not None])


BAD: list[tuple[str, str]] = [
    ("tombstone", "empty_body"),
    ("empty body", "empty_body"),
    ("zero", "bad_schema"),
    ("not JSON", "bad_schema"),
    ("not UTF-8", "bad_schema"),
    ("field missing", "bad_schema"),
    ("null header", "bad_envelope"),
    ("header not UTF-8", "bad_envelope"),
    ("NUL in a header", "bad_envelope"),
    ("no id", "bad_envelope"),
    ("id of another form", "bad_envelope"),
    ("no type", "bad_envelope"),
    ("no headers", "bad_envelope"),
]


def _bad(kind: str, good: Record) -> Record:
    bodies = {
        "tombstone": None,
        "empty body": b"",
        "zero": b"0",
        "not JSON": b"{",
        "not UTF-8": b"\xff\xfe",
        "field missing": b"{}",
    }
    headers: dict[str, dict[str, bytes | None]] = {
        "header not UTF-8": {"traceparent": b"\xff"},
        "NUL in a header": {"ce_subject": b"\x00"},
        "no id": {"ce_id": None},
        "id of another form": {"ce_id": b"7"},
        "no type": {"ce_type": None},
    }
    if kind in bodies:
        return replace(good, value=bodies[kind])  # pyright: ignore[reportArgumentType]
    if kind in headers:
        return _headers(good, **headers[kind])
    null: list[tuple[str, bytes]] = [("other", None)]  # pyright: ignore[reportAssignmentType]
    return replace(good, headers=[*good.headers, *null] if kind == "null header" else [])


async def test_unreadable_messages_are_set_aside_with_their_reasons(bench: Bench) -> None:
    good = bench.adds(range(100, 101 + len(BAD)))
    bad = [_bad(kind, record) for (kind, _), record in zip(BAD, bench.adds([1] * 99), strict=False)]
    mixed = [record for pair in zip(good, bad, strict=False) for record in pair]
    await bench.tell(*mixed, good[-1])
    async with bench.running():
        await bench.acknowledged()

    assert await bench.effects() == list(range(100, 101 + len(BAD)))
    rows = await bench.database.pool.fetch("SELECT reason, body FROM dead_letters")
    assert sorted(row["reason"] for row in rows) == sorted(reason for _, reason in BAD)
    assert sorted(row["body"] or b"" for row in rows) == sorted(one.value or b"" for one in bad)


async def test_an_unknown_event_is_skipped(bench: Bench) -> None:
    rumour = bench.record(Rumour(counter_id=uuid4()))
    await bench.tell(_headers(rumour, ce_type=b"toy.rumour.v2"), *bench.adds([1]))
    async with bench.running():
        await bench.acknowledged()

    assert await bench.effects() == [1]
    assert await bench.count("dead_letters") == 0


async def test_an_unknown_command_is_set_aside_and_answered(bench: Bench) -> None:
    command_id = uuid4()
    record = bench.command(Open(counter_id=uuid4()), command_id)
    await bench.tell(_headers(record, ce_type=b"toy.close.v1"))
    async with bench.running():
        await bench.acknowledged()
        [reply] = await bench.replies(command_id)

    assert (reply.state, reply.status, reply.request_hash) == ("refused", 500, "hash")
    [letter] = await bench.database.pool.fetch("SELECT * FROM dead_letters")
    assert (letter["reason"], letter["message_id"]) == ("unknown_command", command_id)


@pytest.mark.parametrize("body", [b"0", b"{}", b""])
async def test_a_command_with_a_bad_body_is_answered(bench: Bench, body: bytes) -> None:
    command_id = uuid4()
    record = bench.command(Open(counter_id=uuid4()), command_id)
    await bench.tell(replace(record, value=body))
    async with bench.running():
        await bench.acknowledged()
        [reply] = await bench.replies(command_id)

    assert (reply.state, reply.status) == ("refused", 500)
