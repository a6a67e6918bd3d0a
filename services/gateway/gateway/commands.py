"""A command on its way: published, and answered with its reply, or with where to ask for it."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter
from typing import Final
from uuid import UUID, uuid5

from litestar import MediaType, Response
from prometheus_client import Histogram

from contracts.base import Command, Request, Value, derive_id
from contracts.conversation import Conversation
from contracts.problems import SERVICE_UNAVAILABLE
from gateway import store
from gateway.access import Tokens
from gateway.outages import answered_503
from gateway.replies import Answer, Replies
from messaging import Publisher, PublishError, Record, encode_command, encode_request
from observability.traces import continuing
from postgres import Database
from web.identity import Principal
from web.problems import MEDIA_TYPE, ProblemError

_SECONDS: Final = Histogram(
    "gateway_command_seconds", "From a command's arrival to its answer.", ["type", "outcome"]
)

_OUTCOME_UNKNOWN: Final = (
    "It is not known whether your request was accepted; repeat it with the same idempotency key."
)

_log = logging.getLogger(__name__)


class PendingOperation(Value):
    """The command is accepted, and not concluded yet; ask at `href` what became of it."""

    operation_id: UUID
    state: str = "pending"
    href: str


@dataclass(frozen=True)
class Edge:
    """What lives as long as the process and is needed to submit commands."""

    conversation: Conversation
    publisher: Publisher
    replies: Replies
    tokens: Tokens
    database: Database
    deadline_seconds: float


@dataclass(frozen=True)
class Submission:
    """One request that becomes a command.

    `request_hash` tells its repetition from another request under the same idempotency key.
    """

    edge: Edge
    principal: Principal
    command_id: UUID
    request_hash: str
    traceparent: str | None = None
    """The trace of the caller's own, if it has one."""

    def new_id(self, noun: str) -> UUID:
        """Return the id of what the command creates: a repetition names the same thing."""
        return derive_id(self.command_id, "create", noun)

    async def send(self, command: Command) -> Response[bytes]:
        """Publish, then answer with the reply, or 202 when it does not come in time."""
        with continuing(command.type, self.traceparent) as traceparent:
            return await self._send(command, traceparent)

    async def _send(self, command: Command, traceparent: str) -> Response[bytes]:
        began = perf_counter()
        with self.edge.replies.expected(self.command_id, self.request_hash) as arriving:
            await self._publish(command, traceparent)
            try:
                async with asyncio.timeout(self.edge.deadline_seconds):
                    answer = await arriving
            except TimeoutError:
                answer = None
        outcome = "pending" if answer is None else "refused" if answer.is_problem else "done"
        _SECONDS.labels(command.type, outcome).observe(perf_counter() - began)
        return await self._pending(command) if answer is None else _answered(answer)

    async def _publish(self, command: Command, traceparent: str) -> None:
        record = encode_command(
            self.edge.conversation,
            command,
            command_id=self.command_id,
            principal=self.edge.tokens.token_for(self.principal),
            request_hash=self.request_hash,
            time=datetime.now(UTC),
            trace=traceparent,
        )
        await _published(self.edge, record, unless=_OUTCOME_UNKNOWN)

    async def _pending(self, command: Command) -> Response[bytes]:
        with answered_503(_OUTCOME_UNKNOWN):
            await store.note_late_operation(self.edge.database, self.command_id, self.principal.id)
        href = f"/v1/operations/{self._owner_of(command)}/{self.command_id}"
        body = PendingOperation(operation_id=self.command_id, href=href)
        return Response(
            body.model_dump_json().encode(),
            status_code=202,
            media_type=MediaType.JSON,
            headers={"Location": href},
        )

    def _owner_of(self, command: Command) -> str:
        (owner,) = self.edge.conversation.topic_of(command).readers
        return owner


async def pass_on(
    edge: Edge, request: Request, *, message_id: UUID, traceparent: str | None = None
) -> None:
    """Publish what the outside says, and return when the broker has it; raises 503 otherwise."""
    with continuing(request.type, traceparent) as trace:
        record = encode_request(
            edge.conversation, request, message_id=message_id, time=datetime.now(UTC), trace=trace
        )
        await _published(edge, record, unless="This was not recorded; say it again.")


async def _published(edge: Edge, record: Record, *, unless: str) -> None:
    try:
        await edge.publisher.publish(record)
    except PublishError as error:
        _log.warning("a message could not be published: %r", error)
        problem = SERVICE_UNAVAILABLE.problem(unless)
        raise ProblemError(problem, headers={"Retry-After": "1"}) from error


def command_id_of(principal: Principal, idempotency_key: str) -> UUID:
    """Return the id of the command that this principal names by this key."""
    return uuid5(principal.id, idempotency_key)


def hash_of_request(method: str, path: str, body: bytes) -> str:
    """Return what tells a repetition of a request from another request under the same key."""
    return sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def _answered(answer: Answer) -> Response[bytes]:
    return Response(
        answer.body,
        status_code=answer.status,
        media_type=MEDIA_TYPE if answer.is_problem else MediaType.JSON,
    )
