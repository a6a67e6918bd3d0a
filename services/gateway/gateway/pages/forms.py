"""What a person sent with a form."""

import re
from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID, uuid4, uuid5

from litestar import Request

from web.problems import invalid_field

AnyRequest = Request[Any, Any, Any]
_MOST_DIGITS: Final = 20  # of very many no number can be made
_KEY: Final = re.compile(r"[A-Za-z0-9-]{1,100}")
_ODD_KEYS: Final = UUID("5f0f4b3e-0d5c-4f4a-9a27-6d1f4c1f2d0b")


class Form:
    """The fields of a form, as they were typed; `key` makes repeating it harmless."""

    def __init__(self, fields: Sequence[tuple[str, str]] = ()) -> None:
        self._fields = tuple(fields)

    @property
    def key(self) -> str:
        """The idempotency key that the form was rendered with."""
        key = self.text("idempotency_key")
        if key and not _KEY.fullmatch(key):
            return str(uuid5(_ODD_KEYS, key))  # it travels in a header, which takes few letters
        return key or str(uuid4())

    def text(self, name: str, default: str = "") -> str:
        """Return a field without the space around it, or `default` when it was not sent."""
        return next((value.strip() for key, value in self._fields if key == name), default)

    def secret(self, name: str) -> str:
        """Return a password: every character of it counts, the space around it too."""
        return next((value for key, value in self._fields if key == name), "")

    def optional(self, name: str) -> str | None:
        """Return a field, or None when it is empty or was not sent."""
        return self.text(name) or None

    def number(self, name: str) -> int | str | None:
        """Return a whole number; what is none as it is, for the API to say what is wrong."""
        text = self.text(name)
        is_number = text.removeprefix("-").isdecimal() and len(text) <= _MOST_DIGITS
        return int(text) if is_number else text or None

    def flag(self, name: str) -> bool:
        """Return whether a box was ticked."""
        return self.text(name) not in {"", "no", "false"}

    def many(self, name: str) -> list[str]:
        """Return all values of a field that can have several."""
        return [value.strip() for key, value in self._fields if key == name and value.strip()]

    def has(self, name: str) -> bool:
        """Return whether a field was sent at all: a box or a button that was not, was not."""
        return any(key == name for key, _ in self._fields)


async def submitted(request: AnyRequest) -> Form:
    """Return the form of a request; raises 400 for a character that no database takes."""
    sent = cast("Any", await request.form())
    fields = [(str(name), str(value)) for name, value in sent.multi_items()]
    for name, value in fields:
        if "\0" in name + value:
            raise invalid_field(name, "The character U+0000 cannot be stored.")
    return Form(fields)


def id_in(text: str) -> UUID | None:
    """Return the id that a field names; an empty one, and what is no id, name nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None
