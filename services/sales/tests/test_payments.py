"""Online payments through a real payment server: each is taken, and given back, exactly once."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts import booking
from contracts.base import Message
from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.sales import BillChanged, PaymentFailed, PaymentReceived, PaymentRefunded
from contracts.sales_views import PaymentView
from contracts.values import Appointment
from sales.errands.performing import LEASE, LONGEST_PAUSE, pause_after
from sales.errands.stripe_checkout import StripeCheckout
from sales.store import errands
from web import Role

from .paying import KEY, Hear, Till, online, provider_says, refused, request

New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]


async def bill(till: Till) -> BillChanged:
    query = "SELECT body FROM outbox WHERE topic = 'sales.bills' ORDER BY id DESC LIMIT 1"
    return BillChanged.model_validate_json(await till.database.pool.fetchval(query))


@pytest.mark.rule("A16", "X5")
async def test_what_is_paid_at_the_page_is_said_and_stands_on_the_bill(
    till: Till, hear: Hear, appointment: New, accepted: Accepted
) -> None:
    booked = online(appointment(1500, 1500))
    asked = await till.open(*booked)
    session = await till.session(asked)
    assert (session.amount_total, session.currency, session.status) == (3000, "eur", "open")
    assert session.client_reference_id == str(asked.payment_id)
    assert (session.metadata or {})["payment_id"] == str(asked.payment_id)
    assert (session.success_url or "").startswith("http://shop.test/?lang=en&payment_id=")
    await till.pay(asked)
    await hear(provider_says(asked))
    [received] = await till.said()
    assert isinstance(received, PaymentReceived)
    assert (received.booking_id, received.amount) == (asked.booking_id, asked.amount)
    await hear(accepted(*booked))
    after = await bill(till)
    assert (after.total, after.paid, after.owed, after.payment_status) == (3000, 3000, 0, "paid")


@pytest.mark.rule("X3")
async def test_the_same_payment_heard_in_several_webhooks_is_received_once(
    till: Till, hear: Hear, appointment: New
) -> None:
    asked = await till.open(*online(appointment(1500)))
    await till.pay(asked)
    await hear(provider_says(asked), provider_says(asked))
    await hear(provider_says(asked))
    assert [type(each) for each in await till.said()] == [PaymentReceived]


async def test_a_crash_after_the_call_finds_the_same_session_again(
    till: Till, hear: Hear, appointment: New
) -> None:
    asked = request(online(appointment(1500)))
    await hear(asked)
    async with till.database.transaction() as transaction:
        [claimed] = await errands.claim(transaction, 20, LEASE)
    before: Any = await till.performer.provider.ask(claimed)
    assert await till.performer.perform_due() == 0
    assert await till.perform() == 1
    assert await till.session_id(asked) == before.session_id
    again = await till.performer.provider.ask(replace(claimed, attempts=2))
    assert again == before


async def test_while_the_provider_is_away_an_errand_waits_longer_and_longer(
    till: Till, hear: Hear, appointment: New
) -> None:
    there = till.performer
    away = StripeCheckout(url="http://127.0.0.1:9", api_key=KEY, return_url="http://shop.test/")
    asked = request(online(appointment(1500)))
    await hear(asked)
    till.performer = replace(there, provider=away)
    for _ in range(2):
        assert await till.perform() == 1
    row: Any = await till.database.pool.fetchrow(
        "SELECT attempts, problem, due_at > now() AS waits FROM errands WHERE kind = 'open'"
    )
    assert (row["attempts"], row["waits"]) == (2, True)
    assert row["problem"]
    till.performer = there
    assert await till.perform() == 1
    assert (await till.row(asked))["state"] == "open"
    assert [pause_after(n).seconds for n in (1, 2, 3)] == [1, 2, 4]
    assert pause_after(50) == LONGEST_PAUSE


async def test_what_the_provider_declines_has_failed(
    till: Till, hear: Hear, appointment: New
) -> None:
    asked = request(online(appointment(1500))).model_copy(update={"description": ""})
    await hear(asked)
    await till.perform()
    [failed] = await till.said()
    assert isinstance(failed, PaymentFailed)
    assert "product_data" in failed.reason
    assert await till.perform() == 0
    assert (
        await till.database.pool.fetchval("SELECT count(*) FROM errands WHERE state = 'waiting'")
        == 0
    )


@pytest.mark.rule("X7")
async def test_a_booking_that_was_refused_before_asks_for_no_payment(
    till: Till, hear: Hear, appointment: New
) -> None:
    asked = request(online(appointment(1500)))
    await hear(refused(asked))
    await hear(asked)
    both = request(online(appointment(1500)))
    await hear(refused(both), both)
    assert await till.perform() == 0
    assert await till.said() == []
    assert {(await till.row(each))["state"] for each in (asked, both)} == {"failed"}


@pytest.mark.rule("X7")
async def test_the_page_of_a_refused_booking_is_closed(
    till: Till, hear: Hear, appointment: New
) -> None:
    asked = await till.open(*online(appointment(1500)))
    await hear(refused(asked))
    assert await till.perform() == 1
    assert (await till.session(asked)).status == "expired"
    assert (await till.row(asked))["state"] == "expired"
    await hear(provider_says(asked, "expired"))
    assert await till.said() == []


async def test_a_booking_refused_while_its_page_is_made_has_it_closed(
    till: Till, hear: Hear, appointment: New
) -> None:
    asked = request(online(appointment(1500)))
    await hear(asked)
    await hear(refused(asked))
    while await till.perform():
        pass
    assert (await till.session(asked)).status == "expired"


@pytest.mark.rule("A16")
@pytest.mark.parametrize("order", list(permutations(("refused", "paid", "perform"))))
async def test_money_for_a_refused_booking_goes_back_once_in_every_order(
    till: Till, hear: Hear, appointment: New, order: tuple[str, ...]
) -> None:
    asked = await till.open(*online(appointment(1500, 1500)))
    await till.pay(asked)
    for step in order:
        if step == "perform":
            await till.perform()
        else:
            await hear(refused(asked) if step == "refused" else provider_says(asked))
    await hear(provider_says(asked))
    while await till.perform():
        pass
    await hear(provider_says(asked, "refunded"))
    assert await till.perform() == 0
    assert await till.refunds() == [3000]
    [refund] = [each for each in await till.said() if isinstance(each, PaymentRefunded)]
    assert refund.amount.amount == 3000
    assert set(refund.line_ids) == {line.line_id for line in asked.lines}
    assert (await till.row(asked))["state"] == "refunded"


@pytest.mark.rule("A10", "A16")
async def test_cancelled_without_charge_an_appointment_gets_its_own_money_back(
    till: Till, hear: Hear, appointment: New, accepted: Accepted, cancelled: Cancelled
) -> None:
    morning = appointment(1500)
    morning, evening = online(morning, appointment(2500, other=morning))
    asked = await till.open(morning, evening)
    await till.pay(asked)
    await hear(provider_says(asked))
    await hear(accepted(morning, evening))
    await hear(cancelled(evening, charge=False))
    assert (await till.perform(), await till.perform()) == (1, 0)
    assert await till.refunds() == [2500]
    assert [type(each) for each in await till.said()] == [PaymentReceived, PaymentRefunded]
    row = await till.row(asked)
    assert row["state"] == "paid"
    after = await bill(till)
    assert (after.total, after.paid, after.owed) == (1500, 1500, 0)


@pytest.mark.rule("A2")
async def test_cancelled_with_charge_the_money_is_kept(
    till: Till, hear: Hear, appointment: New, accepted: Accepted, cancelled: Cancelled
) -> None:
    [planned] = online(appointment(1500))
    asked = await till.open(planned)
    await till.pay(asked)
    await hear(provider_says(asked), accepted(planned), cancelled(planned, charge=True))
    assert await till.perform() == 0
    after = await bill(till)
    assert (after.total, after.paid, after.owed) == (1500, 1500, 0)


@pytest.mark.rule("A15", "A16")
@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_payment_plan_and_cancel_end_alike_in_every_order(
    till: Till,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
    order: tuple[int, ...],
) -> None:
    [planned] = online(appointment(1500))
    asked = await till.open(planned)
    await till.pay(asked)
    said: list[Message] = [
        provider_says(asked),
        accepted(planned),
        cancelled(planned, charge=False),
    ]
    for index in order:
        await hear(said[index])
        await till.perform()
    assert await till.perform() == 0
    assert await till.refunds() == [1500]
    after = await bill(till)
    assert (after.total, after.paid, after.owed) == (0, 0, 0)
    assert [type(each) for each in await till.said()] == [PaymentReceived, PaymentRefunded]


async def test_a_payment_whose_webhook_was_lost_is_found_when_its_page_is_closed(
    till: Till, hear: Hear, appointment: New
) -> None:
    asked = request(online(appointment(1500)), expires_in=timedelta(seconds=-1))
    await hear(asked)
    async with till.database.transaction() as transaction:
        claimed = await errands.claim(transaction, 20, LEASE)
    assert {each.kind for each in claimed} == {"open", "close"}
    [opening] = [each for each in claimed if each.kind == "open"]
    page: Any = await till.performer.provider.ask(opening)
    async with httpx.AsyncClient(base_url=till.url) as browser:
        await browser.post(f"/checkout/{page.session_id}/pay")
    while await till.perform():
        pass
    assert [type(each) for each in await till.said()] == [PaymentReceived]


async def test_a_payment_that_is_not_made_in_time_has_failed_by_the_clock_of_its_chain(
    till: Till, hear: Hear, appointment: New
) -> None:
    asked = await till.open(*online(appointment(1500)))
    other = await till.open(*online(appointment(1500)))
    clock = booking.TestClockSet(chain_id=asked.chain_id, revision=1, offset_seconds=15 * 60)
    await hear(clock)
    assert await till.perform() == 1
    assert (await till.session(asked)).status == "expired"
    [failed] = await till.said()
    assert isinstance(failed, PaymentFailed)
    assert (failed.payment_id, failed.reason) == (asked.payment_id, "expired")
    assert (await till.row(other))["state"] == "open"
    sooner = request(online(appointment(1500)), expires_in=timedelta(minutes=20))
    await hear(sooner.model_copy(update={"chain_id": asked.chain_id}))
    due = "SELECT due_at - now() FROM errands WHERE payment_id = $1 AND kind = 'close'"
    left: timedelta = await till.database.pool.fetchval(due, sooner.payment_id)
    assert timedelta(minutes=4) < left <= timedelta(minutes=5)


@pytest.mark.parametrize("kind", ["failed", "expired"])
async def test_what_the_provider_gives_up_has_failed(
    till: Till, hear: Hear, appointment: New, kind: str
) -> None:
    asked = await till.open(*online(appointment(1500)))
    await hear(provider_says(asked, kind), provider_says(asked, kind))
    [failed] = await till.said()
    assert isinstance(failed, PaymentFailed)
    assert (await till.row(asked))["state"] == kind


async def test_what_is_said_of_payments_of_others_changes_nothing(
    till: Till, hear: Hear, appointment: New
) -> None:
    await hear(provider_says(request(online(appointment(1500)))))
    assert await till.said() == []


async def test_a_payment_is_shown_at_its_location_to_whoever_knows_it(
    till: Till,
    hear: Hear,
    appointment: New,
    token: Callable[..., str],
    caller: httpx.AsyncClient,
) -> None:
    asked = request(online(appointment(1500)))
    await hear(asked)

    async def get(role: Role, location_id: Any = asked.location_id, **more: Any) -> httpx.Response:
        chain_id = more.get("chain_id", asked.chain_id)
        headers = {"Authorization": f"Bearer {token(role, chain_id, location_id)}"}
        path = f"/locations/{location_id}/payments/{asked.payment_id}"
        return await caller.get(path, headers=headers)

    created = PaymentView.model_validate_json((await get(Role.CLIENT)).content)
    assert (created.state, created.checkout_url) == ("created", None)
    await till.perform()
    for role in (Role.CLIENT, Role.WIDGET, Role.OPERATOR):
        view = PaymentView.model_validate_json((await get(role)).content)
        assert (view.state, view.amount, view.refunded.amount) == ("open", asked.amount, 0)
        assert (view.checkout_url or "").startswith("http://pages.test/checkout/")
    assert (await get(Role.CLIENT, uuid4())).status_code == 404
    assert (await get(Role.CLIENT, chain_id=uuid4())).status_code == 404
    await till.pay(asked)
    await hear(provider_says(asked))
    paid = PaymentView.model_validate_json((await get(Role.CLIENT)).content)
    assert (paid.state, paid.checkout_url) == ("paid", None)


async def test_errands_are_done_when_they_are_stored(
    till: Till, hear: Hear, appointment: New
) -> None:
    performing = asyncio.create_task(till.performer.perform_for_ever())
    try:
        asked = request(online(appointment(1500)))
        await hear(asked)
        async with asyncio.timeout(20):
            while (await till.row(asked))["state"] != "open":  # noqa: ASYNC110 — nothing tells
                await asyncio.sleep(0.01)
    finally:
        performing.cancel()


async def test_the_clock_of_a_chain_is_shown_as_it_was_heard(
    hear: Hear, token: Callable[..., str], caller: httpx.AsyncClient
) -> None:
    chain_id = uuid4()
    await hear(booking.TestClockSet(chain_id=chain_id, revision=2, offset_seconds=3600))
    await hear(booking.TestClockSet(chain_id=chain_id, revision=1, offset_seconds=60))

    async def get(chain: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token(Role.GATEWAY, chain)}"}
        return await caller.get(f"/chains/{chain_id}/clock", headers=headers)

    assert (await get(chain_id)).json()["offset_seconds"] == 3600
    assert (await get(uuid4())).status_code == 404
