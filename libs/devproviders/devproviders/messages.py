"""The inbox of all phones: what was sent to a number, newest first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromQuery, JSONBody
from pydantic import BaseModel


class MessageForm(BaseModel):
    """A message to a phone."""

    phone: str
    text: str


class Message(MessageForm):
    """A message as it came in."""

    received_at: datetime


@dataclass
class Inbox:
    """The messages, oldest first, and the keys that they were sent under."""

    now: Callable[[], datetime]
    messages: list[Message] = field(default_factory=list[Message])
    keys: dict[str, Message] = field(default_factory=dict[str, Message])

    def take(self, form: MessageForm, key: str | None) -> Message:
        """Keep a message; one that comes again under its key is the same."""
        if key is not None and key in self.keys:
            return self.keys[key]
        message = Message(phone=form.phone, text=form.text, received_at=self.now())
        self.messages.append(message)
        if key is not None:
            self.keys[key] = message
        return message

    def of(self, phone: str | None) -> list[Message]:
        """Return the messages to one phone, or all, newest first."""
        return [one for one in reversed(self.messages) if phone in {None, one.phone}]


def routes(inbox: Inbox) -> Router:
    """Return the inbox under /messages."""

    @post("/")
    async def take_message(data: JSONBody[MessageForm], request: Request[Any, Any, Any]) -> Message:
        return inbox.take(data, request.headers.get("idempotency-key"))

    @get("/")
    async def get_messages(phone: FromQuery[str | None] = None) -> list[Message]:
        return inbox.of(phone)

    return Router("/messages", route_handlers=[take_message, get_messages])
