"""The changes of a calendar are passed on as they come."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from web.identity import Role

from .owner import Owner
from .public_edge import PublicEdge, problem_of
from .serving import served

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def next_of(events: AsyncIterator[str]) -> str:
    async with asyncio.timeout(30):
        return await anext(events)


async def test_an_event_is_passed_on_before_the_next_one_comes(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    edge = edge_of_owner
    path = f"/v1/locations/{edge.location_id}/calendar/changes"
    headers = {"Authorization": f"Bearer {await edge.key(Role.READER)}", "Last-Event-ID": "41"}
    async with (
        served(edge.app) as url,
        httpx.AsyncClient(base_url=url) as caller,
        caller.stream("GET", path, headers=headers, timeout=30) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = answer.aiter_text()
        assert "id: 41" in await next_of(events)
        for number in (42, 43):
            owner.changes.put_nowait(f"id: {number}\ndata: {{}}\n\n")
            assert f"id: {number}" in await next_of(events)
        owner.changes.put_nowait(None)
        assert [text async for text in events] == []


async def test_a_stream_that_there_is_not_is_refused_as_any_question(
    edge_of_owner: PublicEdge, edge: PublicEdge
) -> None:
    path = f"/v1/locations/{edge.location_id}/calendar/changes"
    async with edge_of_owner.calling(await edge_of_owner.key(Role.WIDGET)) as widget:
        own = f"/v1/locations/{edge_of_owner.location_id}/calendar/changes"
        problem_of(await widget.get(own), 403, "forbidden")
    async with edge.platform() as platform:
        problem_of(await platform.get(path), 503, "service-unavailable")
