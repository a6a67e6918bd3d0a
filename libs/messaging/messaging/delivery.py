"""One message as it arrived."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from contracts.base import Message
from messaging.work import Work

M_co = TypeVar("M_co", bound=Message, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Generic[M_co]):
    """A message, decoded.

    `effective_at` is when the broker appended its first copy: deadlines are judged by it.
    `principal` (the signed token of who asked) and `request_hash` come with commands alone.
    """

    id: UUID
    body: M_co
    effective_at: datetime
    principal: str | None = None
    request_hash: str | None = None
    trace: str | None = None


Handler: TypeAlias = Callable[[Work, Sequence[Delivery[Message]]], Awaitable[None]]
"""What a service does with the messages of one batch that it never saw before, in their order."""

Concerns: TypeAlias = Callable[[Message], bool]
"""Whether a service does anything about a message; it depends on nothing but the message."""
