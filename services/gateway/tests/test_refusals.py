"""Bad input gets a problem document that says what is wrong, and changes nothing (rule X4)."""

from typing import Any
from uuid import uuid4

import pytest

from .public_edge import PublicEdge, problem_of

pytestmark = [pytest.mark.rule("X4"), pytest.mark.asyncio(loop_scope="session")]

BOOKING: dict[str, Any] = {
    "name": "Anna",
    "phone": "+351912000000",
    "spots": {"event_id": str(uuid4())},
}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name", "phone"}),
        (BOOKING | {"nmae": "Anna"}, {"nmae"}),
        (BOOKING | {"spots": {"event_id": "x", "spots": 0}}, {"spots.event_id", "spots.spots"}),
        (
            {"name": "", "phone": "1", "appointments": [{"start": "2030-01-01T10:00:00"}]},
            {"name", "phone", "appointments.0.start", "appointments.0.lines"},
        ),
        (BOOKING | {"spots": None}, {"body"}),
        ([], {"body"}),
        (None, {"body"}),
    ],
)
async def test_every_wrong_field_is_named(edge: PublicEdge, body: object, fields: set[str]) -> None:
    async with edge.platform() as platform:
        answer = await platform.post(f"/v1/locations/{uuid4()}/bookings", json=body)
    document = problem_of(answer, 400, "invalid-request")
    assert {error["field"] for error in document["errors"]} == fields
    assert all(error["message"] for error in document["errors"])


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"name": "x",}', b"[" * 50_000, b'{"name": "\\ud800"}']
)
async def test_a_body_that_is_no_json_is_refused(edge: PublicEdge, body: bytes) -> None:
    async with edge.platform() as platform:
        problem_of(await platform.post("/v1/chains", content=body), 400, "invalid-request")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"name": "a\\u0000b"}', "name"),
        (
            b'{"name": "x", "phone": "+1", "appointments": [{"\\u0061": "\\u0000"}]}',
            "appointments.0.a",
        ),
        (b'"\\u0000"', "body"),
    ],
)
async def test_a_character_that_cannot_be_stored_is_refused_with_its_field(
    edge: PublicEdge, body: bytes, field: str
) -> None:
    async with edge.platform() as platform:
        answer = await platform.post(f"/v1/locations/{uuid4()}/bookings", content=body)
    document = problem_of(answer, 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == [field]


async def test_what_only_looks_like_it_is_stored(edge_of_owner: PublicEdge) -> None:
    async with edge_of_owner.platform() as platform:
        answer = await platform.post("/v1/chains", content=b'{"name": "\\\\u0000"}')
    assert answer.json()["name"] == "\\u0000"


async def test_a_body_of_more_than_64_kib_is_refused(edge: PublicEdge) -> None:
    async with edge.platform() as platform:
        answer = await platform.post("/v1/chains", content=b" " * 70_000)
    problem_of(answer, 413, "too-large")


@pytest.mark.parametrize("key", ["k" * 201, "  "])
async def test_an_idempotency_key_has_1_to_200_characters(edge: PublicEdge, key: str) -> None:
    async with edge.platform() as platform:
        answer = await platform.post(
            "/v1/chains", json={"name": "x"}, headers={"Idempotency-Key": key}
        )
    assert problem_of(answer, 400, "invalid-request" if key.strip() else "idempotency-key-missing")


@pytest.mark.parametrize("path", ["/nowhere", "/v1", "/v1/chains/1", "/problems/none"])
async def test_an_unknown_address_is_not_found(edge: PublicEdge, path: str) -> None:
    async with edge.platform() as platform:
        problem_of(await platform.get(path), 404, "not-found")


async def test_another_method_is_not_allowed(edge: PublicEdge) -> None:
    async with edge.platform() as platform:
        answer = await platform.delete("/v1/chains")
    problem_of(answer, 405, "method-not-allowed")
