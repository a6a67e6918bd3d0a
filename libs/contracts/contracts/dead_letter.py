"""A message that could not be handled, and why."""

from typing import ClassVar
from uuid import UUID

from contracts.base import Event
from contracts.values import Instant


class MessageDeadLettered(Event):
    """A message was set aside; it waits in the service's `dead_letters` table for a decision.

    Its body is not repeated here: it may hold names and phones. `message_subject` is the id of what
    it is about, if its headers say that.
    """

    type: ClassVar[str] = "operations.message_dead_lettered.v1"
    subject: ClassVar[str] = "dead_letter_id"

    dead_letter_id: UUID
    service: str
    topic: str
    partition: int
    offset: int
    message_type: str | None
    message_subject: UUID | None = None
    reason: str
    detail: str
    at: Instant
