"""CloudEvents 1.0 in binary mode: the headers around a contract's JSON body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from contracts.base import Command, Message, Request
from contracts.conversation import Conversation

SPEC_VERSION: Final = "1.0"
CONTENT_TYPE: Final = "application/json"

ID: Final = "ce_id"
TYPE: Final = "ce_type"
SUBJECT: Final = "ce_subject"
PRINCIPAL: Final = "ce_principal"
REQUEST_HASH: Final = "ce_requesthash"
EFFECTIVE_AT: Final = "ce_effectiveat"  # of a replay: when its first copy was appended
TRACE: Final = "traceparent"

COMMANDS: Final = ".commands"  # how the names of topics end that the public edge writes to

Headers = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Record:
    """A message ready for the wire."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers


def headers_of(
    message: Message, *, message_id: UUID, source: str, time: datetime, trace: str | None = None
) -> dict[str, str]:
    """Return the CloudEvents attributes of `message`, as header names and values."""
    headers = {
        "ce_specversion": SPEC_VERSION,
        ID: str(message_id),
        TYPE: message.type,
        "ce_source": source,
        "ce_time": _instant(time),
        SUBJECT: str(message.subject_id),
        "content-type": CONTENT_TYPE,
    }
    if trace is not None:
        headers[TRACE] = trace
    return headers


@lru_cache(maxsize=1)  # what one transaction says, it says at one time
def _instant(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")


def text_of(value: bytes | None) -> str | None:
    """Return the text of bytes; `None` when they have none that could be read or stored."""
    try:
        text = value.decode() if value is not None else None
    except UnicodeDecodeError:
        return None
    return None if text is None or "\x00" in text else text


def on_the_wire(headers: dict[str, str]) -> Headers:
    """Return header values as Kafka carries them."""
    return [(name, value.encode()) for name, value in headers.items()]


def encode_command(
    conversation: Conversation,
    command: Command,
    *,
    command_id: UUID,
    principal: str,
    request_hash: str,
    time: datetime,
    source: str = "gateway",
    trace: str | None = None,
) -> Record:
    """Return the record that asks the owning service for `command`.

    `principal` is the signed token of who asks, `request_hash` tells a repeated submission from
    another one under the same idempotency key, `time` is when it was received (aware).
    """
    headers = headers_of(command, message_id=command_id, source=source, time=time, trace=trace)
    headers |= {PRINCIPAL: principal, REQUEST_HASH: request_hash}
    return Record(
        topic=conversation.topic_of(command).name,
        key=str(conversation.key_of(command)).encode(),
        value=command.model_dump_json().encode(),
        headers=on_the_wire(headers),
    )


def encode_request(
    conversation: Conversation,
    request: Request,
    *,
    message_id: UUID,
    time: datetime,
    source: str = "gateway",
    trace: str | None = None,
) -> Record:
    """Return the record of a request from outside all services, such as a provider's webhook.

    `message_id` is derived from what the outside calls it, so that a repetition is seen as one.
    """
    headers = headers_of(request, message_id=message_id, source=source, time=time, trace=trace)
    return Record(
        topic=conversation.topic_of(request).name,
        key=str(conversation.key_of(request)).encode(),
        value=request.model_dump_json().encode(),
        headers=on_the_wire(headers),
    )
