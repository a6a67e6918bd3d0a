"""Forgetting somebody in all that is kept of messages: answers, what was said, dead letters."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast
from uuid import UUID

import asyncpg
from pydantic_core import from_json, to_json

from messaging import envelope
from messaging.principals import claims_of
from messaging.work import Work
from postgres import Transaction

_ANSWERS: Final = """
SELECT command_id, result FROM operations WHERE result ->> $1 = ANY($2::text[]) FOR UPDATE
"""
_SAVE_ANSWERS: Final = """
UPDATE operations AS operation SET result = redacted.result
FROM unnest($1::uuid[], $2::jsonb[]) AS redacted (command_id, result)
WHERE operation.command_id = redacted.command_id
"""
_SAID: Final = "SELECT id, body FROM outbox WHERE body LIKE ANY($1::text[])"
_SAVE_SAID: Final = """
UPDATE outbox SET body = redacted.body
FROM unnest($1::bigint[], $2::text[]) AS redacted (id, body) WHERE outbox.id = redacted.id
"""
# Only a dead letter that was replayed is a command in the outbox.
_REPLAYED: Final = """
SELECT id, convert_to(body, 'UTF8') AS body, headers::jsonb ->> $2 AS token,
       headers::jsonb ->> $3 AS type
FROM outbox WHERE topic LIKE '%' || $1
"""
_DROP_REPLAYED: Final = "DELETE FROM outbox WHERE id = ANY($1::bigint[])"
_LETTERS: Final = """
SELECT id, coalesce(body, '') AS body,
       encode(header_values[array_position(header_names, $2)], 'escape') AS token, type
FROM dead_letters WHERE topic LIKE '%' || $1 AND (body IS NOT NULL OR header_names <> '{}')
ORDER BY id FOR UPDATE
"""
# What is left cannot be replayed: nobody has to decide.
_EMPTY_LETTERS: Final = """
WITH closed AS (
    INSERT INTO dead_letter_decisions (dead_letter_id, decision, decided_by, reason)
    SELECT id, 'discarded', 'erasure', 'Whom it is about was erased.'
    FROM dead_letters WHERE id = ANY($1::uuid[]) AND state = 'open'
)
UPDATE dead_letters
SET body = NULL, header_names = '{}', header_values = '{}',
    detail = split_part(detail, E'\\n', 1),
    state = CASE state WHEN 'open' THEN 'discarded' ELSE state END
WHERE id = ANY($1::uuid[])
"""
_A_NUMBER: Final = re.compile(r'"phone"\s*:\s*"[^"]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Who is to be forgotten, and how they are known.

    An answer is about somebody if its field `named_by` has one of the `ids`; then all the fields in
    `emptied` have the values there instead. A command has no such field yet: one that could not be
    handled is known by a number, which is somebody's alone, or by a name where it has no number.
    The number may be in the token of who asked, too. What has the type of one of `others` names
    somebody else.
    """

    named_by: str
    ids: frozenset[UUID]
    emptied: Mapping[str, str | None]
    numbers: re.Pattern[str] | None = None
    names: re.Pattern[str] | None = None
    others: frozenset[str] = frozenset()

    def redacted(self, value: Any) -> Any:
        """Return plain JSON with the fields of those objects emptied that are about them."""
        if isinstance(value, list):
            return [self.redacted(one) for one in cast("list[Any]", value)]
        if not isinstance(value, dict):
            return value
        fields = cast("dict[str, Any]", value)
        if fields.get(self.named_by) in {str(each) for each in self.ids}:
            fields |= {name: empty for name, empty in self.emptied.items() if name in fields}
        return {name: self.redacted(one) for name, one in fields.items()}

    def is_in(self, body: bytes, token: str | None, kind: str | None) -> bool:
        """Return whether a command of a kind, even an unreadable one, or its token names them."""
        text = _text(body)
        if self.numbers is not None and (
            self.numbers.search(text) or self.numbers.search(str(claims_of(token).get("phone")))
        ):
            return True
        if any(str(each) in text for each in self.ids):
            return any(f'"{name}"' in text for name in self.emptied)
        return (
            self.names is not None
            and kind not in self.others
            and self.names.search(text) is not None
            and _A_NUMBER.search(text) is None
        )


async def redact(work: Work, personal: Personal) -> None:
    """Forget somebody in what is kept of messages, and in what `work` has concluded so far.

    What other transactions under way write is not seen: do it once more when they have ended.
    """
    for command_id, one in work.conclusions.items():
        work.conclusions[command_id] = replace(one, result=personal.redacted(one.result))
    transaction = work.transaction
    await _redact_answers(transaction, personal)
    await _redact_said(transaction, personal)
    letters = await transaction.fetch(_LETTERS, envelope.COMMANDS, envelope.PRINCIPAL)
    emptied = [row["id"] for row in letters if _is_in(personal, row)]
    await transaction.execute(_EMPTY_LETTERS, emptied)


async def _redact_answers(transaction: Transaction, personal: Personal) -> None:
    rows = await transaction.fetch(_ANSWERS, personal.named_by, list(map(str, personal.ids)))
    await transaction.execute(
        _SAVE_ANSWERS,
        [row["command_id"] for row in rows],
        list(_all_redacted(personal, (row["result"] for row in rows))),
    )


async def _redact_said(transaction: Transaction, personal: Personal) -> None:
    rows = await transaction.fetch(_SAID, [f"%{each}%" for each in personal.ids])
    await transaction.execute(
        _SAVE_SAID,
        [row["id"] for row in rows],
        list(_all_redacted(personal, (row["body"] for row in rows))),
    )
    names = envelope.COMMANDS, envelope.PRINCIPAL, envelope.TYPE
    replayed = await transaction.fetch(_REPLAYED, *names)
    gone = [row["id"] for row in replayed if _is_in(personal, row)]
    await transaction.execute(_DROP_REPLAYED, gone)


def _is_in(personal: Personal, row: asyncpg.Record) -> bool:
    return personal.is_in(row["body"], row["token"], row["type"])


def _all_redacted(personal: Personal, bodies: Iterable[str]) -> Iterable[str]:
    return (to_json(personal.redacted(from_json(body))).decode() for body in bodies)


def _text(body: bytes) -> str:
    """Return the text of a body; what JSON has escaped is as it was meant."""
    try:
        return to_json(from_json(body)).decode()
    except ValueError:
        return body.decode(errors="replace")
