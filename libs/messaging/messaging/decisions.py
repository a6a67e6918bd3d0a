"""What a person decides about dead letters: look, replay, discard; each decision is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from contracts.base import derive_id
from contracts.reply import Reply
from messaging import envelope, operations, outbox
from messaging.outbox import Packed
from postgres import Database, Transaction

State = Literal["open", "replayed", "discarded"]

_FIND: Final = """
SELECT id, topic, partition, "offset", appended_at, key, message_id, type, header_names,
       header_values, body, reason, detail, state, at
FROM dead_letters
"""
_BY_STATE: Final = f"{_FIND} WHERE $1::text IS NULL OR state = $1 ORDER BY at, id"
_BY_ID: Final = f"{_FIND} WHERE id = $1"
_LOCK: Final = f"{_FIND} WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE"
_DECIDE: Final = """
WITH decided AS (
    UPDATE dead_letters SET state = $2, at = now() WHERE id = ANY($1::uuid[]) RETURNING id
)
INSERT INTO dead_letter_decisions (dead_letter_id, decision, decided_by, reason)
SELECT id, $2, $3, $4 FROM decided
"""
_DECISIONS: Final = """
SELECT decision, decided_by, decided_at, reason
FROM dead_letter_decisions WHERE dead_letter_id = $1 ORDER BY id
"""


class DecisionError(Exception):
    """What was asked for is not possible; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLetter:
    """A dead letter as it is kept; `at` is when its state changed last."""

    id: UUID
    topic: str
    partition: int
    offset: int
    appended_at: datetime
    key: bytes | None
    message_id: UUID | None
    type: str | None
    headers: tuple[tuple[str, bytes | None], ...]
    body: bytes | None
    reason: str
    detail: str
    state: State
    at: datetime

    @property
    def summary(self) -> str:
        """The first line of the detail."""
        return self.detail.partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided about a dead letter, and when; a discard has a reason."""

    decision: Literal["replayed", "discarded"]
    decided_by: str
    decided_at: datetime
    reason: str | None


async def letters(database: Database, state: State | None) -> list[StoredLetter]:
    """Return the dead letters in this state, or all, the oldest first."""
    return [_letter(row) for row in await database.pool.fetch(_BY_STATE, state)]


async def letter(database: Database, letter_id: UUID) -> tuple[StoredLetter, list[Decision]]:
    """Return a dead letter and what was decided about it; raises `DecisionError`."""
    row = await database.pool.fetchrow(_BY_ID, letter_id)
    if row is None:
        raise DecisionError(f"There is no dead letter {letter_id}.")
    decisions = await database.pool.fetch(_DECISIONS, letter_id)
    return _letter(row), [Decision(**one) for one in decisions]


async def replay(database: Database, letter_ids: Sequence[UUID], *, by: str) -> None:
    """Publish open letters again, all or none, each under its own id and at its own time.

    A command's answer, that it could not be carried out, is forgotten first. A letter that fails
    once more is open again. Raises `DecisionError`.
    """
    async with database.transaction() as transaction:
        packed = [_packed(one) for one in await _open_letters(transaction, letter_ids)]
        ids = [one.message_id for one in packed]
        await operations.forget_failures(transaction, ids)
        answers = [derive_id(message_id, Reply.type) for message_id in ids]
        await outbox.replace(transaction, packed, forgotten=answers)
        await transaction.execute(_DECIDE, letter_ids, "replayed", by, None)


async def discard(database: Database, letter_ids: Sequence[UUID], *, by: str, reason: str) -> None:
    """Close open letters, all or none, without any effect; raises `DecisionError`."""
    if not reason.strip():
        raise DecisionError("A discard needs a reason.")
    async with database.transaction() as transaction:
        await _open_letters(transaction, letter_ids)
        await transaction.execute(_DECIDE, letter_ids, "discarded", by, reason)


async def _open_letters(transaction: Transaction, letter_ids: Sequence[UUID]) -> list[StoredLetter]:
    """Lock letters and return them, if they are all there and open."""
    rows = await transaction.fetch(_LOCK, letter_ids)
    found = {one.id: one for one in map(_letter, rows)}
    for letter_id in letter_ids:
        if letter_id not in found:
            raise DecisionError(f"There is no dead letter {letter_id}.")
        if found[letter_id].state != "open":
            raise DecisionError(f"Dead letter {letter_id} is {found[letter_id].state} already.")
    return list(found.values())


def _packed(letter: StoredLetter) -> Packed:
    """Return the message as it came; it says when that was, for deadlines are judged by it."""
    headers = {name: envelope.text_of(value) for name, value in letter.headers}
    readable = {name: text for name, text in headers.items() if text is not None}
    body, key = envelope.text_of(letter.body), envelope.text_of(letter.key)
    if letter.message_id is None or not body or key is None or readable != headers:
        raise DecisionError(f"Dead letter {letter.id} cannot be read by anybody: discard it.")
    readable.setdefault(envelope.EFFECTIVE_AT, letter.appended_at.isoformat())
    return Packed(letter.message_id, letter.topic, key, readable, body)


def _letter(row: Any) -> StoredLetter:
    columns = dict(row)
    names, values = columns.pop("header_names"), columns.pop("header_values")
    return StoredLetter(**columns, headers=tuple(zip(names, values, strict=True)))
