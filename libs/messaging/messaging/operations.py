"""Commands and their conclusions: one answer for every repetition of a submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

import asyncpg
from pydantic_core import from_json, to_json

from contracts.base import derive_id
from contracts.problems import IDEMPOTENCY_KEY_REUSED, INTERNAL_ERROR
from contracts.reply import Problem, Reply
from messaging.work import Work
from postgres import Database, Transaction

State = Literal["pending", "done", "refused"]

# In the order of the ids, like the inbox.
_CLAIM: Final = """
INSERT INTO operations (command_id, request_hash, principal, trace)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[])
ON CONFLICT DO NOTHING
RETURNING command_id
"""
_CONCLUDE: Final = """
UPDATE operations AS operation
SET state = conclusion.state, status = conclusion.status, result = conclusion.result,
    problem = conclusion.problem, concluded_at = now()
FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::jsonb[], $5::jsonb[])
    AS conclusion (command_id, state, status, result, problem)
WHERE operation.command_id = conclusion.command_id AND operation.state = 'pending'
RETURNING operation.command_id, operation.request_hash, operation.trace
"""
_LOAD: Final = """
SELECT command_id, request_hash, principal, state, status, result, problem, created_at, concluded_at
FROM operations WHERE command_id = ANY($1::uuid[])
"""
_FORGET_FAILURES: Final = """
DELETE FROM operations WHERE command_id = ANY($1::uuid[]) AND state = 'refused' AND status = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A command and, once it is concluded, its result or the problem that it met.

    `principal` is the id of who asked; nobody else may read it.
    """

    command_id: UUID
    request_hash: str
    principal: UUID | None
    state: State
    status: int | None
    result: dict[str, Any]
    problem: Problem | None
    created_at: datetime
    concluded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Submission:
    """One copy of a command, as far as its answer is concerned."""

    command_id: UUID
    request_hash: str
    principal: UUID | None
    trace: str | None = None


async def operation(database: Database, command_id: UUID) -> Operation | None:
    """Return the operation of this command, `None` when there is none (or it was 72 h ago)."""
    row = await database.pool.fetchrow(_LOAD, [command_id])
    return None if row is None else _operation(row)


async def claim(
    transaction: Transaction, submissions: Sequence[Submission]
) -> tuple[set[UUID], list[Submission]]:
    """Register commands; return the ids that are new, and the submissions that are repetitions."""
    if not submissions:
        return set(), []
    first: dict[UUID, Submission] = {}
    again = [one for one in submissions if first.setdefault(one.command_id, one) is not one]
    ordered = [first[command_id] for command_id in sorted(first)]
    rows = await transaction.fetch(
        _CLAIM,
        [one.command_id for one in ordered],
        [one.request_hash for one in ordered],
        [one.principal for one in ordered],
        [one.trace for one in ordered],
    )
    fresh: set[UUID] = {row["command_id"] for row in rows}
    again += [one for one in ordered if one.command_id not in fresh]
    return fresh, again


async def forget_failures(transaction: Transaction, command_ids: Sequence[UUID]) -> None:
    """Let commands that were answered with a failure of ours be carried out when they come again.

    All other answers stand.
    """
    await transaction.execute(_FORGET_FAILURES, command_ids, INTERNAL_ERROR.status)


async def answer_again(work: Work, again: Sequence[Submission]) -> None:
    """Say the stored reply to repetitions, and turn away another request under the same key.

    A repetition of a command that is pending gets the reply that everybody gets later.
    """
    if not again:
        return
    ids = sorted({one.command_id for one in again})
    rows = await work.transaction.fetch(_LOAD, ids)
    operations = {row["command_id"]: _operation(row) for row in rows}
    for submission in again:
        reply = _reply_again(submission, operations)
        if reply is not None:
            # The same answer under another id: the outbox knows the first one already.
            work.say(uuid4(), reply, cause=submission.command_id)


async def conclude(work: Work) -> None:
    """Store the conclusions of `work` and say their replies; a concluded command stays as it is."""
    if not work.conclusions:
        return
    ordered = [work.conclusions[command_id] for command_id in sorted(work.conclusions)]
    rows = await work.transaction.fetch(
        _CONCLUDE,
        [one.command_id for one in ordered],
        [one.state for one in ordered],
        [one.status for one in ordered],
        [to_json(one.result).decode() for one in ordered],
        [None if one.problem is None else one.problem.model_dump_json() for one in ordered],
    )
    asked = {row["command_id"]: row for row in rows}
    for one in work.conclusions.values():
        if one.command_id in asked:
            reply = Reply(
                command_id=one.command_id,
                request_hash=asked[one.command_id]["request_hash"],
                state=one.state,
                status=one.status,
                result=one.result,
                problem=one.problem,
            )
            reply_id, trace = derive_id(one.command_id, Reply.type), asked[one.command_id]["trace"]
            work.say(reply_id, reply, cause=one.command_id, trace=trace)


def _reply_again(submission: Submission, operations: Mapping[UUID, Operation]) -> Reply | None:
    stored = operations[submission.command_id]
    if stored.request_hash != submission.request_hash:
        problem = IDEMPOTENCY_KEY_REUSED.problem("Another request was submitted under this key.")
        return Reply(
            command_id=submission.command_id,
            request_hash=submission.request_hash,
            state="refused",
            status=problem.status,
            problem=problem,
        )
    if stored.state == "pending":
        return None
    assert stored.status is not None
    return Reply(
        command_id=stored.command_id,
        request_hash=stored.request_hash,
        state=stored.state,
        status=stored.status,
        result=stored.result,
        problem=stored.problem,
    )


def _operation(row: asyncpg.Record) -> Operation:
    return Operation(
        command_id=row["command_id"],
        request_hash=row["request_hash"],
        principal=row["principal"],
        state=row["state"],
        status=row["status"],
        result=from_json(row["result"]) if row["result"] else {},
        problem=Problem.model_validate_json(row["problem"]) if row["problem"] else None,
        created_at=row["created_at"],
        concluded_at=row["concluded_at"],
    )
