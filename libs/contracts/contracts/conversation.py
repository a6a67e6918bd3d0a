"""Topics, and the conversation that they make up together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from contracts.base import Message

FOR_EVER: Final = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One Kafka topic.

    `types` maps each message type that may be written here to the field whose id is its key:
    messages with the same key arrive in the order in which they were decided.
    `retention` is `FOR_EVER` for the streams that others rebuild their state from.
    """

    name: str
    types: Mapping[type[Message], str]
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    retention: timedelta | None
    partitions: int = 12


@dataclass(frozen=True)
class Conversation:
    """All topics of a system, with the look-ups that writers and readers need."""

    topics: tuple[Topic, ...]
    _topic_by_type: dict[type[Message], Topic] = field(init=False, default_factory=dict)
    _type_by_name: dict[str, type[Message]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for topic in self.topics:
            for message_type in topic.types:
                self._topic_by_type[message_type] = topic
                self._type_by_name[message_type.type] = message_type

    def topic_of(self, message: Message) -> Topic:
        """Return the topic that `message` is written to."""
        return self._topic_by_type[type(message)]

    def key_of(self, message: Message) -> UUID:
        """Return the id that orders `message` among the others of its topic."""
        value = getattr(message, self.topic_of(message).types[type(message)])
        assert isinstance(value, UUID)
        return value

    def type_named(self, name: str) -> type[Message] | None:
        """Return the message type that is called `name` on the wire."""
        return self._type_by_name.get(name)

    def heard_by(self, service: str) -> tuple[Topic, ...]:
        """Return the topics that `service` subscribes to."""
        return tuple(topic for topic in self.topics if service in topic.readers)

    def said_by(self, service: str) -> tuple[Topic, ...]:
        """Return the topics that `service` writes to."""
        return tuple(topic for topic in self.topics if service in topic.writers)

    def names(self) -> Iterable[str]:
        """Return the names of all topics."""
        return (topic.name for topic in self.topics)
