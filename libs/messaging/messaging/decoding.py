"""From the broker's record to a delivery, or to a dead letter; never an exception."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from aiokafka import ConsumerRecord
from pydantic import ValidationError

from contracts.base import Command, Message
from contracts.conversation import Conversation
from messaging import envelope
from messaging.dead_letters import Letter
from messaging.delivery import Delivery

RawRecord = ConsumerRecord[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery, and the record that it was."""

    record: RawRecord
    delivery: Delivery[Message]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A type of event that this service does not know: a newer writer, and legal."""

    type: str


class _UnreadableError(Exception):
    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def decode(record: RawRecord, conversation: Conversation) -> Arrival | Letter | Skipped:
    """Read a record as the contract that its headers name."""
    try:
        return _read(record, conversation)
    except _UnreadableError as error:
        return Letter(record, error.reason, str(error))
    except Exception as error:  # noqa: BLE001 - whatever a stranger wrote, the others go on
        return Letter(record, "bad_message", type(error).__name__)


def _read(record: RawRecord, conversation: Conversation) -> Arrival | Skipped:
    headers = _headers(record)
    message_id = _id(headers)
    name = headers.get(envelope.TYPE)
    if not name:
        raise _UnreadableError("bad_envelope", f"no header {envelope.TYPE}")
    message_type = conversation.type_named(name)
    if message_type is None:
        if record.topic.endswith(envelope.COMMANDS):
            raise _UnreadableError("unknown_command", f"no command is called {name}")
        return Skipped(name)
    request_hash = headers.get(envelope.REQUEST_HASH)
    if issubclass(message_type, Command) and not request_hash:
        raise _UnreadableError("bad_envelope", f"a command without {envelope.REQUEST_HASH}")
    return Arrival(
        record,
        Delivery(
            id=message_id,
            body=_body(record, message_type),
            effective_at=_effective_at(record, headers),
            principal=headers.get(envelope.PRINCIPAL),
            request_hash=request_hash,
            trace=headers.get(envelope.TRACE),
        ),
    )


def _headers(record: RawRecord) -> dict[str, str]:
    try:
        headers = {name: value.decode() for name, value in record.headers}
        if "\x00" not in "".join(headers.values()):
            return headers
    except (AttributeError, UnicodeDecodeError):
        pass
    bad = next(name for name, value in record.headers if envelope.text_of(value) is None)
    raise _UnreadableError("bad_envelope", f"header {bad!r} is null, not UTF-8 or has NUL")


def _id(headers: dict[str, str]) -> UUID:
    try:
        return UUID(headers[envelope.ID])
    except KeyError:
        raise _UnreadableError("bad_envelope", f"no header {envelope.ID}") from None
    except ValueError:
        raise _UnreadableError("bad_envelope", f"{envelope.ID} is not a UUID") from None


def _effective_at(record: RawRecord, headers: dict[str, str]) -> datetime:
    appended_at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    first = headers.get(envelope.EFFECTIVE_AT)
    return appended_at if first is None else min(appended_at, datetime.fromisoformat(first))


def _body(record: RawRecord, message_type: type[Message]) -> Message:
    if not record.value:
        raise _UnreadableError("empty_body", "the record has no value")
    try:
        # Forms too: a newer writer may have fields that this reader does not know.
        return message_type.model_validate_json(record.value, extra="ignore")
    except ValidationError as error:
        raise _UnreadableError("bad_schema", _explain(error)) from None


def _explain(error: ValidationError) -> str:
    """Say which fields are wrong, without their values: those may be names and phones."""
    return "; ".join(
        f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['type']}"
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    )
