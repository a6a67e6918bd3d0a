"""One transaction, and what it will say when it commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from contracts.base import Message, derive_id
from contracts.conversation import Conversation
from contracts.reply import Problem
from postgres import Transaction

MAX_BODY = 900_000  # bytes; below what the broker accepts, or the outbox would be stuck behind it


class MessageTooLargeError(Exception):
    """A message that the broker would never accept."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One copy of a command, as far as its answer is concerned."""

    command_id: UUID
    request_hash: str
    principal: UUID | None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Saying:
    """A message that waits for its transaction's commit."""

    id: UUID
    message: Message
    body: str
    trace: str | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a command ended."""

    command_id: UUID
    state: Literal["done", "refused"]
    status: int
    result: dict[str, Any]
    problem: Problem | None


@dataclass(slots=True)
class Work:
    """One transaction and what it will say.

    `now` is the database's clock. What is published or concluded here leaves with the commit, in
    the order of the calls; nothing of it leaves when the transaction rolls back.
    """

    transaction: Transaction
    now: datetime
    conversation: Conversation
    traces: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    commands: Mapping[UUID, Submission] = field(default_factory=dict[UUID, Submission])
    sayings: list[Saying] = field(default_factory=list[Saying], init=False)
    conclusions: dict[UUID, Conclusion] = field(default_factory=dict[UUID, Conclusion], init=False)
    _ordinals: dict[tuple[int, str, int], int] = field(
        default_factory=dict[tuple[int, str, int], int], init=False
    )

    def publish(self, message: Message, *, cause: UUID) -> None:
        """Say `message` because of `cause`; the same cause says it under the same id again."""
        subject = message.subject_id
        said = cause.int, message.type, subject.int
        ordinal = self._ordinals.get(said, 0)
        self._ordinals[said] = ordinal + 1
        self.say(derive_id(cause, message.type, subject, ordinal), message, cause=cause)

    def conclude(self, command_id: UUID, result: dict[str, Any], *, status: int = 200) -> None:
        """Answer the command with `result` (plain JSON); the first conclusion counts."""
        self._conclude(Conclusion(command_id, "done", status, result, None))

    def refuse(self, command_id: UUID, problem: Problem) -> None:
        """Answer the command with `problem`; the first conclusion counts."""
        self._conclude(Conclusion(command_id, "refused", problem.status, {}, problem))

    def say(
        self, message_id: UUID, message: Message, *, cause: UUID, trace: str | None = None
    ) -> None:
        """Say `message` under an id of the caller's own, in the trace of its cause or this one."""
        body = message.model_dump_json()
        if len(body) > MAX_BODY:
            raise MessageTooLargeError(f"{message.type} {message_id}: {len(body)} characters")
        self.sayings.append(Saying(message_id, message, body, trace or self.traces.get(cause)))

    def _conclude(self, conclusion: Conclusion) -> None:
        self.conclusions.setdefault(conclusion.command_id, conclusion)
