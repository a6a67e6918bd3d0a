"""Pages of long lists: nothing is left out or comes twice, and a wrong cursor is refused."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import get

from web.app import service_app
from web.pagination import DEFAULT_LIMIT, Cursor, Limit, instant, number, page, position
from web.problems import ProblemError

ROW = UUID("2f1c7d1e-6d0c-4a55-9c1f-5f0f6f3f7a10")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SORT_KEYS = (
    st.datetimes(timezones=st.timezones()).map(lambda at: at.astimezone(UTC)),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.integers(0, 2**31 - 1),
    st.dates(),
)
READERS = (instant, str, number, date.fromisoformat)


def encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(("keys", "read"), [*zip(SORT_KEYS, READERS, strict=True)])
def test_a_page_begins_behind_the_row_that_ended_the_one_before(
    keys: st.SearchStrategy[Any], read: Callable[[str], Any]
) -> None:
    @given(key=keys, id_=st.uuids())
    def read_back(key: Any, id_: UUID) -> None:
        _, cursor = page([(key, id_), (key, uuid4())], 1, lambda row: row)
        assert position(cursor, read) == (key, id_)

    read_back()


@given(st.integers(0, 12), st.integers(1, 5))
def test_all_pages_together_are_the_list(count: int, limit: int) -> None:
    everything = [(NOON + timedelta(minutes=number), uuid4()) for number in range(count)]
    read: list[tuple[datetime, UUID]] = []
    cursor = None
    while True:
        start = position(cursor, instant)
        behind = [row for row in everything if start is None or row > start]
        rows, cursor = page(behind[: limit + 1], limit, lambda row: row)
        read += rows
        if cursor is None:
            break
    assert read == everything


def test_the_first_page_has_no_cursor_before_it_and_the_last_none_behind_it() -> None:
    assert position(None, instant) is None
    assert page([(NOON, uuid4())], 1, lambda row: row)[1] is None


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("cursor", "read"),
    [
        ("", instant),
        ("ä", instant),
        ("not base64", instant),
        (encoded("no id"), str),
        (encoded(f"yesterday|{ROW}"), instant),
        (encoded(f"2026-03-02T12:00:00|{ROW}"), instant),
        (encoded(f"2026-03-02T12:00:00Z|{ROW}x"), instant),
        (encoded(f"-1|{ROW}"), number),
        (encoded(f"{2**31}|{ROW}"), number),
        (encoded(f"\0|{ROW}"), str),
        ("_w==", str),
    ],
)
def test_a_cursor_that_is_none_of_ours_is_refused_by_name(
    cursor: str, read: Callable[[str], Any]
) -> None:
    with pytest.raises(ProblemError) as refused:
        position(cursor, read)
    assert refused.value.problem.type == "/problems/invalid-request"
    assert [error.field for error in refused.value.problem.errors] == ["cursor"]


@get("/numbers", sync_to_thread=False)
def numbers(cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT) -> int:
    position(cursor, number)
    return limit


@pytest.mark.rule("X4")
@pytest.mark.parametrize("limit", ["0", "101", "many"])
async def test_a_page_has_1_to_100_rows(limit: str) -> None:
    async def ready() -> bool:
        return True

    app = service_app(ready=ready, route_handlers=[numbers])
    # The two libraries' ASGI types differ in name.
    transport = httpx.ASGITransport(app)  # pyright: ignore[reportArgumentType]
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        assert (await client.get("/numbers")).json() == 50
        assert (await client.get("/numbers", params={"limit": "100"})).json() == 100
        refused = await client.get("/numbers", params={"limit": limit})
    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == ["limit"]
