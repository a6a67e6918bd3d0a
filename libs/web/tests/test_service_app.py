"""Everything that a service cannot do is answered with a problem document, in one form."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from prometheus_client import REGISTRY
from pydantic import Field

from contracts.base import Form
from contracts.problems import CONFLICT
from contracts.reply import Problem
from web.app import service_app
from web.identity import Principal, Role, new_key_pair, sign
from web.problems import ProblemError

KEYS = new_key_pair()
READER = Principal(id=uuid4(), role=Role.READER, chain_id=uuid4())


class Line(Form):
    service_id: UUID
    spots: int = Field(gt=0)


class Order(Form):
    name: str
    lines: tuple[Line, ...]


@post("/orders", sync_to_thread=False)
def place_order(data: JSONBody[Order], limit: FromQuery[int] = 3) -> dict[str, Any]:
    return {"name": data.name, "limit": limit}


@get("/orders/{order_id:uuid}", sync_to_thread=False)
def get_order(order_id: FromPath[UUID], principal: NamedDependency[Principal]) -> dict[str, UUID]:
    return {"order_id": order_id, "asked_by": principal.id}


@get("/search", sync_to_thread=False)
def search(phone: FromQuery[str]) -> str:
    return phone


@get("/conflict", sync_to_thread=False)
def contradict() -> None:
    raise ProblemError(CONFLICT.problem("It is frozen."))


@get("/broken", sync_to_thread=False)
def break_down() -> None:
    raise RuntimeError("the secret cause")


@dataclass
class Operation:
    principal: UUID | None = READER.id
    state: Literal["pending", "done", "refused"] = "done"
    status: int | None = 201
    result: dict[str, Any] = field(default_factory=lambda: {"order_id": "1"})
    problem: Problem | None = None


MINE, FOREIGN = uuid4(), uuid4()
OPERATIONS = {MINE: Operation(), FOREIGN: Operation(principal=uuid4())}


async def find_operation(command_id: UUID) -> Operation | None:
    return OPERATIONS.get(command_id)


class Switch:
    on = True

    async def ready(self) -> bool:
        if not self.on:
            raise ConnectionError
        return True


SWITCH = Switch()
APP = service_app(
    ready=SWITCH.ready,
    route_handlers=[place_order, get_order, search, contradict, break_down],
    verify_key=KEYS.verify_key,
    find_operation=find_operation,
)


def calling(headers: dict[str, str]) -> httpx.AsyncClient:
    # The two libraries' ASGI types differ in name.
    transport = httpx.ASGITransport(APP)  # pyright: ignore[reportArgumentType]
    return httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)


@pytest.fixture
async def caller() -> AsyncGenerator[httpx.AsyncClient, None]:
    token = sign(READER, KEYS.signing_key, datetime.now(UTC))
    async with calling({"Authorization": f"Bearer {token}"}) as client:
        yield client


def problem_of(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["type"] == f"/problems/{name}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document


@pytest.mark.rule("X4")
async def test_all_wrong_fields_are_named_in_one_go(caller: httpx.AsyncClient) -> None:
    body = {"nam": "x", "lines": [{"service_id": str(uuid4()), "spots": 0}, {"spots": 1}]}
    response = await caller.post("/orders", json=body)
    document = problem_of(response, 400, "invalid-request")
    fields = {error["field"] for error in document["errors"]}
    assert fields == {"name", "nam", "lines.0.spots", "lines.1.service_id"}
    assert all(error["message"] for error in document["errors"])


async def test_a_wrong_query_parameter_is_named(caller: httpx.AsyncClient) -> None:
    response = await caller.post("/orders?limit=many", json={"name": "x", "lines": []})
    document = problem_of(response, 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["limit"]


async def test_a_query_parameter_that_no_database_takes_is_named(caller: httpx.AsyncClient) -> None:
    response = await caller.get("/search", params={"limit": "3", "phone": "030\0"})
    problem = problem_of(response, 400, "invalid-request")
    assert [error["field"] for error in problem["errors"]] == ["phone"]


async def test_a_missing_query_parameter_is_named(caller: httpx.AsyncClient) -> None:
    document = problem_of(await caller.get("/search"), 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["phone"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b'{"name": "\xff", "lines": []}', b"[" * 60_000]
)
async def test_a_body_that_is_no_json_object_is_refused(
    caller: httpx.AsyncClient, body: bytes
) -> None:
    document = problem_of(await caller.post("/orders", content=body), 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["body"]


async def test_a_body_may_have_64_kib(caller: httpx.AsyncClient) -> None:
    problem_of(await caller.post("/orders", content=b" " * 65_537), 413, "too-large")


async def test_an_unknown_address_is_not_found(caller: httpx.AsyncClient) -> None:
    problem_of(await caller.get("/nowhere"), 404, "not-found")
    problem_of(await caller.get("/orders/1"), 404, "not-found")


async def test_another_method_is_not_allowed(caller: httpx.AsyncClient) -> None:
    response = await caller.get("/orders")
    problem_of(response, 405, "method-not-allowed")
    assert "POST" in response.headers["allow"]


async def test_without_a_token_nothing_is_answered(caller: httpx.AsyncClient) -> None:
    for header in ("", "Bearer ", "Bearer x", "Basic eDp5"):
        response = await caller.get("/conflict", headers={"Authorization": header})
        problem_of(response, 401, "unauthenticated")
        assert response.headers["www-authenticate"] == "Bearer"


async def test_a_handler_knows_who_asks(caller: httpx.AsyncClient) -> None:
    response = await caller.get(f"/orders/{MINE}")
    assert response.json() == {"order_id": str(MINE), "asked_by": str(READER.id)}


async def test_a_refusal_is_its_problem_document(caller: httpx.AsyncClient) -> None:
    document = problem_of(await caller.get("/conflict"), 409, "conflict")
    assert document["detail"] == "It is frozen."
    assert "errors" not in document


async def test_a_mistake_of_ours_is_logged_and_not_told(
    caller: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = await caller.get("/broken")
    problem_of(response, 500, "internal-error")
    assert "secret" not in response.text
    assert "the secret cause" in caplog.text


async def test_an_operation_is_shown_to_who_asked_for_it(caller: httpx.AsyncClient) -> None:
    answer = (await caller.get(f"/operations/{MINE}")).json()
    assert answer == {
        "operation_id": str(MINE),
        "state": "done",
        "status": 201,
        "result": {"order_id": "1"},
        "problem": None,
    }
    problem_of(await caller.get(f"/operations/{FOREIGN}"), 404, "not-found")
    problem_of(await caller.get(f"/operations/{uuid4()}"), 404, "not-found")


async def test_health_and_metrics_need_no_token() -> None:
    async with calling({}) as anybody:
        assert (await anybody.get("/livez")).status_code == 200
        assert (await anybody.get("/readyz")).status_code == 200
        assert "python_info" in (await anybody.get("/metrics")).text


async def test_responses_are_counted_but_those_about_health() -> None:
    def counted(status: str) -> float:
        return REGISTRY.get_sample_value("http_responses_total", {"status": status}) or 0

    before = counted("200"), counted("401")
    async with calling({}) as anybody:
        await anybody.get("/livez")
        await anybody.get(f"/operations/{uuid4()}")
    assert (counted("200"), counted("401")) == (before[0], before[1] + 1)


async def test_readiness_fails_while_a_part_is_missing(
    caller: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SWITCH, "on", False)
    problem_of(await caller.get("/readyz"), 503, "service-unavailable")
    assert (await caller.get("/livez")).status_code == 200
