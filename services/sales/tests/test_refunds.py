"""A refund gives back exactly what a sale took, in part or whole, or changes nothing."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.membership import (
    AppointmentSettled,
    ClaimLines,
    DebitLines,
    LinesReversed,
    ReturnLines,
    ReverseLines,
    SoldMembershipVoided,
    VoidRefused,
    VoidSoldMembership,
)
from contracts.sales import MakeSale, MembershipSold, RefundForm, RefundSale
from contracts.sales_views import BillView
from contracts.values import Appointment
from postgres import Database
from web import Role

from .selling import (
    Ask,
    answered,
    claimed,
    debited,
    issued,
    make,
    membership,
    problem,
    product,
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


def refund(sale: MakeSale, *sale_line_ids: UUID) -> RefundSale:
    return RefundSale(
        refund_id=uuid4(),
        sale_id=sale.sale_id,
        chain_id=sale.chain_id,
        location_id=sale.location_id,
        refund=RefundForm(sale_line_ids=sale_line_ids),
    )


def reversed_as(asked: ReverseLines, revision: int | None) -> LinesReversed:
    return LinesReversed(
        reversal_id=asked.reversal_id,
        visit_id=asked.appointment.visit_id,
        appointment_id=asked.appointment.appointment_id,
        line_ids=asked.line_ids,
        settlement_revision=revision,
    )


def voided(asked: VoidSoldMembership) -> SoldMembershipVoided:
    return SoldMembershipVoided(refund_id=asked.refund_id, membership_id=asked.membership_id)


def kept(asked: VoidSoldMembership) -> VoidRefused:
    ids = {"refund_id": asked.refund_id, "membership_id": asked.membership_id}
    return VoidRefused(**ids, used=2, held=1)


@pytest.mark.rule("A10")
@pytest.mark.parametrize("settlement_first", [True, False])
async def test_all_of_a_sale_goes_back_to_where_it_came_from(
    database: Database,
    hear: Hear,
    ask: Ask,
    bill: GetBill,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
    settlement_first: bool,
) -> None:
    planned = appointment(1500, 2500)
    await hear(accepted(planned))
    lines = visited(planned, membership=uuid4()), visited(planned, 1, discount=500)
    sale = make(*lines, product(300), membership(), visit=planned)
    await ask(sale)
    [wanted] = await said(database, DebitLines)
    paying = debited(wanted)
    shown = settled(planned, True, False)
    line = shown.lines[0].model_copy(update={"membership_id": paying.lines[0].membership_id})
    await hear(paying, shown.model_copy(update={"lines": (line, shown.lines[1])}))
    await hear(claimed((await said(database, ClaimLines))[0]))
    await hear(*(issued(each) for each in await said(database, MembershipSold)))
    assert (await view(database)).state == "completed"

    await ask(refund(sale))
    assert await said(database, ReverseLines) == []  # what may be refused is asked first
    await hear(voided((await said(database, VoidSoldMembership))[0]))
    [reversal] = await said(database, ReverseLines)
    assert reversal.line_ids == wanted.line_ids
    assert await said(database, ReturnLines) == []
    told = [reversed_as(reversal, 2), settled(planned, False, False, revision=2)]
    for message in reversed(told) if settlement_first else told:
        assert len(await answered(database)) == 1
        await hear(message)
    found = await view(database)
    assert (found.state, found.refunded.amount) == ("refunded", found.to_pay.amount)
    assert all(line.refunded for line in found.lines)
    assert len(await said(database, ReturnLines)) == 1  # before the start it is planned again
    after = await bill(planned)
    assert (after.total.amount, after.paid.amount, after.owed.amount) == (4000, 0, 4000)
    assert after.payments[0].undone
    await ask(refund(sale))
    assert (await problem(database))[0] == "conflict"


@pytest.mark.rule("A10", "A16")
async def test_part_of_a_sale_is_refunded_and_the_rest_stays_paid(
    database: Database, hear: Hear, ask: Ask, bill: GetBill, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500, 2500)
    await hear(accepted(planned))
    sale = make(
        visited(planned, membership="none"),
        visited(planned, 1, membership="none"),
        product(300),
        visit=planned,
    )
    await ask(sale)
    claims = await said(database, ClaimLines)
    assert [claim.line_ids for claim in claims] == [(line.line_id,) for line in planned.lines]
    await hear(*map(claimed, claims))
    first, second, third = (line.sale_line_id for line in (await view(database)).lines)
    await ask(refund(sale, first))
    found = await view(database)
    assert (found.state, found.refunded.amount) == ("refunded_partially", 1500)
    [returned] = await said(database, ReturnLines)
    assert returned.claim_id == claims[0].claim_id
    after = await bill(planned)
    assert (after.paid.amount, after.owed.amount) == (2500, 1500)
    assert (after.payments[0].amount.amount, after.payments[0].undone) == (2500, False)
    await ask(refund(sale, first, second))
    assert (await problem(database))[0] == "conflict"
    await ask(make(visited(planned, membership="none"), visit=planned))  # it may be sold again
    await hear(claimed((await said(database, ClaimLines))[-1]))
    assert (await bill(planned)).owed.amount == 0
    await ask(refund(sale, second, third))
    assert (await view(database)).state == "refunded"
    assert (await bill(planned)).paid.amount == 1500


@pytest.mark.rule("A10")
async def test_a_membership_in_use_is_not_taken_back_and_nothing_else_either(
    database: Database, hear: Hear, ask: Ask, bill: GetBill, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(by_hand=(4000,))
    await hear(accepted(planned))
    sale = make(visited(planned, membership="none"), membership(), visit=planned)
    await ask(sale)
    await hear(*(issued(each) for each in await said(database, MembershipSold)))
    await ask(refund(sale))
    [void] = await said(database, VoidSoldMembership)
    await hear(kept(void))
    assert (await problem(database))[0] == "conflict"
    reasons = (await answered(database))[-1].problem
    assert reasons is not None
    assert [(one["used"], one["held"]) for one in reasons.reasons] == [(2, 1)]
    assert (await bill(planned)).paid.amount == 4000
    await ask(refund(sale))
    [_, again] = await said(database, VoidSoldMembership)
    await hear(voided(void))  # an old answer
    await hear(voided(again))
    assert (await view(database)).state == "refunded"
    assert (await bill(planned)).paid.amount == 0


async def test_memberships_are_taken_back_one_after_the_other(
    database: Database, hear: Hear, ask: Ask
) -> None:
    sale = make(membership(), membership())
    await ask(sale)
    await hear(*(issued(each) for each in await said(database, MembershipSold)))
    lines = (await view(database)).lines
    await ask(refund(sale))
    assert (await problem(database))[0] == "invalid-request"
    assert await said(database, VoidSoldMembership) == []
    for line, state in zip(lines, ("refunded_partially", "refunded"), strict=True):
        await ask(refund(sale, line.sale_line_id))
        await hear(voided((await said(database, VoidSoldMembership))[-1]))
        assert await database.pool.fetchval("SELECT state FROM sales") == state


@pytest.mark.rule("A10")
async def test_a_debit_that_was_undone_before_has_nothing_to_give_back(
    database: Database,
    hear: Hear,
    ask: Ask,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
) -> None:
    planned = appointment(1500)
    await hear(accepted(planned))
    sale = make(visited(planned), visit=planned)
    await ask(sale)
    [wanted] = await said(database, DebitLines)
    await hear(debited(wanted), settled(planned, True))
    await hear(settled(planned, False, revision=2))
    await ask(refund(sale))
    assert (await view(database)).state == "refunded"
    assert await said(database, ReverseLines) == []


@pytest.mark.rule("A10")
async def test_what_was_cancelled_is_not_planned_again_by_its_refund(
    database: Database,
    hear: Hear,
    ask: Ask,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
) -> None:
    planned = appointment(1500)
    await hear(accepted(planned))
    sale = make(visited(planned, membership="none"), visit=planned)
    await ask(sale)
    await hear(claimed((await said(database, ClaimLines))[0]))
    await hear(cancelled(planned, charge=False))
    await ask(refund(sale))
    assert (await view(database)).refunded.amount == 1500
    assert await said(database, ReturnLines) == []


@pytest.mark.rule("X4")
async def test_what_is_not_there_or_not_sold_is_not_refunded(
    database: Database, hear: Hear, ask: Ask, token: Callable[..., str]
) -> None:
    sale = make(product(300))
    await ask(refund(sale))
    assert (await problem(database))[0] == "not-found"
    await ask(sale)
    await ask(refund(sale, uuid4()))
    assert (await problem(database))[0] == "invalid-request"
    await ask(refund(sale).model_copy(update={"location_id": uuid4()}))
    assert (await problem(database))[0] == "not-found"
    await hear((refund(sale), token(Role.READER, sale.chain_id)))
    assert (await problem(database))[0] == "forbidden"
    pending = make(membership())
    await ask(pending)
    await ask(refund(pending))
    assert (await problem(database))[0] == "conflict"
