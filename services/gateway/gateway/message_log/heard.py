"""Messages as people see them: nothing that could name anybody, and no signed tokens."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from contracts.conversation import Conversation, Topic
from contracts.dead_letter import MessageDeadLettered
from contracts.reply import Reply
from messaging import envelope

# Commands have names and phones, or what somebody typed of a client; replies have all views.
_WITH_PEOPLE: Final = ("booking.commands", "membership.commands")
# Of a command's headers, the token of who asked is not for anybody to see.
_HEADERS: Final = (
    *(envelope.ID, envelope.TYPE, envelope.SUBJECT, "ce_source", "ce_time"),
    *(envelope.EFFECTIVE_AT, envelope.TRACE),
)
_MOST_CHARACTERS: Final = 8000
_DETAIL: Final = "detail"  # of a dead letter: it may repeat what was in the message


class Heard(NamedTuple):
    """One message; `number` counts those that this log has heard, `at` is when it was appended.

    `chain_ids` are all that its body names. `text` is what it is looked for in, in lower case.
    """

    number: int
    topic: str
    partition: int
    offset: int
    at: datetime
    type: str
    subject: str
    headers: Mapping[str, str]
    body: str
    chain_ids: frozenset[str]
    text: str

    @property
    def name(self) -> str:
        """What it is called wherever it is shown."""
        return f"{self.topic}-{self.partition}-{self.offset}"

    @property
    def title(self) -> str:
        """What happened, in words: "Membership issued"."""
        return self.type.rpartition(".v")[0].rpartition(".")[2].replace("_", " ").capitalize()


class Sought(NamedTuple):
    """What somebody looks for; `chain_id` is the one whose messages may be seen, if not all."""

    topic: str = ""
    type: str = ""
    text: str = ""
    chain_id: UUID | None = None

    def fits(self, heard: Heard) -> bool:
        """Return whether a message is looked for, and may be seen.

        One that names no chain, or another one beside, is for those who run the installation.
        """
        if self.chain_id is not None and heard.chain_ids != frozenset({str(self.chain_id)}):
            return False
        return (
            self.topic in {"", heard.topic}
            and self.type.lower() in heard.type
            and self.text.lower() in heard.text
        )


def shown_topics(conversation: Conversation) -> tuple[Topic, ...]:
    """Return the topics whose messages are about nobody by name."""
    return tuple(topic for topic in conversation.topics if not _is_about_people(topic))


def read(number: int, record: Any) -> Heard:
    """Return a Kafka record as people see it, however it is broken."""
    headers = {
        name: text
        for name, value in record.headers
        if name in _HEADERS and (text := envelope.text_of(value)) is not None
    }
    kind = headers.get(envelope.TYPE, "")
    body = _parsed(record.value)
    if kind == MessageDeadLettered.type and isinstance(body, dict):
        cast("dict[str, Any]", body).pop(_DETAIL, None)
    written = json.dumps(body, indent=2, ensure_ascii=False)[:_MOST_CHARACTERS]
    subject = headers.get(envelope.SUBJECT, "")
    return Heard(
        number=number,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        type=kind,
        subject=subject,
        headers=headers,
        body=written,
        chain_ids=frozenset(_chains_in(body)),
        text=f"{' '.join(headers.values())} {written}".lower(),
    )


def _is_about_people(topic: Topic) -> bool:
    # Tests have topics of their own, whose names go on with a dot.
    is_named = any(topic.name.startswith(f"{one}.") or topic.name == one for one in _WITH_PEOPLE)
    return is_named or Reply in topic.types


def _parsed(value: bytes | None) -> Any:
    try:
        return json.loads(value or b"null")
    except ValueError:
        return None


def _chains_in(body: Any) -> Iterator[str]:
    """Give every chain that is named anywhere in a body."""
    if isinstance(body, list):
        for each in cast("list[Any]", body):
            yield from _chains_in(each)
    elif isinstance(body, dict):
        for name, value in cast("dict[str, Any]", body).items():
            if name == "chain_id":
                yield str(value)
            else:
                yield from _chains_in(value)
