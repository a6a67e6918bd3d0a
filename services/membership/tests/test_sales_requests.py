"""What a sale asks of memberships, on the real database: state, outbox, everything twice."""

from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from contracts.membership import AppointmentSettled, DebitRefused, LinesDebited, LinesReversed
from contracts.membership_views import DebitPlan, DebitQuestion
from contracts.values import Appointment
from membership import queries
from web import Role

from .studio import Studio, as_, debit_of, hold_of, reversal_of, start_of


@pytest.fixture(autouse=True)
async def every_bucket_equals_its_ledger(studio: Studio) -> object:
    yield
    assert await queries.inconsistent_buckets(studio.database.pool) == []


def tomorrow(plan: Appointment) -> Appointment:
    """The same appointment, begun tomorrow."""
    return plan.model_copy(update={"start": plan.start + timedelta(days=1)})


@pytest.mark.rule("A10", "X1")
async def test_a_refund_gives_back_what_was_debited_and_names_it(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna, spots=2)
    await studio.hear(hold_of(plan), debit_of(plan, plan.lines[0]), start_of(plan))
    assert await studio.balances(membership_id) == (2, 0, 0)
    refund = reversal_of(plan)
    await studio.hear(refund)
    assert await studio.balances(membership_id) == (0, 0, 0)
    (answer,) = await studio.said(LinesReversed)
    settlement = (await studio.said(AppointmentSettled))[-1]
    assert (answer.reversal_id, answer.visit_id) == (refund.reversal_id, plan.visit_id)
    assert answer.line_ids == tuple(line.line_id for line in plan.lines)
    assert answer.settlement_revision == settlement.revision
    assert settlement.outcome == "reversed"


@pytest.mark.rule("A10", "X3")
async def test_a_refund_that_asks_again_is_answered_again(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna)
    await studio.hear(reversal_of(plan))
    await studio.hear(start_of(plan))
    refund = reversal_of(plan)
    await studio.hear(refund)
    await studio.hear(refund)
    assert await studio.balances(membership_id) == (0, 0, 0)
    said = [
        (len(one.line_ids), one.settlement_revision) for one in await studio.said(LinesReversed)
    ]
    assert said == [(0, None), (1, 2), (0, 2)]


@pytest.mark.rule("A13")
async def test_lines_are_debited_partly_and_nothing_is_refused(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=2)
    plan = tomorrow(studio.appointment(anna, spots=3))
    partly = debit_of(plan).model_copy(update={"partly": True})
    await studio.hear(partly)
    (answer,) = await studio.said(LinesDebited)
    assert [line.line_id for line in answer.lines] == [line.line_id for line in plan.lines[:2]]
    assert await studio.balances(membership_id) == (2, 0, 0)
    await studio.hear(partly.model_copy(update={"debit_id": uuid4()}))
    answer = (await studio.said(LinesDebited))[-1]
    assert (answer.lines, answer.settlement_revision) == ((), 1)
    assert await studio.said(DebitRefused) == []


@pytest.mark.rule("S5", "A5")
async def test_a_debit_is_planned_as_it_would_be_made_and_nothing_is_changed(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna, boris = uuid4(), uuid4()
    later = await studio.membership(anna)
    earlier = await studio.membership(
        boris, sessions=1, validity={"count": 1, "unit": "months"}, name="Shared"
    )
    await studio.share(earlier, anna)
    plan = tomorrow(studio.appointment(anna, spots=2))
    question = DebitQuestion(client_id=anna, appointments=(plan,)).model_dump(mode="json")
    asked = await http.post("/debit-plans", json=question, headers=as_(studio))
    answer = DebitPlan.model_validate(asked.json())
    assert [line.membership_id for line in answer.lines] == [earlier, later]
    shown = [(one.name, one.owner_client_id, one.available) for one in answer.lines[0].candidates]
    assert shown == [("Shared", boris, 1), ("Yoga", anna, 8)]
    assert [one.reason for one in answer.lines[1].candidates] == ["used_up", None]
    assert await studio.balances(earlier) == (0, 0, 0)
    await studio.hear(debit_of(plan))
    (debited,) = await studio.said(LinesDebited)
    assert [line.membership_id for line in debited.lines] == [earlier, later]


@pytest.mark.rule("S5")
async def test_debits_are_planned_for_the_staff_of_the_chain(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    plan = studio.appointment(uuid4())
    question = DebitQuestion(client_id=plan.client_id, appointments=(plan,)).model_dump(mode="json")
    stranger = as_(studio, studio.principal(Role.GATEWAY, chain_id=uuid4()))
    assert (await http.post("/debit-plans", json=question, headers=stranger)).status_code == 404
    widget = as_(studio, studio.principal(Role.WIDGET))
    assert (await http.post("/debit-plans", json=question, headers=widget)).status_code == 403
    answer = await http.post("/debit-plans", json=question, headers=as_(studio))
    assert answer.json() == {
        "lines": [{"line_id": str(plan.lines[0].line_id), "membership_id": None, "candidates": []}]
    }
