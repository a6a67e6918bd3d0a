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
from messaging.work import Conclusion, Submission, Work
from postgres import Database, Transaction

State = Literal["pending", "done", "refused"]

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


async def operation(database: Database, command_id: UUID) -> Operation | None:
    """Return the operation of this command, `None` when there is none (or it was 72 h ago)."""
    row = await database.pool.fetchrow(_LOAD, [command_id])
    return None if row is None else _operation(row)


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


async def conclude(work: Work) -> list[Conclusion]:
    """Say the replies of what `work` concludes, and store what is concluded of earlier batches.

    Returns the conclusions of commands of this batch, which are to be stored with what is said. A
    concluded command stays as it is.
    """
    earlier = sorted(work.conclusions.keys() - work.commands.keys())
    asked: dict[UUID, tuple[str, str | None]] = {
        one.command_id: (one.request_hash, one.trace) for one in work.commands.values()
    }
    if earlier:
        columns = columns_of([work.conclusions[command_id] for command_id in earlier])
        rows = await work.transaction.fetch(_CONCLUDE, *columns)
        asked |= {row["command_id"]: (row["request_hash"], row["trace"]) for row in rows}
    for one in work.conclusions.values():
        if one.command_id in asked:
            request_hash, trace = asked[one.command_id]
            reply = Reply.model_construct(
                command_id=one.command_id,
                request_hash=request_hash,
                state=one.state,
                status=one.status,
                result=one.result,
                problem=one.problem,
            )
            reply_id = derive_id(one.command_id, Reply.type)
            work.say(reply_id, reply, cause=one.command_id, trace=trace)
    return [one for one in work.conclusions.values() if one.command_id in work.commands]


def columns_of(conclusions: Sequence[Conclusion]) -> tuple[Sequence[object], ...]:
    """Return the columns of conclusions: command, state, status, result, problem."""
    return (
        [one.command_id for one in conclusions],
        [one.state for one in conclusions],
        [one.status for one in conclusions],
        [to_json(one.result).decode() for one in conclusions],
        [None if one.problem is None else one.problem.model_dump_json() for one in conclusions],
    )


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
