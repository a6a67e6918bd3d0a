"""Stripe's own library finds here what it finds at Stripe."""

from datetime import timedelta
from typing import Any, cast

import httpx
import pytest
import stripe

from .conftest import Clock, Hearer


def order(clock: Clock, **more: Any) -> Any:
    return {
        "mode": "payment",
        "client_reference_id": "payment-1",
        "metadata": {"payment_id": "payment-1"},
        "payment_intent_data": {"metadata": {"payment_id": "payment-1"}},
        "line_items": [
            {
                "quantity": 2,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 1500,
                    "product_data": {"name": "Yoga <b>"},
                },
            }
        ],
        "success_url": "http://shop.test/paid?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/cancelled",
        "expires_at": int((clock.now() + timedelta(hours=1)).timestamp()),
        **more,
    }


async def opened(client: stripe.StripeClient, clock: Clock) -> Any:
    return await client.v1.checkout.sessions.create_async(order(clock))


async def pay(url: str, session_id: str, card: str = "4242424242424242") -> httpx.Response:
    async with httpx.AsyncClient(base_url=url) as browser:
        return await browser.post(f"/checkout/{session_id}/pay", data={"card": card})


async def test_a_session_is_open_until_it_is_paid_and_the_webhook_says_so(
    client: stripe.StripeClient, url: str, clock: Clock, hearer: Hearer
) -> None:
    session = await opened(client, clock)
    assert (session.status, session.payment_status, session.amount_total) == (
        "open",
        "unpaid",
        3000,
    )
    assert session.url == f"http://pages.test/checkout/{session.id}"
    answer = await pay(url, session.id)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"http://shop.test/paid?session={session.id}"
    event = await hearer.next()
    assert event.type == "checkout.session.completed"
    said = cast("stripe.checkout.Session", event.data.object)
    assert (said.id, said.payment_status) == (session.id, "paid")
    assert (said.metadata or {})["payment_id"] == said.client_reference_id == "payment-1"
    now = await client.v1.checkout.sessions.retrieve_async(session.id)
    assert (now.status, now.payment_intent) == ("complete", said.payment_intent)
    assert (await pay(url, session.id)).status_code == 409


async def test_a_declined_card_leaves_the_page_open(
    client: stripe.StripeClient, url: str, clock: Clock
) -> None:
    session = await opened(client, clock)
    answer = await pay(url, session.id, "4000000000000002")
    assert answer.status_code == 402
    assert "Your card was declined." in answer.text
    assert (await pay(url, session.id)).status_code == 303


async def test_the_page_shows_what_is_paid_and_leads_back(
    client: stripe.StripeClient, url: str, clock: Clock
) -> None:
    session = await opened(client, clock)
    async with httpx.AsyncClient(base_url=url) as browser:
        page = (await browser.get(f"/checkout/{session.id}")).text
        assert "Yoga &lt;b&gt;" in page
        assert "30.00 EUR" in page
        cancelled = await browser.post(f"/checkout/{session.id}/cancel")
        assert cancelled.headers["location"] == "http://shop.test/cancelled"
        assert (await browser.get("/checkout/cs_nobody")).status_code == 404
    assert (await client.v1.checkout.sessions.retrieve_async(session.id)).status == "open"


async def test_an_expired_session_cannot_be_paid(
    client: stripe.StripeClient, url: str, clock: Clock, hearer: Hearer
) -> None:
    closed, forgotten = await opened(client, clock), await opened(client, clock)
    assert (await client.v1.checkout.sessions.expire_async(closed.id)).status == "expired"
    assert (await hearer.next()).type == "checkout.session.expired"
    clock.ahead = timedelta(hours=1)
    assert (await hearer.next()).type == "checkout.session.expired"
    for session in (closed, forgotten):
        assert (await pay(url, session.id)).status_code == 409
    with pytest.raises(stripe.InvalidRequestError, match="has a status of `expired`"):
        await client.v1.checkout.sessions.expire_async(closed.id)


async def test_an_idempotency_key_has_one_effect_and_one_set_of_parameters(
    client: stripe.StripeClient, clock: Clock
) -> None:
    asked = order(clock)
    create = client.v1.checkout.sessions.create_async
    first = await create(asked, {"idempotency_key": "once"})
    again = await create(asked, {"idempotency_key": "once"})
    assert first.id == again.id
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        await create(order(clock, cancel_url="http://other.test"), {"idempotency_key": "once"})
    assert (await create(asked)).id != first.id


async def test_a_charge_is_given_back_in_parts_and_never_more_than_once(
    client: stripe.StripeClient, url: str, clock: Clock, hearer: Hearer
) -> None:
    session = await opened(client, clock)
    await pay(url, session.id)
    completed = cast("stripe.checkout.Session", (await hearer.next()).data.object)
    intent = cast("str", completed.payment_intent)
    refund = client.v1.refunds.create_async
    options: Any = {"idempotency_key": "refund-1"}
    part = await refund({"payment_intent": intent, "amount": 1000}, options)
    same = await refund({"payment_intent": intent, "amount": 1000}, options)
    assert (part.id, part.status, part.amount) == (same.id, "succeeded", 1000)
    charge = cast("stripe.Charge", (await hearer.next()).data.object)
    assert (charge.amount_refunded, charge.refunded) == (1000, False)
    assert charge.metadata["payment_id"] == "payment-1"
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        await refund({"payment_intent": intent, "amount": 2001})
    assert (await refund({"payment_intent": intent})).amount == 2000
    charge = cast("stripe.Charge", (await hearer.next()).data.object)
    assert (charge.amount_refunded, charge.refunded) == (3000, True)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await refund({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"
    assert (await client.v1.refunds.retrieve_async(part.id)).amount == 1000
    listed = await client.v1.refunds.list_async({"payment_intent": intent})
    assert [each.amount for each in listed.data] == [2000, 1000]


async def test_a_webhook_is_repeated_until_it_is_heard(
    client: stripe.StripeClient, url: str, clock: Clock, hearer: Hearer
) -> None:
    hearer.deaf = 2
    session = await opened(client, clock)
    await pay(url, session.id)
    assert (await hearer.next()).type == "checkout.session.completed"
    assert hearer.attempts == 3


async def test_bad_keys_are_refused(url: str, clock: Clock) -> None:
    stranger = stripe.StripeClient(
        "sk_test_other", base_addresses={"api": url}, http_client=stripe.HTTPXClient()
    )
    with pytest.raises(stripe.AuthenticationError):
        await stranger.v1.checkout.sessions.create_async(order(clock))
    async with httpx.AsyncClient(base_url=url) as nobody:
        answer = await nobody.get("/v1/checkout/sessions/cs_1")
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"mode": "subscription"}, "mode"),
        ({"success_url": "nowhere"}, "success_url"),
        ({"line_items": []}, "line_items"),
        ({"line_items": [{"quantity": 1}]}, "line_items[0][price_data][currency]"),
        ({"expires_at": 1}, "expires_at"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_is_wrong_is_named_in_the_form_of_stripe(
    client: stripe.StripeClient, clock: Clock, wrong: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.checkout.sessions.create_async(order(clock, **wrong))
    error: Any = refused.value  # its fields have no types
    assert error.param == param


async def test_what_is_not_there_is_missing(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        await client.v1.checkout.sessions.retrieve_async("cs_test_nobody")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
