"""A stream of the back office ends with what it was opened with: the session, and the roles."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from litestar.response import Stream

from gateway.pages import streams
from gateway.staff import Grant, Sessions, SignedIn, StaffRole, accounts, enrolment
from web.problems import ProblemError

from .public_edge import PublicEdge
from .test_staff import PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def looked_at_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the session before everything that is said."""
    monkeypatch.setattr(streams, "_LOOK_SECONDS", 0)


async def _counting() -> AsyncGenerator[str, None]:
    number = 0
    while True:
        yield str(number)
        number += 1


async def signed_in(edge: PublicEdge) -> SignedIn:
    grant = Grant(role=StaffRole.ADMINISTRATOR, chain_id=edge.chain_id, location_id=uuid4())
    email = f"{uuid4()}@lotus.example"
    member = await enrolment.enrol(edge.database, email, "Adam", PASSWORD, grant)
    sessions = Sessions(edge.database)
    found = await sessions.find(await sessions.open(member.staff_id))
    assert found is not None
    return found


def opened(edge: PublicEdge, staff: SignedIn) -> AsyncGenerator[str, None]:
    """Return what is said in a stream that this person opens."""
    request: Any = SimpleNamespace(app=edge.app)
    stream = streams.within_session(request, staff, Stream(_counting()))
    return cast("AsyncGenerator[str, None]", stream.iterator)


async def test_a_stream_ends_with_its_session(edge: PublicEdge) -> None:
    staff = await signed_in(edge)
    async with aclosing(opened(edge, staff)) as said:
        assert [await anext(said), await anext(said)] == ["0", "1"]
        await Sessions(edge.database).close(staff.token)
        assert await _rest(said) == []


async def test_a_stream_ends_when_the_roles_are_others(edge: PublicEdge) -> None:
    staff = await signed_in(edge)
    [held] = staff.grants
    lesser = held.model_copy(update={"role": StaffRole.OPERATOR})
    async with aclosing(opened(edge, staff)) as said:
        assert await anext(said) == "0"
        async with edge.database.transaction() as transaction:
            await accounts.grant(transaction, staff.staff_id, lesser)
        assert await _rest(said) == []


async def test_a_page_that_is_left_open_keeps_no_session_alive(edge: PublicEdge) -> None:
    staff = await signed_in(edge)
    seen = "SELECT last_seen_at FROM staff_sessions WHERE staff_id = $1"
    await edge.database.pool.execute(
        "UPDATE staff_sessions SET last_seen_at = now() - interval '11 hours' WHERE staff_id = $1",
        staff.staff_id,
    )
    before = await edge.database.pool.fetchval(seen, staff.staff_id)
    async with aclosing(opened(edge, staff)) as said:
        assert [await anext(said), await anext(said)] == ["0", "1"]
    assert await edge.database.pool.fetchval(seen, staff.staff_id) == before


async def test_a_person_has_so_many_streams_and_no_more(edge: PublicEdge) -> None:
    staff, colleague = await signed_in(edge), await signed_in(edge)
    async with AsyncExitStack() as tabs:
        for _ in range(streams.MOST_OF_A_PERSON):
            said = await tabs.enter_async_context(aclosing(opened(edge, staff)))
            await anext(said)
        with pytest.raises(ProblemError) as refused:
            opened(edge, staff)
        assert refused.value.problem.status == 429
        assert await anext(opened(edge, colleague)) == "0"
    assert await anext(opened(edge, staff)) == "0"


async def _rest(said: AsyncIterator[str]) -> list[str]:
    """Return what is still said, at most some."""
    rest: list[str] = []
    async for each in said:
        rest.append(each)
        if len(rest) > 3:
            break
    return rest
