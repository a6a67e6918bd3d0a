"""What is said of lines before their start: which are claimed, and which are held (A3, A16)."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.membership import AppointmentSettled, HoldMoved
from contracts.values import Appointment
from membership import queries
from membership.domain.appointments import HoldMoved as Carried
from membership.domain.hold_requests import Line
from membership.domain.settlements import Settlement
from membership.domain.wallets import Wallets

from .given import (
    BEFORE,
    START,
    YOGA,
    a_line,
    a_membership,
    a_request,
    by_hand,
    claimed,
    lines_of_one,
    moved,
    rescheduled,
    returned,
    start_of,
    tell,
    undone,
    wallets_of,
)
from .studio import (
    Studio,
    claim_of,
    debit_of,
    hold_of,
    rescheduling_of,
    return_of,
    undoing_of,
)
from .studio import moved as later_plan
from .studio import start_of as start_of_plan

ANNA = uuid4()
_FREEZE = "UPDATE memberships SET not_while_frozen = true, state = 'frozen', frozen_at = now()"


def said_by(events: Sequence[Any]) -> list[tuple[int, str, list[str | None]]]:
    return [
        (one.revision, one.outcome, [line.reason for line in one.lines])
        for one in events
        if isinstance(one, Settlement)
    ]


@pytest.mark.rule("A3", "A16")
def test_a_claim_before_the_start_is_said_as_planned_and_lists_what_is_claimed() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, a_request(ANNA, *lines))
    claim = claimed(ANNA, *lines)._replace(line_ids=(lines[0].line_id,))
    events = tell(wallets, claim)
    assert said_by(events) == [(1, "planned", ["claimed"])]
    settlement = wallets.settlements[lines[0].appointment_id]
    assert (settlement.shortfall, settlement.lines[0].line_id) == (0, lines[0].line_id)
    assert wallets.held_of(settlement) == [(lines[1].line_id, membership.membership_id)]


@pytest.mark.rule("A16")
def test_a_return_before_the_start_is_said_as_planned_and_lists_it_no_more() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets, claim = wallets_of(membership), claimed(ANNA, line)
    for message in (a_request(ANNA, line), claim):
        tell(wallets, message)
    events = tell(wallets, returned(claim, line, at=BEFORE))
    assert said_by(events) == [(2, "planned", [])]
    held = [(line.line_id, membership.membership_id)]
    assert wallets.held_of(wallets.settlements[line.appointment_id]) == held


@pytest.mark.rule("A16", "X6")
def test_a_claim_after_the_start_of_a_line_that_nobody_debits_by_itself_says_what_is_held() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    lines = (lines[0], lines[1]._replace(automatic_debiting=False))
    wallets = wallets_of(membership)
    for message in (a_request(ANNA, *lines), start_of(ANNA, *lines)):
        tell(wallets, message)
    claim = claimed(ANNA, *lines)._replace(line_ids=(lines[1].line_id,))
    assert said_by(tell(wallets, claim)) == [(2, "debited", [None])]
    assert wallets.held_of(wallets.settlements[lines[0].appointment_id]) == []


@pytest.mark.rule("A15", "A16", "X6")
@pytest.mark.parametrize("starts_first", [False, True])
def test_a_line_that_nobody_debits_by_itself_is_held_again_though_others_began_meanwhile(
    *, starts_first: bool
) -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    lines = (lines[0], lines[1]._replace(automatic_debiting=False))
    wallets = wallets_of(membership)
    claim = claimed(ANNA, *lines)._replace(line_ids=(lines[1].line_id,))
    begins, back = start_of(ANNA, *lines), returned(claim, *lines, at=BEFORE)
    said = (begins, back) if starts_first else (back, begins)
    for message in (a_request(ANNA, *lines), claim, *said):
        tell(wallets, message)
    settlement = wallets.settlements[lines[0].appointment_id]
    assert (settlement.outcome, len(settlement.debited)) == ("debited", 1)
    assert wallets.held_of(settlement) == [(lines[1].line_id, membership.membership_id)]


@pytest.mark.rule("A15", "A16")
def test_a_start_is_settled_though_a_claim_told_of_the_revision_of_its_charged_cancellation() -> (
    None
):
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    plan = tuple(line._replace(revision=2) for line in lines)
    claim = claimed(ANNA, *plan)._replace(line_ids=(lines[0].line_id,))
    for message in (a_request(ANNA, *lines), claim, start_of(ANNA, *lines)):
        tell(wallets, message)
    settlement = wallets.settlements[lines[0].appointment_id]
    assert (settlement.outcome, len(settlement.debited)) == ("debited", 1)


def stories(line: Line) -> dict[str, list[object]]:
    """What may be said of an appointment that has not begun, beside its hold."""
    later, claim = moved(line), claimed(ANNA, line)
    move, debit = rescheduled(ANNA, *later), by_hand(ANNA, line)
    return {
        "claimed": [claim],
        "claimed and returned": [claim, returned(claim, line)],
        "claimed and moved": [claim, move],
        "claimed, returned and moved": [claim, returned(claim, line), move],
        "claimed as moved": [claimed(ANNA, *later), move],
        "debited and undone": [debit, undone(ANNA, line, at=BEFORE)],
        "debited, undone and moved": [debit, undone(ANNA, line, at=BEFORE), move],
    }


def shown_by(wallets: Wallets, messages: Sequence[object], line: Line) -> Any:
    """Return what a hearer ends with who knows how holds and settlements follow each other."""
    carrier: UUID | None = None
    as_of = 0
    claims: set[UUID] = set()
    for message in messages:
        before = set(wallets.by_client[ANNA].holds)
        events = tell(wallets, message) if not _is_refused(wallets, message) else []
        if not events and line.line_id in set(wallets.by_client[ANNA].holds) - before:
            carrier = _holder(wallets, line)  # the answer to the request says so
        for event in events:
            if isinstance(event, Carried) and event.settlement_revision >= as_of:
                carrier, as_of = event.membership_id, event.settlement_revision
            if isinstance(event, Settlement):
                held = dict(wallets.held_of(event))
                carrier, as_of = held.get(line.line_id), event.revision
                claims = {one.line_id for one in event.lines if one.reason == "claimed"}
                debits = {one.line_id: one.membership_id for one in event.debited}
                carrier = debits.get(line.line_id, carrier)
    return carrier, claims


def _is_refused(wallets: Wallets, message: object) -> bool:
    """Whether a debit is undone that is not there."""
    is_undo = hasattr(message, "line_ids") and hasattr(message, "at")
    settlement = wallets.settlements.get(getattr(message, "appointment_id", uuid4()))
    return is_undo and not (settlement and settlement.debited)


def _holder(wallets: Wallets, line: Line) -> UUID | None:
    wallet = wallets.by_client[ANNA]
    hold = wallet.holds.get(line.line_id)
    return wallet.buckets[hold.bucket_id].membership_id if hold else None


@pytest.mark.rule("A3", "A15", "A16")
@pytest.mark.parametrize("kind", list(stories(a_line())))
@pytest.mark.parametrize("sessions", [1, 2])
def test_in_every_order_what_was_said_is_what_is_held_and_claimed(kind: str, sessions: int) -> None:
    line, membership = a_line(required=False), a_membership(ANNA, sessions=sessions)
    other = a_request(ANNA, a_line(required=False, starts_at=START - timedelta(hours=3)))
    for order in permutations([a_request(ANNA, line), *stories(line)[kind], other]):
        wallets = wallets_of(deepcopy(membership))
        carrier, claims = shown_by(wallets, order, line)
        settlement = wallets.settlements.get(line.appointment_id)
        paid = settlement.line(line.line_id) if settlement else None
        carries = paid.membership_id if paid and paid.is_debited else _holder(wallets, line)
        assert carrier == carries, (kind, order)
        assert claims == wallets.claimed_lines(line.appointment_id), (kind, order)


@pytest.mark.rule("A15", "A16")
def test_what_moves_for_another_booking_tells_which_settlement_it_came_after() -> None:
    membership, line = a_membership(ANNA, sessions=1), a_line()
    wallets, claim = wallets_of(membership), claimed(ANNA, line)
    for message in (a_request(ANNA, line), claim, returned(claim, line)):
        tell(wallets, message)
    hold = wallets.by_client[ANNA].holds[line.line_id]
    assert wallets.by_client[ANNA].carried(hold).settlement_revision == 2


def tomorrow(plan: Appointment) -> Appointment:
    return plan.model_copy(update={"start": plan.start + timedelta(days=1)})


async def last_said(studio: Studio, plan: Appointment) -> AppointmentSettled:
    said = await studio.said(AppointmentSettled)
    return [one for one in said if one.appointment_id == plan.appointment_id][-1]


@pytest.mark.rule("A3", "A16")
async def test_a_claim_and_its_return_are_told_with_what_holds_sessions(studio: Studio) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = tomorrow(studio.appointment(anna, spots=2))
    claim = claim_of(plan, plan.lines[0])
    await studio.hear(hold_of(plan))
    await studio.hear(claim)
    told = await last_said(studio, plan)
    assert (told.revision, told.outcome, told.shortfall) == (1, "planned", 0)
    assert [(line.line_id, line.debited, line.reason) for line in told.lines] == [
        (plan.lines[0].line_id, False, "claimed")
    ]
    assert told.held is not None
    assert [line.line_id for line in told.held] == [plan.lines[1].line_id]
    await studio.hear(return_of(claim, plan))
    told = await last_said(studio, plan)
    assert (told.revision, told.outcome, told.lines) == (2, "planned", ())
    assert told.held is not None
    assert {(line.line_id, line.membership_id) for line in told.held} == {
        (line.line_id, membership_id) for line in plan.lines
    }
    *_, carried = await studio.said(HoldMoved)
    assert carried.settlement_revision == 1
    assert await queries.inconsistent_buckets(studio.database.pool) == []


@pytest.mark.rule("A10", "A16")
@pytest.mark.parametrize("kind", ["claimed", "debited by hand"])
async def test_what_finds_no_session_again_is_told_as_held_by_none(
    studio: Studio, kind: str
) -> None:
    anna = uuid4()
    await studio.membership(anna, sessions=1)
    plan, other = (tomorrow(studio.appointment(anna)) for _ in range(2))
    claim = claim_of(plan)
    await studio.hear(hold_of(plan))
    if kind == "claimed":
        await studio.hear(claim, hold_of(other))
        await studio.hear(return_of(claim, plan))
    else:
        await studio.hear(debit_of(plan))
        await studio.database.pool.execute(_FREEZE)
        await studio.ask(undoing_of(plan))
    told = await last_said(studio, plan)
    assert (told.outcome, told.lines, told.held) == ("planned", (), ())


@pytest.mark.rule("A15", "G11")
async def test_a_debit_of_an_old_start_that_finds_no_session_at_the_new_one_is_told_so(
    studio: Studio,
) -> None:
    anna = uuid4()
    await studio.membership(anna, sessions=1)
    plan = studio.appointment(anna)
    await studio.hear(hold_of(plan), start_of_plan(plan))
    await studio.database.pool.execute(_FREEZE)
    later = later_plan(plan)
    await studio.hear(rescheduling_of(plan, later))
    told = await last_said(studio, plan)
    assert (told.outcome, told.appointment_revision, told.held) == ("planned", later.revision, ())
