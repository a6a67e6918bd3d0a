"""Long lists in pages: a page ends with an opaque cursor, and the next one begins behind it.

A cursor is where a row stands in its list: its sort key and its id. A list keeps its place while
rows are added before or behind it, and no page is slower than the first.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Final, TypeAlias, TypeVar
from uuid import UUID

from litestar.params import QueryParameter

from web.problems import invalid_field

Row = TypeVar("Row")
Key = TypeVar("Key", bound=datetime | date | str | int)

DEFAULT_LIMIT: Final = 50

Cursor: TypeAlias = Annotated[
    str | None, QueryParameter(max_length=1000, description="`next_cursor` of the page before")
]
"""Where a page begins, as a handler takes it: `cursor: Cursor = None`."""
Limit: TypeAlias = Annotated[
    int, QueryParameter(ge=1, le=100, description="How many rows the page has at most")
]
"""How many rows a page has at most, as a handler takes it: `limit: Limit = DEFAULT_LIMIT`."""

_SEPARATOR: Final = "|"  # comes last before the id, which has none


def instant(text: str) -> datetime:
    """Read an instant of a cursor."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("an instant has an offset")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no database counts beyond the calendar") from error


def number(text: str) -> int:
    """Read a number of a cursor, one that a database can count to."""
    value = int(text)
    if not 0 <= value < 2**31:
        raise ValueError("a number is not below 0, and not beyond the columns of a database")
    return value


def position(cursor: str | None, read_key: Callable[[str], Key]) -> tuple[Key, UUID] | None:
    """Return the sort key and id behind which the page begins; None for the first page.

    `read_key` is `instant`, `number`, `date.fromisoformat` or `str`. What is no cursor of ours is
    refused as the field `cursor`.
    """
    if cursor is None:
        return None
    try:
        key, _, id_ = _decoded(cursor).rpartition(_SEPARATOR)
        return read_key(key), UUID(id_)
    except ValueError as error:
        raise invalid_field("cursor", "is not the next_cursor of a page of this list") from error


def page(
    rows: Sequence[Row], limit: int, place_of: Callable[[Row], tuple[Key, UUID]]
) -> tuple[Sequence[Row], str | None]:
    """Return the page, and the cursor of the next one, if there is one.

    `rows` are one more than `limit`, if there are so many: ask the database for `limit + 1`.
    `place_of` gives the sort key and the id of a row, the same by which the rows are ordered.
    """
    if len(rows) <= limit:
        return rows, None
    kept = rows[:limit]
    return kept, _cursor(*place_of(kept[-1]))


def _decoded(cursor: str) -> str:
    text = urlsafe_b64decode(cursor.encode("ascii")).decode()
    if "\0" in text:
        raise ValueError("no text of a database has this character")
    return text


def _cursor(key: datetime | date | str | int, id_: UUID) -> str:
    text = key.isoformat() if isinstance(key, date) else str(key)
    return urlsafe_b64encode(f"{text}{_SEPARATOR}{id_}".encode()).decode()
