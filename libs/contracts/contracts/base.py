"""The kinds of message, and the ids that are derived from their causes."""

from hashlib import sha1
from typing import ClassVar, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

_DERIVED: Final = UUID("6f1c1f5e-6f0b-5c6e-9d7e-0c8d2b0a4b11").bytes


def derive_id(cause: UUID, decision: str, subject: object = "", ordinal: int = 0) -> UUID:
    """Return the one id that `decision` about `subject` has when `cause` asks for it.

    The outcome is not part of it: a cause that is handled again arrives at the same id, whatever
    the state is by then, and a unique constraint turns the second decision away.
    """
    name = f"{cause}/{decision}/{subject}/{ordinal}"
    # What `uuid.uuid5` does, in half the time; every message that is said has such an id.
    digest = sha1(_DERIVED + name.encode(), usedforsecurity=False).digest()
    return UUID(bytes=digest[:16], version=5)


class Value(BaseModel):
    """Plain data inside messages and answers; never changed after it was made."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Form(BaseModel):
    """What a caller fills in, the body of a request; a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Value):
    """What travels on a topic. `type` is its name on the wire, `subject` the field it is about."""

    type: ClassVar[str]
    subject: ClassVar[str]

    @property
    def subject_id(self) -> UUID:
        """The id of what this message is about."""
        value = getattr(self, self.subject)
        assert isinstance(value, UUID)
        return value


class Command(Message):
    """Asked for by a principal at the public edge; answered with one `Reply`."""


class Request(Message):
    """Asked for by another service; answered with an event."""


class Event(Message):
    """A fact, in the past tense, with the state that its hearers need."""
