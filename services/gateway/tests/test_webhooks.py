"""What Stripe says, signed, is recorded once it is with the broker."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr

from contracts.conversation import Conversation
from contracts.sales import RecordProviderEvent
from contracts.values import Money
from devstack.stack import Stack
from gateway.api.examples import STRIPE_EVENT
from web.identity import KeyPair

from .conftest import MIGRATIONS
from .owner import Owner
from .public_edge import WEBHOOK_SECRET, PublicEdge, problem_of
from .serving import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


def event(
    kind: str = "checkout.session.completed", *, event_id: str = "", **about: Any
) -> dict[str, Any]:
    """Return an event of Stripe about a payment of ours."""
    session: dict[str, Any] = STRIPE_EVENT["data"]["object"]
    return STRIPE_EVENT | {
        "id": event_id or f"evt_{uuid4().hex}",
        "type": kind,
        "data": {"object": session | about},
    }


def signature(body: bytes, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> str:
    seconds = int(time.time()) - age
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"


async def tell(
    edge: PublicEdge, said: Mapping[str, Any], header: str | None = None
) -> httpx.Response:
    body = json.dumps(said).encode()
    headers = {"Stripe-Signature": header or signature(body), "Content-Type": "application/json"}
    async with edge.calling(None) as stripe:
        path = "/v1/payment-providers/stripe/webhook"
        return await stripe.post(path, content=body, headers=headers)


def recorded(owner: Owner) -> list[RecordProviderEvent]:
    return [each.body for each in owner.heard if isinstance(each.body, RecordProviderEvent)]


@pytest.mark.parametrize(
    ("kind", "about", "recorded_as", "amount"),
    [
        ("checkout.session.completed", {}, "paid", 1800),
        ("checkout.session.async_payment_succeeded", {}, "paid", 1800),
        ("checkout.session.async_payment_failed", {}, "failed", 1800),
        ("checkout.session.expired", {}, "expired", 1800),
        ("charge.refunded", {"amount_refunded": 600}, "refunded", 600),
    ],
)
async def test_what_became_of_a_payment_is_recorded(
    edge_of_owner: PublicEdge,
    owner: Owner,
    kind: str,
    about: dict[str, Any],
    recorded_as: str,
    amount: int,
) -> None:
    payment_id = uuid4()
    metadata = {"metadata": {"payment_id": str(payment_id)}}
    said = event(kind, **metadata, **about)
    assert (await tell(edge_of_owner, said)).status_code == 200

    async def heard() -> bool:
        return any(each.payment_id == payment_id for each in recorded(owner))

    await eventually(heard)
    [record] = [each for each in recorded(owner) if each.payment_id == payment_id]
    assert record.kind == recorded_as
    assert record.provider_event_id == said["id"]
    assert record.reference == "pi_1a2b3c"
    assert record.amount == Money(amount=amount, currency="EUR")


@pytest.mark.rule("X3")
async def test_an_event_that_comes_again_is_recorded_once(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    payment_id, last = uuid4(), uuid4()
    said = event(metadata={"payment_id": str(payment_id)})
    for each in (said, said, event(metadata={"payment_id": str(last)})):
        assert (await tell(edge_of_owner, each)).is_success
    assert (await tell(edge_of_owner, said)).is_success

    async def heard() -> bool:
        return {payment_id, last} <= {each.payment_id for each in recorded(owner)}

    await eventually(heard)
    ids = [each.id for each in owner.heard if each.body.subject_id == payment_id]
    assert len(ids) == 1
    assert isinstance(ids[0], UUID)


@pytest.mark.parametrize(
    "header",
    [
        "nonsense",
        "t=1,v1=00",
        signature(b"another body"),
        signature(json.dumps(event(event_id="evt_1")).encode(), secret="another"),
        signature(json.dumps(event(event_id="evt_1")).encode(), age=3600),
    ],
    # Signatures differ from one process to the next; names of tests must not.
    ids=["nonsense", "wrong", "of another body", "by another secret", "too old"],
)
async def test_what_stripe_has_not_just_signed_is_refused(
    edge_of_owner: PublicEdge, owner: Owner, header: str
) -> None:
    answer = await tell(edge_of_owner, event(event_id="evt_1"), header)
    document = problem_of(answer, 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["Stripe-Signature"]
    assert not recorded(owner)


async def test_a_body_that_is_no_text_is_refused(edge_of_owner: PublicEdge) -> None:
    async with edge_of_owner.calling(None) as stripe:
        path = "/v1/payment-providers/stripe/webhook"
        problem_of(await stripe.post(path, content=b"{}"), 400, "invalid-request")
        headers = {"Stripe-Signature": signature(b"\xff")}
        answer = await stripe.post(path, content=b"\xff", headers=headers)
        problem_of(answer, 400, "invalid-request")


async def test_a_payments_event_that_cannot_be_read_is_refused(edge_of_owner: PublicEdge) -> None:
    for about in ({}, {"data": {"object": {"id": None}}}):
        said = {"id": "evt_1", "type": "checkout.session.completed"} | about
        problem_of(await tell(edge_of_owner, said), 400, "invalid-request")


@pytest.mark.parametrize(
    "said",
    [
        event("invoice.paid"),
        event("balance.available") | {"data": {"object": {"object": "balance"}}},
        event(payment_status="unpaid"),
        event(metadata={}, client_reference_id=None),
        event(metadata={"payment_id": "another shop's"}),
    ],
)
async def test_what_is_not_about_a_payment_of_ours_is_accepted_and_changes_nothing(
    edge_of_owner: PublicEdge, owner: Owner, said: dict[str, Any]
) -> None:
    assert (await tell(edge_of_owner, said)).status_code == 200
    assert not recorded(owner)


async def test_without_a_secret_nothing_is_believed(
    servers: Stack, conversation: Conversation, database_dsn: Callable[..., str], keys: KeyPair
) -> None:
    dsn = await asyncio.to_thread(database_dsn, MIGRATIONS)
    async with PublicEdge.running(
        servers, conversation, dsn, keys, stripe_webhook_secret=SecretStr("")
    ) as edge:
        said = event()
        forged = signature(json.dumps(said).encode(), secret="")
        problem_of(await tell(edge, said, forged), 503, "service-unavailable")
