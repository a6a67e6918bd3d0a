"""What Stripe answers, in the shapes of its documentation, is understood."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from litestar import HttpMethod, Litestar, Request, Response, route

from devproviders.serving import served
from sales.commands.errands import Closed, Declined, GivenBack, Opened, Paid
from sales.domain.payments import ErrandKind
from sales.errands.stripe_checkout import NotYetError, StripeCheckout
from sales.store.errands import Claimed

SHAPES: Final = Path(__file__).parent / "stripe"
Answers = dict[str, tuple[int, dict[str, Any]]]


def shape(name: str, **changes: Any) -> tuple[int, dict[str, Any]]:
    return 200, json.loads((SHAPES / f"{name}.json").read_text()) | changes


def error(status: int, **fields: Any) -> tuple[int, dict[str, Any]]:
    known = {"message": "No.", "type": "invalid_request_error"}
    return status, {"error": known | fields}


COMPLETE: Final = {
    "status": "complete",
    "payment_status": "paid",
    "payment_intent": "pi_1GszsK2eZvKYlo2CfhZyoZLp",
    "url": None,
}
EXPIRED: Final = {"status": "expired", "url": None}


def errand(kind: ErrandKind, **changes: Any) -> Claimed:
    columns: dict[str, Any] = {
        "errand_id": uuid4(),
        "payment_id": uuid4(),
        "kind": kind,
        "line_ids": (),
        "amount": 1000,
        "attempts": 1,
        "booking_id": uuid4(),
        "payment_amount": 3000,
        "currency": "EUR",
        "description": "Yoga",
        "session_expires_at": datetime(2026, 3, 1, 10, tzinfo=UTC),
        "session_id": "cs_1",
    }
    return Claimed(**columns | changes)


@asynccontextmanager
async def stripe(answers: Answers, asked: list[str]) -> AsyncGenerator[StripeCheckout, None]:
    """Answer "METHOD path" as recorded, and note what was asked under which key."""

    @route("/{path:path}", http_method=[HttpMethod.GET, HttpMethod.POST])
    async def answer(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
        name = f"{request.method} {request.url.path.removeprefix('/v1')}"
        asked.append(f"{name} {request.headers.get('idempotency-key', '')}")
        status, body = answers[name]
        return Response(body, status_code=status)

    async with served(Litestar([answer], openapi_config=None)) as url:
        yield StripeCheckout(url=url, api_key="sk_test_1", return_url="http://shop.test/")


OPEN: Final = "POST /checkout/sessions"
GET: Final = "GET /checkout/sessions/cs_1"
EXPIRE: Final = "POST /checkout/sessions/cs_1/expire"
REFUND: Final = "POST /refunds"
LIST: Final = "GET /refunds"
GET_REFUND: Final = "GET /refunds/re_1Nispe2eZvKYlo2Cd31jOCgZ"


@pytest.mark.parametrize(
    ("kind", "answers", "understood"),
    [
        (ErrandKind.OPEN, {OPEN: shape("session")}, Opened),
        (ErrandKind.OPEN, {OPEN: error(400, param="currency")}, Declined),
        (ErrandKind.OPEN, {OPEN: error(400, type="idempotency_error")}, Declined),
        (ErrandKind.CLOSE, {GET: shape("session"), EXPIRE: shape("session", **EXPIRED)}, Closed),
        (ErrandKind.CLOSE, {GET: shape("session", **EXPIRED)}, Closed),
        (ErrandKind.CLOSE, {GET: shape("session", **COMPLETE)}, Paid),
        (ErrandKind.CLOSE, {GET: error(404, code="resource_missing")}, Closed),
        (
            ErrandKind.REFUND,
            {GET: shape("session", **COMPLETE), REFUND: shape("refund")},
            GivenBack,
        ),
        (
            ErrandKind.REFUND,
            {
                GET: shape("session", **COMPLETE),
                REFUND: shape("refund", status="pending"),
                GET_REFUND: shape("refund"),
            },
            GivenBack,
        ),
        (
            ErrandKind.REFUND,
            {
                GET: shape("session", **COMPLETE),
                REFUND: shape("refund", status="pending"),
                GET_REFUND: shape("refund", status="failed", failure_reason="lost_or_stolen_card"),
            },
            Declined,
        ),
        (
            ErrandKind.REFUND,
            {
                GET: shape("session", **COMPLETE),
                REFUND: error(400, code="charge_already_refunded"),
            },
            GivenBack,
        ),
    ],
)
async def test_an_answer_is_understood(
    kind: ErrandKind, answers: Answers, understood: type[object]
) -> None:
    one, asked = errand(kind), list[str]()
    async with stripe(answers, asked) as provider:
        answer = await provider.ask(one)
    assert isinstance(answer, understood)
    if isinstance(answer, Paid):
        assert (answer.amount, answer.currency) == (3000, "EUR")
    assert len(asked) == len(answers)
    creates = [each for each in asked if each.startswith((f"{OPEN} ", f"{REFUND} "))]
    assert all(each.endswith(str(one.errand_id)) for each in creates)


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        (ErrandKind.OPEN, {OPEN: error(500, type="api_error")}),
        (ErrandKind.OPEN, {OPEN: error(429, code="rate_limit")}),
        (ErrandKind.OPEN, {OPEN: error(401)}),
        (ErrandKind.OPEN, {OPEN: error(409, code="idempotency_key_in_use")}),
        (
            ErrandKind.CLOSE,
            {GET: shape("session", **COMPLETE | {"payment_status": "unpaid"})},
        ),
        (ErrandKind.CLOSE, {GET: shape("session"), EXPIRE: error(400)}),
        (
            ErrandKind.REFUND,
            {
                GET: shape("session", **COMPLETE),
                REFUND: shape("refund", status="pending"),
                GET_REFUND: shape("refund", status="pending"),
            },
        ),
    ],
)
async def test_what_may_pass_is_asked_again_later(kind: ErrandKind, answers: Answers) -> None:
    async with stripe(answers, []) as provider:
        with pytest.raises(NotYetError):
            await provider.ask(errand(kind))


@pytest.mark.rule("A16")
@pytest.mark.parametrize("status", ["succeeded", "pending"])
async def test_a_refund_that_takes_days_is_not_made_again_when_its_key_is_forgotten(
    status: str,
) -> None:
    one, asked = errand(ErrandKind.REFUND, attempts=2), list[str]()
    _, own = shape("refund", status=status, metadata={"errand_id": str(one.errand_id)})
    answers = {
        GET: shape("session", **COMPLETE),
        LIST: (200, {"object": "list", "url": "/v1/refunds", "has_more": False, "data": [own]}),
    }
    async with stripe(answers, asked) as provider:
        if status == "succeeded":
            assert isinstance(await provider.ask(one), GivenBack)
        else:
            with pytest.raises(NotYetError):
                await provider.ask(one)
    assert [each.strip() for each in asked] == [GET, LIST]


async def test_a_refund_that_no_try_has_made_is_made_beside_those_of_other_lines() -> None:
    one, asked = errand(ErrandKind.REFUND, attempts=2), list[str]()
    _, other = shape("refund", metadata={"errand_id": str(uuid4())})
    answers = {
        GET: shape("session", **COMPLETE),
        LIST: (200, {"object": "list", "url": "/v1/refunds", "has_more": False, "data": [other]}),
        REFUND: shape("refund"),
    }
    async with stripe(answers, asked) as provider:
        assert isinstance(await provider.ask(one), GivenBack)
    assert asked[-1] == f"{REFUND} {one.errand_id}"


@pytest.mark.parametrize("kind", [ErrandKind.CLOSE, ErrandKind.REFUND])
async def test_before_its_session_is_known_nothing_is_asked(kind: ErrandKind) -> None:
    asked: list[str] = []
    async with stripe({}, asked) as provider:
        with pytest.raises(NotYetError):
            await provider.ask(errand(kind, session_id=None))
    assert asked == []
