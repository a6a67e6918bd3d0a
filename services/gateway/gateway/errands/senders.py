"""How a code gets to a phone: through the log, a mail gateway, or a webhook."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from uuid import UUID

import aiosmtplib
import httpx

from gateway.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TextMessage:
    """What a phone (E.164) is to be told; `message_id` is the same at every try."""

    message_id: UUID
    phone: str = field(repr=False)
    code: str = field(repr=False)
    text: str = field(repr=False)


Send = Callable[[TextMessage], Awaitable[None]]
"""Returns when the message is accepted; raises when it is not."""


@asynccontextmanager
async def sending(settings: Settings) -> AsyncGenerator[Send, None]:
    """Give what sends messages as the settings say."""
    match settings.phone_code_adapter:
        case "log":
            _log.warning("phone codes are written to this log: for development only")
            yield _to_log
        case "smtp":
            yield _by_mail(settings)
        case "webhook":
            async with httpx.AsyncClient(trust_env=False) as client:
                yield _by_webhook(client, settings)


async def _to_log(message: TextMessage) -> None:
    _log.warning("development only: to %s: %s", message.phone, message.text)


def _by_mail(settings: Settings) -> Send:
    """Mail to <digits>@<domain>, as gateways from mail to text messages take it."""
    password = settings.smtp_password

    async def send(message: TextMessage) -> None:
        mail = EmailMessage()
        mail["From"] = settings.phone_code_mail_from
        mail["To"] = f"{message.phone.removeprefix('+')}@{settings.phone_code_mail_domain}"
        mail["Subject"] = "Your code"
        mail["Message-ID"] = f"<{message.message_id}@{settings.phone_code_mail_domain}>"
        mail.set_content(message.text)
        await aiosmtplib.send(
            mail,
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=password.get_secret_value() if password else None,
            start_tls=settings.smtp_start_tls,
            timeout=settings.phone_code_retry_seconds,
        )

    return send


def _by_webhook(client: httpx.AsyncClient, settings: Settings) -> Send:
    async def send(message: TextMessage) -> None:
        body = {"phone": message.phone, "text": message.text, "code": message.code}
        answer = await client.post(
            settings.phone_code_webhook_url,
            json=body,
            headers={"Idempotency-Key": str(message.message_id)},
            timeout=settings.phone_code_retry_seconds,
        )
        answer.raise_for_status()

    return send
