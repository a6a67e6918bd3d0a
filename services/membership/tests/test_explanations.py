"""Why an appointment was debited as it was, from what is stored."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.membership import FreezeMembership
from contracts.membership_views import Explanation
from contracts.values import Appointment
from membership import queries
from membership.api.reading import snapshot

from .studio import (
    Studio,
    cancellation_of,
    claim_of,
    debit_of,
    hold_of,
    start_of,
    undoing_of,
)


async def explained(studio: Studio, plan: Appointment) -> Explanation:
    async with snapshot(studio.database) as connection:
        found = await queries.explain(connection, plan.appointment_id)
    assert found is not None
    assert (found.chain_id, found.location_id) == (studio.chain_id, studio.location_id)
    return found.explanation


async def freeze(studio: Studio, membership_id: UUID) -> None:
    command = FreezeMembership(membership_id=membership_id, chain_id=studio.chain_id)
    assert (await studio.ask(command)).status == 200


def soon(plan: Appointment) -> Appointment:
    return plan.model_copy(update={"start": datetime.now(UTC) + timedelta(hours=1)})


@pytest.mark.rule("A5", "A13", "A14")
async def test_each_membership_is_judged_in_the_order_of_debiting_as_it_was_then(
    studio: Studio,
) -> None:
    anna, ben = uuid4(), uuid4()
    month, year = {"count": 1, "unit": "months"}, {"count": 1, "unit": "years"}
    frozen = await studio.membership(anna, name="Frozen", validity={"count": 1, "unit": "days"})
    by_hand = await studio.membership(anna, name="By hand", validity=month, auto_deduction=False)
    shared = await studio.membership(ben, name="Shared", validity=year)
    never = await studio.membership(anna, name="For ever")
    await studio.share(shared, anna)
    await freeze(studio, frozen)
    plan = soon(studio.appointment(anna))
    await studio.hear(start_of(plan))
    await freeze(studio, shared)  # what comes later changes nothing of what was judged
    explanation = await explained(studio, plan)
    (line,) = explanation.lines
    assert (line.outcome, line.membership_id) == ("debited", shared)
    assert line.summary.startswith("Debited from “Shared”")
    verdicts = [(one.membership_id, one.own, one.rule, one.reason) for one in line.verdicts]
    assert verdicts == [
        (frozen, True, "A14", "frozen"),
        (by_hand, True, "A13", "no_auto_deduction"),
        (shared, False, "A5", None),
        (never, True, "A5", None),
    ]
    text = queries.as_text(explanation)
    assert "A14  frozen" in text
    assert next(row for row in text.splitlines() if row.endswith(" pays")).startswith("  Shared")


@pytest.mark.rule("A8")
async def test_of_two_spots_and_one_session_the_second_says_that_none_is_left(
    studio: Studio,
) -> None:
    anna = uuid4()
    await studio.membership(anna, sessions=1)
    plan = studio.appointment(anna, spots=2)
    await studio.hear(start_of(plan))
    explanation = await explained(studio, plan)
    assert explanation.outcome == "not_debited"
    assert [line.outcome for line in explanation.lines] == ["debited", "not_debited"]
    assert explanation.lines[1].summary == "Not debited: no session is left (rule G5)."


@pytest.mark.rule("A14")
async def test_without_a_membership_the_explanation_says_so(studio: Studio) -> None:
    plan = studio.appointment(uuid4())
    await studio.hear(start_of(plan))
    (line,) = (await explained(studio, plan)).lines
    assert line.summary == "Not debited: the client has no membership (rule G5)."


@pytest.mark.rule("A16", "A10", "A13")
async def test_claims_debits_by_hand_and_undone_debits_are_explained(studio: Studio) -> None:
    anna = uuid4()
    await studio.membership(anna)
    plan = soon(studio.appointment(anna, spots=3))
    claimed, by_hand, undone = plan.lines
    await studio.hear(hold_of(plan))
    await studio.hear(claim_of(plan, claimed), debit_of(plan, by_hand))
    before = {line.line_id: line.outcome for line in (await explained(studio, plan)).lines}
    assert before == {
        claimed.line_id: "claimed",
        by_hand.line_id: "debited",
        undone.line_id: "planned",
    }
    late = plan.model_copy(update={"start": datetime.now(UTC)})
    await studio.hear(start_of(late))
    await studio.ask(undoing_of(late, undone))
    after = {line.line_id: line for line in (await explained(studio, plan)).lines}
    assert after[claimed.line_id].summary == "Money pays it, so no session does (rule A16)."
    assert after[by_hand.line_id].summary.startswith("Debited by hand from “Yoga”")
    assert after[undone.line_id].outcome == "reversed"


@pytest.mark.rule("A4")
async def test_before_its_start_an_appointment_is_judged_as_of_now(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = soon(studio.appointment(anna))
    await studio.hear(hold_of(plan))
    (line,) = (await explained(studio, plan)).lines
    assert (line.outcome, line.membership_id) == ("planned", membership_id)
    assert line.summary.startswith("“Yoga” holds a session for it")
    assert [one.pays for one in line.verdicts] == [True]
    await studio.hear(cancellation_of(plan))
    explanation = await explained(studio, plan)
    assert (explanation.outcome, explanation.lines[0].outcome) == ("none", "none")


async def test_of_what_was_never_held_there_is_no_explanation(studio: Studio) -> None:
    async with snapshot(studio.database) as connection:
        assert await queries.explain(connection, uuid4()) is None
