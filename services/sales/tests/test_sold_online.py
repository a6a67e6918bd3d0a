"""A sale that is paid online waits for its money, and is undone when that does not come."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from contracts.booking import BookingAccepted
from contracts.membership import ClaimLines, IssueRefused, ReturnLines
from contracts.sales import (
    MakeSale,
    MembershipSold,
    PaymentReceived,
    RefundForm,
    RefundSale,
    RequestPayment,
)
from contracts.sales_views import BillView, SaleView
from contracts.values import Appointment, Money
from postgres import Database

from .paying import Till, provider_says
from .selling import (
    Ask,
    answered,
    claimed,
    issued,
    make,
    membership,
    problem,
    product,
    said,
    view,
    visited,
)
from .test_bills import WAITING

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
GetBill = Callable[[Appointment], Awaitable[BillView]]


async def opened(
    till: Till, database: Database, ask: Ask, planned: Appointment
) -> tuple[MakeSale, RequestPayment]:
    """Sell a claimed line and a membership, up to the open page; return what is to be paid."""
    line = visited(planned, membership="none", discount=500)
    sale = make(line, membership(), visit=planned, method="online")
    await ask(sale)
    await till.hear(claimed((await said(database, ClaimLines))[-1]))
    assert await answered(database) == []
    assert await till.perform() == 1
    found = await view(database)
    amount = Money(amount=found.to_pay.amount, currency="EUR")
    return sale, RequestPayment.model_construct(payment_id=found.payment_id, amount=amount)


@pytest.mark.rule("A16")
async def test_it_is_answered_with_the_page_and_completed_when_that_is_paid(
    database: Database,
    till: Till,
    ask: Ask,
    bill: GetBill,
    appointment: New,
    accepted: Accepted,
) -> None:
    planned = appointment(1500)
    await till.hear(accepted(planned))
    sale, asked = await opened(till, database, ask, planned)
    waiting = await view(database)
    assert (waiting.state, waiting.to_pay.amount) == ("awaiting_payment", 10000)
    assert waiting.checkout_url is not None
    assert await said(database, MembershipSold) == []
    await ask(make(visited(planned), visit=planned))  # nobody pays it meanwhile
    assert (await problem(database))[0] == "already-paid"

    await till.pay(asked)
    await till.hear(provider_says(asked))
    await till.hear(*(issued(each) for each in await said(database, MembershipSold)))
    found = await bill(planned)
    assert (found.total.amount, found.paid.amount, found.owed.amount) == (1000, 1000, 0)
    assert [(one.method, one.sale_id) for one in found.payments] == [("online", sale.sale_id)]
    assert await database.pool.fetchval("SELECT state FROM sales") == "completed"
    assert await said(database, PaymentReceived) == []  # no booking waits for it


@pytest.mark.rule("A16")
@pytest.mark.parametrize("is_late", [True, False])
async def test_what_is_not_paid_in_time_is_undone_and_money_that_comes_late_goes_back(
    database: Database, till: Till, ask: Ask, appointment: New, accepted: Accepted, is_late: bool
) -> None:
    planned = appointment(1500)
    await till.hear(accepted(planned))
    _, asked = await opened(till, database, ask, planned)
    await till.hear(provider_says(asked, "expired"))
    assert await database.pool.fetchval("SELECT state FROM sales") == "refused"
    assert len(await said(database, ReturnLines)) == 1
    assert await said(database, MembershipSold) == []
    if is_late:
        await till.pay(asked)
        await till.hear(provider_says(asked))
        await till.perform()
        assert await till.refunds() == [10000]


@pytest.mark.rule("A10")
async def test_what_is_refunded_of_it_goes_back_online_once(
    database: Database, till: Till, ask: Ask, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500)
    await till.hear(accepted(planned))
    sale, asked = await opened(till, database, ask, planned)
    await till.pay(asked)
    await till.hear(provider_says(asked))
    await till.hear(*(issued(each) for each in await said(database, MembershipSold)))
    line = (await view(database)).lines[0]
    refund = RefundSale(
        refund_id=uuid4(),
        sale_id=sale.sale_id,
        chain_id=sale.chain_id,
        location_id=sale.location_id,
        refund=RefundForm(sale_line_ids=(line.sale_line_id,)),
    )
    await ask(refund)
    found: SaleView = await view(database)
    assert (found.state, found.refunded.amount) == ("refunded_partially", 1000)
    await till.perform()
    assert await till.refunds() == [1000]


@pytest.mark.rule("A10")
async def test_what_was_paid_for_a_membership_that_cannot_be_issued_goes_back(
    database: Database, till: Till, ask: Ask, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500)
    await till.hear(accepted(planned))
    _, asked = await opened(till, database, ask, planned)
    await till.pay(asked)
    await till.hear(provider_says(asked))
    [sold] = await said(database, MembershipSold)
    await till.hear(IssueRefused(sale_id=sold.sale_id, reason="It is not offered."))
    await till.perform()
    assert await till.refunds() == [10000]
    assert len(await said(database, ReturnLines)) == 1


async def test_a_refund_waits_for_the_payment_before_it_locks_the_sale(
    database: Database, till: Till, ask: Ask
) -> None:
    sale = make(product(990), method="online")
    await ask(sale)
    assert await till.perform() == 1
    found = await view(database)
    amount = Money(amount=990, currency="EUR")
    asked = RequestPayment.model_construct(payment_id=found.payment_id, amount=amount)
    await till.pay(asked)
    await till.hear(provider_says(asked))
    refund = RefundSale(
        refund_id=uuid4(),
        sale_id=sale.sale_id,
        chain_id=sale.chain_id,
        location_id=sale.location_id,
        refund=RefundForm(),
    )
    async with database.transaction() as payer:  # the provider's answer is being taken over
        await payer.execute("SELECT FROM payments FOR UPDATE")
        refunding = asyncio.ensure_future(ask(refund))
        async with asyncio.timeout(30):
            while not await database.pool.fetchval(WAITING):  # noqa: ASYNC110 — nothing tells
                await asyncio.sleep(0.01)
        await payer.execute("SELECT FROM sales FOR UPDATE NOWAIT")
    await refunding
    assert (await view(database)).state == "refunded"
