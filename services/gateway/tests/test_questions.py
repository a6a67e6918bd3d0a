"""Questions are passed on to the service that owns the answer, with who asks."""

from uuid import uuid4

import pytest

from web.identity import Role
from web.pagination import page

from .public_edge import PublicEdge, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_owners_answer_is_the_answer(edge_of_owner: PublicEdge) -> None:
    edge = edge_of_owner
    async with edge.calling(await edge.key(Role.READER)) as reader:
        answer = await reader.get(f"/v1/chains/{edge.chain_id}")
    assert answer.json() == {
        "chain_id": str(edge.chain_id),
        "name": "Lotus",
        "seen_by": "reader",
    }


async def test_query_parameters_reach_the_owner(edge_of_owner: PublicEdge) -> None:
    edge = edge_of_owner
    path = f"/v1/locations/{edge.location_id}/calendar"
    async with edge.platform() as platform:
        answer = await platform.get(path, params={"date": "2030-03-01"})
    assert answer.json()["date"] == "2030-03-01"


async def test_the_owners_refusal_is_passed_through(edge_of_owner: PublicEdge) -> None:
    edge = edge_of_owner
    path = f"/v1/locations/{edge.location_id}/calendar"
    async with edge.platform() as platform:
        answer = await platform.get(path, params={"date": "2030-01-01"})
        assert "New Year" in problem_of(answer, 403, "forbidden")["detail"]
        unknown = await platform.get(f"/v1/locations/{uuid4()}")
        problem_of(unknown, 404, "not-found")


async def test_a_service_that_does_not_answer_is_said_so(edge: PublicEdge) -> None:
    async with edge.platform() as platform:
        answer = await platform.get(f"/v1/chains/{uuid4()}")
    assert "booking" in problem_of(answer, 503, "service-unavailable")["detail"]


@pytest.mark.rule("X4")
@pytest.mark.parametrize("query", [{}, {"date": "tomorrow"}, {"date": "2030-02-30"}])
async def test_a_wrong_or_missing_query_parameter_is_named(
    edge: PublicEdge, query: dict[str, str]
) -> None:
    path = f"/v1/locations/{edge.location_id}/calendar"
    async with edge.platform() as platform:
        document = problem_of(await platform.get(path, params=query), 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["date"]


@pytest.mark.parametrize(
    "path", ["clients", "clients/{}/appointments", "clients/{}/sales", "memberships"]
)
async def test_any_cursor_that_a_page_can_end_with_is_passed_on(
    edge: PublicEdge, path: str
) -> None:
    _, cursor = page([("𝐀" * 100, uuid4())] * 2, 1, lambda row: row)  # the longest sort key
    async with edge.platform() as platform:
        url = f"/v1/chains/{edge.chain_id}/{path.format(uuid4())}"
        answer = await platform.get(url, params={"cursor": cursor or ""})
    problem_of(answer, 503, "service-unavailable")  # nobody is there who would answer
