"""Where codes arrive in tests: a webhook, and a mail server, as the outside has them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from litestar import Litestar, Request, Response, post

from .serving import eventually, free_port, served


@dataclass
class Mailbox:
    """What arrived, in order; the next `refuses` deliveries are refused."""

    url: str = ""
    messages: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    keys: list[str] = field(default_factory=list[str])
    refuses: int = 0

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncGenerator["Mailbox", None]:
        """Open a webhook that takes messages."""
        mailbox = cls()

        @post("/messages")
        async def take(request: Request[Any, Any, Any]) -> Response[None]:
            mailbox.keys.append(request.headers["idempotency-key"])
            if mailbox.refuses:
                mailbox.refuses -= 1
                return Response(None, status_code=503)
            mailbox.messages.append(await request.json())
            return Response(None, status_code=204)

        async with served(Litestar([take], logging_config=None)) as url:
            mailbox.url = f"{url}/messages"
            yield mailbox

    @classmethod
    @asynccontextmanager
    async def of_mail(cls) -> AsyncGenerator[tuple["Mailbox", int], None]:
        """Open a mail server; its port comes with it."""
        mailbox, port = cls(), free_port()
        server: Any = Controller(_Handler(mailbox), hostname="127.0.0.1", port=port)
        await asyncio.to_thread(server.start)
        try:
            yield mailbox, port
        finally:
            await asyncio.to_thread(server.stop)

    async def after(self, number: int) -> dict[str, str]:
        """Wait for the message that comes after so many others."""

        async def arrived() -> bool:
            return len(self.messages) > number

        await eventually(arrived)
        return self.messages[number]


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        self._mailbox.messages.append({"to": envelope.rcpt_tos[0], "text": mail.get_content()})
        return "250 OK"
