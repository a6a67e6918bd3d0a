"""Paying at the counter and debiting by hand, with what membership answers, in any order."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.base import Command, Message
from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.membership import (
    AppointmentSettled,
    ClaimLines,
    ClaimRefused,
    DebitLines,
    DebitRefused,
    HeldLine,
    LinesClaimed,
    LinesDebited,
    RefusalDetail,
    ReturnLines,
)
from contracts.reply import Reply
from contracts.sales import (
    DebitForm,
    DebitVisit,
    PaymentForm,
    TakePayment,
    UndoPayment,
)
from contracts.sales_views import BillView
from contracts.values import Appointment
from postgres import Database
from web import Role

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]
Settled = Callable[..., AppointmentSettled]
Token = Callable[..., str]


def take(visit: Appointment, *lines: UUID) -> TakePayment:
    return TakePayment(
        payment_id=uuid4(),
        visit_id=visit.visit_id,
        location_id=visit.location_id,
        payment=PaymentForm(line_ids=lines),
    )


def undo(taken: TakePayment) -> UndoPayment:
    return UndoPayment(
        payment_id=taken.payment_id, visit_id=taken.visit_id, location_id=taken.location_id
    )


def debit(visit: Appointment, *lines: UUID) -> DebitVisit:
    return DebitVisit(
        debit_id=uuid4(),
        visit_id=visit.visit_id,
        location_id=visit.location_id,
        debit=DebitForm(line_ids=lines),
    )


def claimed(asked: ClaimLines) -> LinesClaimed:
    return LinesClaimed(**asked.model_dump(exclude={"client_id"}))


def claim_refused(asked: ClaimLines) -> ClaimRefused:
    ids: dict[str, Any] = asked.model_dump(include={"claim_id", "visit_id", "appointment_id"})
    return ClaimRefused(**ids, debited_line_ids=asked.line_ids)


class Desk:
    """A front desk: what it asks, what membership is asked, and what is answered."""

    def __init__(self, database: Database, hear: Hear, token: Token) -> None:
        self.database = database
        self.hear = hear
        self.token = token

    async def ask(self, *commands: Command) -> None:
        """Let the platform ask for all of this at once."""
        await self.hear(*((command, self.token(Role.PLATFORM)) for command in commands))

    async def asked_of_membership(self) -> list[Message]:
        kinds: dict[str, type[Message]] = {
            kind.type: kind for kind in (ClaimLines, ReturnLines, DebitLines)
        }
        query = """
        SELECT headers::jsonb->>'ce_type' AS type, body FROM outbox
        WHERE topic = 'membership.requests' ORDER BY id
        """
        rows = await self.database.pool.fetch(query)
        return [kinds[row["type"]].model_validate_json(row["body"]) for row in rows]

    async def last_claim(self) -> ClaimLines:
        last = (await self.asked_of_membership())[-1]
        assert isinstance(last, ClaimLines)
        return last

    async def answers(self) -> list[Reply]:
        """Return the replies in order; a command that is heard twice is answered twice."""
        query = "SELECT body FROM outbox WHERE topic = 'replies' ORDER BY id"
        found: list[Reply] = []
        for row in await self.database.pool.fetch(query):
            reply = Reply.model_validate_json(row["body"])
            if reply not in found:
                found.append(reply)
        return found

    async def bill(self) -> BillView:
        """Return the bill in the last answer."""
        return BillView.model_validate((await self.answers())[-1].result)

    async def problem(self) -> str:
        """Return the type of the problem in the last answer."""
        problem = (await self.answers())[-1].problem
        assert problem is not None
        return problem.type.removeprefix("/problems/")


@pytest.fixture
def desk(database: Database, hear: Hear, token: Token) -> Desk:
    return Desk(database, hear, token)


@pytest.mark.rule("A16")
async def test_what_no_session_would_pay_is_paid_at_once(
    desk: Desk, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(by_hand=(4000, 1000))
    await desk.hear(accepted(planned))
    first, second = planned.lines
    await desk.ask(take(planned, first.line_id))
    bill = await desk.bill()
    assert (bill.paid.amount, bill.owed.amount, bill.payment_status) == (
        4000,
        1000,
        "paid_partially",
    )
    assert [(one.amount.amount, one.method) for one in bill.payments] == [(4000, "cash")]
    await desk.ask(take(planned))
    assert [line.paid.amount for line in (await desk.bill()).lines] == [4000, 1000]
    await desk.ask(take(planned, second.line_id))
    assert await desk.problem() == "already-paid"
    assert await desk.asked_of_membership() == []


@pytest.mark.rule("A16")
async def test_a_line_that_is_planned_to_be_debited_is_claimed_before_money_is_taken(
    desk: Desk, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500, by_hand=(4000,))
    await desk.hear(accepted(planned))
    paying = take(planned)
    await desk.ask(paying)
    assert await desk.answers() == []
    claim = await desk.last_claim()
    assert claim.line_ids == (planned.lines[0].line_id,)
    await desk.hear(claimed(claim))
    bill = await desk.bill()
    assert (bill.total.amount, bill.paid.amount, bill.owed.amount) == (5500, 5500, 0)
    await desk.ask(undo(paying))
    bill = await desk.bill()
    assert (bill.paid.amount, bill.owed.amount, bill.payments[0].undone) == (0, 5500, True)
    returned = (await desk.asked_of_membership())[-1]
    assert returned == ReturnLines(
        claim_id=claim.claim_id, client_id=planned.client_id, appointment=planned
    )


@pytest.mark.rule("A16")
async def test_a_session_that_was_faster_refuses_the_payment_and_frees_the_other_claims(
    desk: Desk, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    morning = appointment(1500)
    evening = appointment(2000, other=morning)
    await desk.hear(accepted(morning, evening))
    await desk.ask(take(morning))
    first, second = await desk.asked_of_membership()
    assert isinstance(first, ClaimLines)
    assert isinstance(second, ClaimLines)
    await desk.hear(claimed(first))
    await desk.hear(claim_refused(second))
    assert await desk.problem() == "already-paid"
    returned = (await desk.asked_of_membership())[-1]
    assert isinstance(returned, ReturnLines)
    assert returned.claim_id == first.claim_id
    other = evening if second.appointment_id == evening.appointment_id else morning
    await desk.hear(settled(other, True))
    await desk.ask(take(morning))
    assert (await desk.last_claim()).claim_id not in {first.claim_id, second.claim_id}


@pytest.mark.rule("A16")
async def test_two_operators_at_one_visit_do_not_charge_twice(
    desk: Desk, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(by_hand=(4000,))
    await desk.hear(accepted(planned))
    await asyncio.gather(desk.ask(take(planned)), desk.ask(take(planned)))
    statuses = sorted(reply.status for reply in await desk.answers())
    assert statuses == [201, 409]
    held = appointment(1500)
    await desk.hear(accepted(held))
    await asyncio.gather(desk.ask(take(held)), desk.ask(take(held)), desk.ask(debit(held)))
    assert await desk.problem() == "already-paid"
    assert len(await desk.asked_of_membership()) == 1


@pytest.mark.rule("A16")
async def test_a_command_is_answered_though_its_appointment_is_cancelled_meanwhile(
    desk: Desk, appointment: New, accepted: Accepted, cancelled: Cancelled
) -> None:
    planned = appointment(1500)
    await desk.hear(accepted(planned))
    await desk.ask(take(planned))
    claim = await desk.last_claim()
    await desk.hear(cancelled(planned, charge=False))
    assert await desk.answers() == []
    await desk.hear(claimed(claim))
    assert await desk.problem() == "conflict"


@pytest.mark.rule("A10", "A16")
async def test_a_bill_says_what_is_to_be_given_back_of_what_was_cancelled(
    desk: Desk, appointment: New, accepted: Accepted, cancelled: Cancelled
) -> None:
    planned, other = (
        (first := appointment(by_hand=(4000,))),
        appointment(by_hand=(1000,), other=first),
    )
    await desk.hear(accepted(planned, other))
    paying = take(planned)
    await desk.ask(paying)
    await desk.hear(cancelled(planned, charge=False))
    await desk.ask(take(planned, planned.lines[0].line_id))
    assert await desk.problem() == "invalid-request"
    await desk.ask(undo(take(other)))
    assert await desk.problem() == "not-found"
    await desk.ask(undo(paying), take(other))
    first_bill, second_bill = (
        BillView.model_validate(reply.result) for reply in (await desk.answers())[-2:]
    )
    assert first_bill.payments[0].undone
    assert (second_bill.paid.amount, second_bill.owed.amount) == (1000, 0)


@pytest.mark.rule("A16")
async def test_what_is_to_be_given_back_is_shown_until_the_payment_is_undone(
    desk: Desk, appointment: New, accepted: Accepted, cancelled: Cancelled, caller: Any
) -> None:
    planned = appointment(by_hand=(4000,))
    await desk.hear(accepted(planned))
    await desk.ask(take(planned))
    await desk.hear(cancelled(planned, charge=False))
    headers = {"Authorization": f"Bearer {desk.token(Role.PLATFORM)}"}
    answer = await caller.get(f"/visits/{planned.visit_id}/bill", headers=headers)
    bill = BillView.model_validate_json(answer.content)
    assert (bill.total.amount, bill.paid.amount, bill.owed.amount) == (0, 0, 0)
    assert bill.payments[0].to_give_back is not None
    assert bill.payments[0].to_give_back.amount == 4000


@pytest.mark.rule("A13")
@pytest.mark.parametrize("settlement_first", [True, False])
async def test_a_visit_is_debited_by_hand_and_answered_with_the_bill_that_shows_it(
    desk: Desk, appointment: New, accepted: Accepted, settled: Settled, settlement_first: bool
) -> None:
    planned = appointment(1500)
    await desk.hear(accepted(planned))
    asked = debit(planned)
    await desk.ask(asked)
    [wanted] = await desk.asked_of_membership()
    assert isinstance(wanted, DebitLines)
    assert wanted.appointment == planned
    debited = LinesDebited(
        debit_id=asked.debit_id,
        visit_id=planned.visit_id,
        appointment_id=planned.appointment_id,
        lines=tuple(HeldLine(line_id=one, membership_id=uuid4()) for one in wanted.line_ids),
        settlement_revision=1,
    )
    said: list[Message] = [settled(planned, True), debited]
    for message in said if settlement_first else reversed(said):
        assert await desk.answers() == []
        await desk.hear(message)
    bill = await desk.bill()
    assert (bill.debited.amount, bill.owed.amount, bill.payment_status) == (1500, 0, "paid")
    await desk.ask(take(planned, planned.lines[0].line_id))
    assert await desk.problem() == "already-paid"


@pytest.mark.rule("A13")
async def test_a_debit_that_membership_refuses_is_refused_with_its_reasons(
    desk: Desk, appointment: New, accepted: Accepted
) -> None:
    planned = appointment(1500)
    await desk.hear(accepted(planned))
    asked = debit(planned)
    await desk.ask(asked)
    reason = RefusalDetail(
        membership_id=uuid4(), service_id=uuid4(), rule="A13", reason="visit_status"
    )
    ids = {"visit_id": planned.visit_id, "appointment_id": planned.appointment_id}
    await desk.hear(DebitRefused(debit_id=asked.debit_id, reasons=(reason,), **ids))
    assert await desk.problem() == "no-suitable-membership"
    problem = (await desk.answers())[-1].problem
    assert problem is not None
    assert [one["reason"] for one in problem.reasons] == ["visit_status"]
    await desk.ask(take(planned))
    assert (await desk.last_claim()).line_ids == (planned.lines[0].line_id,)


async def test_only_lines_of_one_appointment_are_debited_at_once(
    desk: Desk, appointment: New, accepted: Accepted
) -> None:
    morning = appointment(1500)
    evening = appointment(2000, other=morning)
    await desk.hear(accepted(morning, evening))
    await desk.ask(debit(morning))
    assert await desk.problem() == "invalid-request"


@pytest.mark.parametrize(
    ("role", "elsewhere", "status"),
    [
        (Role.OPERATOR, False, 201),
        (Role.OPERATOR, True, 404),
        (Role.READER, False, 403),
        (Role.WIDGET, False, 403),
    ],
)
async def test_staff_of_the_location_take_payments(
    desk: Desk, appointment: New, accepted: Accepted, role: Role, elsewhere: bool, status: int
) -> None:
    planned = appointment(by_hand=(4000,))
    await desk.hear(accepted(planned))
    location_id = uuid4() if elsewhere else planned.location_id
    await desk.hear((take(planned), desk.token(role, planned.chain_id, location_id)))
    [reply] = await desk.answers()
    assert reply.status == status
