"""The answer to a command, and the problem documents (RFC 9457) in it."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Event, Value


class FieldError(Value):
    """One field that is wrong: `field` is its dotted path in the request body."""

    field: str
    message: str


class Problem(Value):
    """Why something was refused, as RFC 9457 says it.

    `type` is a path under `/problems/` that never changes its meaning; `detail` is for people.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldError, ...] = ()
    reasons: tuple[dict[str, Any], ...] = ()


class Reply(Event):
    """The conclusion of one command: its result, or the problem that it met.

    A repeated submission gets the same reply. `request_hash` tells a repetition from another
    request under the same idempotency key.
    """

    type: ClassVar[str] = "operations.replied.v1"
    subject: ClassVar[str] = "command_id"

    command_id: UUID
    request_hash: str
    state: Literal["done", "refused"]
    status: int = 200
    result: dict[str, Any] = Field(default_factory=dict)
    problem: Problem | None = None
