"""A sale of lines of a visit: memberships pay what they can, money the rest; all or nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.membership import (
    AppointmentSettled,
    ClaimLines,
    DebitLines,
    DebitRefused,
    RefusalDetail,
    ReturnLines,
    ReverseLines,
    VoidSoldMembership,
)
from contracts.sales import MembershipSold, PaymentForm, TakePayment, UndoPayment
from contracts.sales_views import BillView
from contracts.values import Appointment
from postgres import Database

from .selling import (
    Ask,
    answered,
    claim_refused,
    claimed,
    debited,
    issued,
    make,
    membership,
    problem,
    product,
    refused,
    said,
    view,
    visited,
)

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]
Settled = Callable[..., AppointmentSettled]
GetBill = Callable[[Appointment], Awaitable[BillView]]


@pytest.mark.rule("S5")
@pytest.mark.parametrize("settlement_first", [True, False])
async def test_a_membership_pays_what_it_can_by_itself_and_money_the_rest(
    database: Database,
    hear: Hear,
    ask: Ask,
    bill: GetBill,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
    settlement_first: bool,
) -> None:
    planned = appointment(1500, 2500, by_hand=(4000,))
    await hear(accepted(planned))
    lines = [visited(planned, number) for number in range(3)]
    await ask(make(*lines, product(500), visit=planned))
    [wanted] = await said(database, DebitLines)
    assert (wanted.membership_id, wanted.partly) == (None, True)
    assert wanted.line_ids == tuple(line.line_id for line in planned.lines)
    told = [debited(wanted, wanted.line_ids[0]), settled(planned, True, False)]
    for message in reversed(told) if settlement_first else told:
        assert await said(database, ClaimLines) == []
        await hear(message)
    assert await answered(database) == []
    [claim] = await said(database, ClaimLines)
    assert claim.line_ids == (planned.lines[1].line_id,)
    await hear(claimed(claim))
    sale = await view(database)
    assert [line.paid_by for line in sale.lines] == ["membership", "card", "card", "card"]
    assert [line.to_pay.amount for line in sale.lines] == [0, 2500, 4000, 500]
    assert sale.lines[0].membership_id is not None
    found = await bill(planned)
    assert (found.debited.amount, found.paid.amount, found.owed.amount) == (1500, 6500, 0)
    [payment] = found.payments
    assert (payment.sale_id, payment.method, payment.amount.amount) == (sale.sale_id, "card", 6500)


@pytest.mark.rule("S5")
async def test_what_the_operator_chooses_pays_before_what_is_applied_by_itself(
    database: Database, hear: Hear, ask: Ask, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500, 2500)
    await hear(accepted(planned))
    chosen = uuid4()  # with one session left, it is what rule A5 takes for the first line as well
    await ask(make(visited(planned), visited(planned, 1, membership=chosen), visit=planned))
    wanted = await said(database, DebitLines)
    assert [(one.membership_id, one.line_ids) for one in wanted] == [
        (chosen, (planned.lines[1].line_id,)),
        (None, (planned.lines[0].line_id,)),
    ]


@pytest.mark.rule("A16")
async def test_what_the_operator_chooses_is_paid_by_that_membership_or_nothing_is_sold(
    database: Database, hear: Hear, ask: Ask, bill: GetBill, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500, by_hand=(4000,))
    await hear(accepted(planned))
    chosen = uuid4()
    lines = visited(planned, membership=chosen), visited(planned, 1, membership="none")
    await ask(make(*lines, membership(), visit=planned))
    [wanted] = await said(database, DebitLines)
    assert (wanted.membership_id, wanted.partly) == (chosen, False)
    reason = RefusalDetail(membership_id=chosen, service_id=uuid4(), rule="G5", reason="used_up")
    ids = {"visit_id": planned.visit_id, "appointment_id": planned.appointment_id}
    await hear(DebitRefused(debit_id=wanted.debit_id, reasons=(reason,), **ids))
    assert (await problem(database))[0] == "no-suitable-membership"
    [reply] = await answered(database)
    assert reply.problem is not None
    assert [one["reason"] for one in reply.problem.reasons] == ["used_up"]
    assert await said(database, MembershipSold) == []
    assert (await bill(planned)).owed.amount == 5500
    await ask(make(visited(planned, 1, membership="none"), visit=planned))
    assert (await view(database)).state == "completed"


@pytest.mark.rule("A10", "A16")
async def test_what_sessions_paid_is_given_back_if_money_cannot_pay_the_rest(
    database: Database,
    hear: Hear,
    ask: Ask,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
) -> None:
    morning = appointment(1500)
    noon, evening = appointment(2500, other=morning), appointment(2000, other=morning)
    await hear(accepted(morning, noon, evening))
    await ask(
        make(
            visited(morning, membership=uuid4()),
            visited(noon, membership="none"),
            visited(evening, membership="none"),
            visit=morning,
        )
    )
    [wanted] = await said(database, DebitLines)
    await hear(debited(wanted), settled(morning, True))
    first, second = await said(database, ClaimLines)
    await hear(claimed(first))
    await hear(claim_refused(second))
    assert (await problem(database))[0] == "already-paid"
    [reversal] = await said(database, ReverseLines)
    assert reversal.line_ids == wanted.line_ids
    [returned] = await said(database, ReturnLines)
    assert returned.claim_id == first.claim_id


@pytest.mark.rule("A10")
async def test_a_debit_that_is_answered_after_the_sale_was_refused_is_given_back(
    database: Database,
    hear: Hear,
    ask: Ask,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
) -> None:
    morning = appointment(1500)
    evening = appointment(2000, other=morning)
    await hear(accepted(morning, evening))
    lines = visited(morning, membership=uuid4()), visited(evening, membership=uuid4())
    await ask(make(*lines, visit=morning))
    first, second = await said(database, DebitLines)
    ids = {"visit_id": morning.visit_id, "appointment_id": first.appointment.appointment_id}
    await hear(DebitRefused(debit_id=first.debit_id, reasons=(), **ids))
    assert (await problem(database))[0] == "no-suitable-membership"
    await hear(debited(second))
    assert await said(database, ReverseLines) == []
    await hear(settled(second.appointment, True))
    [reversal] = await said(database, ReverseLines)
    assert reversal.line_ids == second.line_ids
    await ask(make(visited(first.appointment, membership="none"), visit=morning))
    assert len(await said(database, ClaimLines)) == 1


@pytest.mark.rule("A10", "A16")
async def test_if_a_membership_cannot_be_issued_the_visit_is_as_it_was(
    database: Database,
    hear: Hear,
    ask: Ask,
    bill: GetBill,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
) -> None:
    planned = appointment(1500, 2500)
    await hear(accepted(planned))
    lines = visited(planned, membership=uuid4()), visited(planned, 1, discount=500)
    await ask(make(*lines, membership(), membership(), visit=planned))
    [wanted] = await said(database, DebitLines)
    await hear(debited(wanted), settled(planned, True, False))
    assert await said(database, MembershipSold) == []
    [claim] = await said(database, ClaimLines)
    await hear(claimed(claim))
    one, other = await said(database, MembershipSold)
    await hear(issued(one), refused(other))
    assert (await problem(database))[0] == "not-found"
    assert len(await said(database, ReverseLines)) == 1
    assert len(await said(database, ReturnLines)) == 1
    assert len(await said(database, VoidSoldMembership)) == 1
    await hear(settled(planned, False, False, revision=2))
    found = await bill(planned)
    assert (found.total.amount, found.owed.amount, found.payments) == (4000, 4000, ())


@pytest.mark.rule("A16")
async def test_two_operators_at_one_visit_sell_it_once(
    database: Database, hear: Hear, ask: Ask, bill: GetBill, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(by_hand=(4000,))
    await hear(accepted(planned))
    take = TakePayment(
        payment_id=uuid4(),
        visit_id=planned.visit_id,
        location_id=planned.location_id,
        payment=PaymentForm(),
    )
    sales = [make(visited(planned, membership="none"), visit=planned) for _ in range(2)]
    await asyncio.gather(*map(ask, sales), ask(take))
    assert sorted(reply.status for reply in await answered(database)) == [201, 409, 409]
    assert (await bill(planned)).paid.amount == 4000


@pytest.mark.rule("A16")
async def test_two_sales_that_wait_for_membership_do_not_ask_for_the_same_lines(
    database: Database, hear: Hear, ask: Ask, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500)
    await hear(accepted(planned))
    await ask(*(make(visited(planned), visit=planned) for _ in range(2)))
    assert (await problem(database))[0] == "already-paid"
    assert len(await said(database, DebitLines)) == 1


@pytest.mark.rule("X5")
async def test_a_discount_lowers_what_the_visit_costs_and_goes_with_the_money(
    database: Database,
    hear: Hear,
    ask: Ask,
    bill: GetBill,
    appointment: New,
    accepted: Accepted,
) -> None:
    planned = appointment(by_hand=(4000, 1000))
    await hear(accepted(planned))
    lines = visited(planned, discount=500), visited(planned, 1, discount=1000)
    await ask(make(*lines, visit=planned))
    found = await bill(planned)
    assert (found.total.amount, found.paid.amount, found.owed.amount) == (3500, 3500, 0)
    assert [line.discount.amount for line in found.lines if line.discount] == [500, 1000]
    await ask(make(visited(planned, 1), visit=planned))
    assert (await problem(database))[0] == "already-paid"


@pytest.mark.rule("X4")
async def test_what_is_wrong_with_a_line_is_named(
    database: Database, hear: Hear, ask: Ask, appointment: New, accepted: Accepted
) -> None:
    planned, other = appointment(by_hand=(4000,)), appointment(by_hand=(1000,))
    await hear(accepted(planned), accepted(other))
    a_line = visited(planned, membership="none")
    stranger = make(a_line, visit=planned)
    stranger = stranger.model_copy(
        update={"sale": stranger.sale.model_copy(update={"client_id": uuid4()})}
    )
    elsewhere = make(a_line, visit=planned).model_copy(update={"location_id": uuid4()})
    wrong = {
        "lines.0.line_id": make(visited(other), visit=planned),
        "lines.1.line_id": make(product(1), a_line, a_line, visit=planned),
        "lines.0.discount": make(visited(planned, discount=4001), visit=planned),
        "lines.0.membership": make(visited(planned, discount=1, membership=uuid4()), visit=planned),
        "client_id": stranger,
        "visit_id": elsewhere,
    }
    for field, sale in wrong.items():
        await ask(sale)
        assert await problem(database) == ("invalid-request", [field])
    assert await database.pool.fetchval("SELECT count(*) FROM sales") == 0


@pytest.mark.rule("A16")
async def test_what_is_cancelled_while_membership_decides_refuses_the_sale(
    database: Database,
    hear: Hear,
    ask: Ask,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
) -> None:
    planned = appointment(1500)
    await hear(accepted(planned))
    await ask(make(visited(planned, membership="none"), visit=planned))
    [claim] = await said(database, ClaimLines)
    await hear(cancelled(planned, charge=False))
    await hear(claimed(claim))
    assert (await problem(database))[0] == "conflict"


async def test_the_money_of_a_sale_is_not_given_back_beside_it(
    database: Database, hear: Hear, ask: Ask, bill: GetBill, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(by_hand=(4000,))
    await hear(accepted(planned))
    await ask(make(visited(planned, membership="none"), visit=planned))
    [payment] = (await bill(planned)).payments
    ids = {"visit_id": planned.visit_id, "location_id": planned.location_id}
    await ask(UndoPayment(payment_id=payment.payment_id, **ids))
    assert (await problem(database))[0] == "conflict"
    assert (await bill(planned)).paid.amount == 4000
