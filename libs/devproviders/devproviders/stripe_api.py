"""The part of Stripe's API that takes payments: checkout sessions and refunds."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery

from devproviders import orders, parameters, shapes
from devproviders.errors import StripeError, answered
from devproviders.parameters import Parameters
from devproviders.payments import Payments, new_id

_REFUND: Final = {"amount", "metadata", "payment_intent", "reason"}

Asked = Request[Any, Any, Any]
Json = dict[str, Any]


@dataclass
class Idempotency:
    """What was answered to a key; the same key with other parameters is refused."""

    answers: dict[str, tuple[str, Json]] = field(default_factory=dict[str, tuple[str, Json]])

    async def once(self, request: Asked, do: Callable[[Parameters], Json]) -> Response[Json]:
        """Do what a request asks for, or answer as the first time."""
        body = await request.body()
        key = request.headers.get("idempotency-key")
        fingerprint = hashlib.sha256(request.url.path.encode() + b"\0" + body).hexdigest()
        headers = {"Request-Id": new_id("req")}
        if key is None:
            return Response(do(parameters.parse(body)), status_code=200, headers=headers)
        headers["Idempotency-Key"] = key
        if key in self.answers:
            headers["Idempotent-Replayed"] = "true"
        else:
            # A refusal is not kept: nothing happened, and the parameters may be corrected.
            self.answers[key] = fingerprint, do(parameters.parse(body))
        known, answer = self.answers[key]
        if known != fingerprint:
            raise StripeError(
                400,
                "Keys for idempotent requests can only be used with the same parameters they were"
                f" first used with. Try using a key other than '{key}' if you meant to execute a"
                " different request.",
                kind="idempotency_error",
            )
        return Response(answer, status_code=200, headers=headers)


@dataclass
class Till:
    """What the API works on; `base_url` is the address of the checkout pages."""

    payments: Payments
    base_url: str
    kept: Idempotency = field(default_factory=Idempotency)


@post("/checkout/sessions")
async def create_session(request: Asked, till: NamedDependency[Till]) -> Response[Json]:
    """Open a checkout page."""

    def create(asked: Parameters) -> Json:
        session = till.payments.create(orders.order(asked), orders.expires_at(asked))
        return shapes.session(session, till.base_url)

    return await till.kept.once(request, create)


@get("/checkout/sessions/{session_id:str}")
async def get_session(session_id: FromPath[str], till: NamedDependency[Till]) -> Json:
    """Return a checkout session as it is now."""
    return shapes.session(till.payments.find(session_id), till.base_url)


@post("/checkout/sessions/{session_id:str}/expire")
async def expire_session(
    session_id: FromPath[str], request: Asked, till: NamedDependency[Till]
) -> Response[Json]:
    """Close a checkout page."""

    def expire(_: Parameters) -> Json:
        return shapes.session(till.payments.expire(session_id), till.base_url)

    return await till.kept.once(request, expire)


@post("/refunds")
async def create_refund(request: Asked, till: NamedDependency[Till]) -> Response[Json]:
    """Give a charge back, or a part of it."""

    def give_back(asked: Parameters) -> Json:
        parameters.only(asked, _REFUND)
        intent = parameters.text(asked, "payment_intent")
        amount = parameters.integer(asked, "amount") if "amount" in asked else None
        return shapes.refund(*till.payments.refund(intent, amount, parameters.metadata(asked)))

    return await till.kept.once(request, give_back)


@get("/refunds")
async def get_refunds(
    till: NamedDependency[Till], payment_intent: FromQuery[str | None] = None
) -> Json:
    """Return all refunds, or those of one charge, newest first."""
    found = [
        shapes.refund(session, refund)
        for session, refund in till.payments.refunds()
        if payment_intent in {None, session.payment_intent}
    ]
    return {"object": "list", "url": "/v1/refunds", "has_more": False, "data": found}


@get("/refunds/{refund_id:str}")
async def get_refund(refund_id: FromPath[str], till: NamedDependency[Till]) -> Json:
    """Return a refund."""
    return shapes.refund(*till.payments.find_refund(refund_id))


def routes(payments: Payments, *, api_key: str, base_url: str) -> Router:
    """Return the API under /v1, for callers with the key."""
    till = Till(payments, base_url)
    return Router(
        "/v1",
        route_handlers=[
            create_session,
            get_session,
            expire_session,
            create_refund,
            get_refund,
            get_refunds,
        ],
        dependencies={"till": Provide(lambda: till, sync_to_thread=False)},
        guards=[_guard(api_key)],
        exception_handlers={StripeError: answered},
    )


def _guard(api_key: str) -> Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], None]:
    def demand_the_key(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        scheme, _separator, given = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise StripeError(401, "You did not provide an API key.")
        if not hmac.compare_digest(given.encode(), api_key.encode()):
            raise StripeError(401, f"Invalid API Key provided: {given[:8]}****")

    return demand_the_key
