"""Undoing, claims and debits by hand on the real database: state, outbox, everything twice."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.membership import (
    AppointmentSettled,
    ClaimRefused,
    DebitRefused,
    LinesClaimed,
    LinesDebited,
)
from contracts.values import Appointment, VisitStatus
from membership import queries
from web import Role

from .studio import (
    Studio,
    cancellation_of,
    claim_of,
    debit_of,
    hold_of,
    moved,
    rescheduling_of,
    return_of,
    start_of,
    status_of,
    undoing_of,
)


@pytest.fixture(autouse=True)
async def every_bucket_equals_its_ledger(studio: Studio) -> object:
    yield
    assert await queries.inconsistent_buckets(studio.database.pool) == []


def tomorrow(plan: Appointment) -> Appointment:
    """The same appointment, begun tomorrow."""
    return plan.model_copy(update={"start": plan.start + timedelta(days=1)})


async def outcomes(studio: Studio) -> list[tuple[int, str]]:
    return [(one.revision, one.outcome) for one in await studio.said(AppointmentSettled)]


@pytest.mark.rule("A10")
async def test_undoing_a_debit_answers_with_the_settlement_and_is_done_once(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna, spots=2)
    await studio.hear(start_of(plan))
    undone = await studio.ask(undoing_of(plan, plan.lines[0]))
    assert (undone.status, undone.result["outcome"]) == (200, "not_debited")
    assert await studio.balances(membership_id) == (1, 0, 0)
    assert (await studio.ask(undoing_of(plan))).result["outcome"] == "reversed"
    assert await studio.balances(membership_id) == (0, 0, 0)
    assert (await studio.ask(undoing_of(plan))).status == 409
    assert await outcomes(studio) == [(1, "debited"), (2, "not_debited"), (3, "reversed")]


@pytest.mark.rule("A10")
async def test_only_staff_of_the_location_undoes_its_debits(studio: Studio) -> None:
    anna = uuid4()
    await studio.membership(anna)
    plan = studio.appointment(anna)
    await studio.hear(start_of(plan))
    widget = studio.principal(Role.WIDGET)
    assert (await studio.ask(undoing_of(plan), principal=widget)).status == 403
    elsewhere = undoing_of(plan.model_copy(update={"location_id": uuid4()}))
    assert (await studio.ask(elsewhere)).status == 404


@pytest.mark.rule("A13")
async def test_the_newest_visit_status_decides_about_a_debit_by_hand(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, auto_deduction=False)
    plan = tomorrow(studio.appointment(anna))
    heard: list[tuple[VisitStatus, int]] = [("pending", 1), ("no_show", 3), ("arrived", 2)]
    for status, revision in heard:
        await studio.hear(status_of(plan, status, revision))
    await studio.hear(debit_of(plan))
    (refused,) = await studio.said(DebitRefused)
    assert [(why.rule, why.reason) for why in refused.reasons] == [("A13", "visit_status")]
    await studio.hear(status_of(plan, "arrived", 4))
    await studio.hear(debit_of(plan))
    (debited,) = await studio.said(LinesDebited)
    assert [line.membership_id for line in debited.lines] == [membership_id]
    (settled,) = await studio.said(AppointmentSettled)
    assert (settled.outcome, settled.shortfall) == ("planned", 0)
    assert [(line.debited, line.automatic) for line in settled.lines] == [(True, False)]
    by_hand = await studio.database.pool.fetchval(
        "SELECT NOT automatic FROM ledger WHERE kind = 'debited'"
    )
    assert by_hand, "S3: automatic or by hand"


@pytest.mark.rule("A6", "A7")
async def test_whatever_status_people_set_the_start_debits_and_says_nothing_of_it(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plans = [studio.appointment(anna) for _ in range(4)]
    every_status: tuple[VisitStatus, ...] = ("pending", "confirmed", "arrived", "no_show")
    for plan, status in zip(plans, every_status, strict=True):
        await studio.hear(hold_of(plan), status_of(plan, status), start_of(plan))
    assert await studio.balances(membership_id) == (4, 0, 0)


@pytest.mark.rule("A13", "A15")
async def test_what_was_debited_by_hand_is_not_debited_by_the_start(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna, spots=2)
    await studio.hear(hold_of(plan), debit_of(plan, plan.lines[0]))
    assert await studio.balances(membership_id) == (1, 1, 0)
    await studio.hear(start_of(plan))
    assert await studio.balances(membership_id) == (2, 0, 0)
    assert await outcomes(studio) == [(1, "planned"), (2, "debited")]


@pytest.mark.rule("A10", "A13")
async def test_a_debit_by_hand_undone_before_the_start_is_held_again(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = tomorrow(studio.appointment(anna))
    await studio.hear(debit_of(plan))
    undone = await studio.ask(undoing_of(plan))
    assert (undone.result["outcome"], undone.result["lines"]) == ("planned", [])
    assert await studio.balances(membership_id) == (0, 1, 0)


@pytest.mark.rule("A16")
async def test_the_start_skips_a_claimed_line_and_a_debited_one_is_not_claimed(
    studio: Studio,
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna, spots=2)
    await studio.hear(hold_of(plan), claim_of(plan, plan.lines[0]))
    assert await studio.balances(membership_id) == (0, 1, 0)
    await studio.hear(start_of(plan))
    await studio.hear(claim_of(plan))
    assert await studio.balances(membership_id) == (1, 0, 0)
    assert len(await studio.said(LinesClaimed)) == 1
    (refused,) = await studio.said(ClaimRefused)
    assert set(refused.debited_line_ids) == {line.line_id for line in plan.lines}
    planned, settled = await studio.said(AppointmentSettled)
    assert [(line.debited, line.reason) for line in planned.lines] == [(False, "claimed")]
    assert [(line.debited, line.reason) for line in settled.lines] == [
        (False, "claimed"),
        (True, None),
    ]


@pytest.mark.rule("A16", "G11")
async def test_a_returned_claim_is_held_for_the_plan_in_force(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = tomorrow(studio.appointment(anna))
    claim, later = claim_of(plan), moved(plan)
    await studio.hear(hold_of(plan))
    await studio.hear(claim)
    await studio.hear(rescheduling_of(plan, later))
    assert await studio.balances(membership_id) == (0, 0, 0)
    await studio.hear(return_of(claim, plan))
    assert await studio.balances(membership_id) == (0, 1, 0)
    held = await studio.database.pool.fetchrow(
        "SELECT revision, starts_at FROM holds WHERE state = 'held'"
    )
    assert held is not None
    assert (held["revision"], held["starts_at"]) == (later.revision, later.start)


@pytest.mark.rule("A16")
async def test_a_claim_returned_after_the_start_leaves_the_line_owed(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna)
    claim = claim_of(plan)
    await studio.hear(claim, start_of(plan))
    await studio.hear(return_of(claim, plan))
    assert await studio.balances(membership_id) == (0, 0, 0)
    last = (await studio.said(AppointmentSettled))[-1]
    assert (last.shortfall, last.lines[0].reason) == (1, "claim_returned")


@pytest.mark.rule("A10", "A15")
async def test_a_cancellation_reverses_debits_by_hand_too(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna)
    await studio.hear(debit_of(plan))
    await studio.hear(cancellation_of(plan))
    await studio.hear(debit_of(plan))
    assert await studio.balances(membership_id) == (0, 0, 0)
    (refused,) = await studio.said(DebitRefused)
    assert [why.reason for why in refused.reasons] == ["cancelled"]
    assert (await outcomes(studio))[-1] == (2, "reversed")
