"""Commands and their conclusions: one answer for every repetition of a submission."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from contracts.reply import Problem
from postgres import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A command and, once it is concluded, its result or the problem that it met.

    `principal` is the id of who asked; nobody else may read it.
    """

    command_id: UUID
    request_hash: str
    principal: UUID | None
    state: Literal["pending", "done", "refused"]
    status: int | None
    result: dict[str, Any]
    problem: Problem | None
    created_at: datetime
    concluded_at: datetime | None


async def operation(database: Database, command_id: UUID) -> Operation | None:
    """Return the operation of this command, `None` when there is none (or it was 72 h ago)."""
    raise NotImplementedError((database, command_id))
