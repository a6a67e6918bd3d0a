"""Another time for an appointment, as sentences: rules G11 and A15."""

from copy import deepcopy
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from membership.domain.appointments import HoldMoved
from membership.domain.hold_requests import Line
from membership.domain.holding import HoldsPlaced, HoldsRefused, hold_sessions
from membership.domain.memberships import Gate, Membership
from membership.domain.settlements import Settlement
from membership.domain.settling import Start, settle
from membership.domain.wallets import Wallets

from .given import (
    LATER,
    MASSAGE,
    NOW,
    START,
    TODAY,
    YOGA,
    a_line,
    a_membership,
    a_request,
    cancelled,
    counts,
    lines_of_one,
    moved,
    reschedule_refused,
    rescheduled,
    start_of,
    tell,
    wallets_of,
)

ANNA = uuid4()
DAY = timedelta(days=1)
STRICT = Gate(valid_on_visit_day=True)


def story(kind: str, lines: tuple[Line, ...]) -> list[object]:
    """What is said of an appointment that asks for another time, in the usual order."""
    later = moved(*lines)
    asked = a_request(ANNA, *later, reschedule_id=uuid4())
    begin = [a_request(ANNA, *lines), start_of(ANNA, *lines), asked]
    match kind:
        case "refused":
            return [*begin, reschedule_refused(asked)]
        case "refused, then cancelled":
            return [*begin, reschedule_refused(asked), cancelled(ANNA, lines[0])]
        case "accepted, then cancelled":
            end = cancelled(ANNA, later[0])
            return [*begin, rescheduled(ANNA, *later), start_of(ANNA, *later), end]
        case "accepted, then charged":
            end = cancelled(ANNA, later[0], charge=True)
            return [*begin, rescheduled(ANNA, *later), start_of(ANNA, *later), end]
        case _:
            return [*begin, rescheduled(ANNA, *later), start_of(ANNA, *later)]


def state(wallets: Wallets) -> Any:
    """Everything that is to be the same: what is held until when, and what was settled."""
    wallet = wallets.by_client[ANNA]
    holds = {
        hold.line_id: (hold.revision, hold.starts_at, hold.reschedule_id, hold.bucket_id)
        for hold in wallet.holds.values()
    }
    settled = {
        id_: (one.outcome, one.appointment_revision if one.outcome == "debited" else None)
        for id_, one in wallets.settlements.items()
        if one.outcome != "reversed"
    }
    return holds, settled, {one: counts(m) for one, m in wallet.memberships.items()}


def ends_of(kind: str, lines: tuple[Line, ...], *memberships: Membership) -> list[Any]:
    """Tell the story in every order, every message twice; return the states that it ends in."""
    ends: list[Any] = []
    for order in permutations(story(kind, lines)):
        wallets = wallets_of(*deepcopy(memberships))
        for message in order:
            for _ in range(2):
                tell(wallets, message)
                assert all(b.free >= 0 for b in wallets.by_client[ANNA].buckets.values())
        if (end := state(wallets)) not in ends:
            ends.append(end)
    return ends


@pytest.mark.rule("A15", "G11")
@pytest.mark.parametrize("automatic", [False, True])
@pytest.mark.parametrize(
    ("kind", "sessions"),
    [
        ("accepted", 1),
        ("refused", 1),
        ("accepted, then cancelled", 0),
        ("accepted, then charged", 1),
        ("refused, then cancelled", 0),
    ],
)
def test_whatever_order_a_reschedule_is_heard_in_it_ends_in_one_state(
    kind: str, sessions: int, *, automatic: bool
) -> None:
    membership = a_membership(ANNA, sessions=1)
    ((_, _, used),) = ends_of(kind, (a_line(automatic_debiting=automatic),), membership)
    assert used[membership.membership_id] == ((sessions, 0, 0) if automatic else (0, sessions, 0))


@pytest.mark.rule("A15", "G11", "A5")
@pytest.mark.parametrize("kind", ["accepted", "refused", "accepted, then cancelled"])
def test_lines_of_several_memberships_end_in_one_state_too(kind: str) -> None:
    yoga = a_membership(ANNA, sessions=1, expires_on=TODAY + 9 * DAY)
    both = a_membership(ANNA, sessions=2, services=(YOGA, MASSAGE))
    by_hand, *automatic = lines_of_one(MASSAGE, YOGA, YOGA)
    lines = (by_hand._replace(automatic_debiting=False), *automatic)
    ((holds, settled, _),) = ends_of(kind, lines, yoga, both)
    stands = kind != "accepted, then cancelled"
    assert (len(holds), len(settled)) == ((1, 1) if stands else (0, 0))


@pytest.mark.rule("G11")
def test_a_line_that_needs_a_session_at_the_new_time_alone_holds_it_until_that_is_decided() -> None:
    for accepted in (True, False):
        membership, line = a_membership(ANNA), a_line()
        later = moved(line)
        asked = a_request(ANNA, *later, reschedule_id=uuid4())
        decision = rescheduled(ANNA, *later) if accepted else reschedule_refused(asked)
        for order in permutations([asked, decision]):
            wallets = wallets_of(membership)
            for message in order:
                tell(wallets, message)
            assert counts(membership) == ((0, 1, 0) if accepted else (0, 0, 0))
            membership.buckets[0].held = 0


@pytest.mark.rule("G11")
def test_what_the_lines_hold_counts_as_theirs_when_they_ask_for_another_time() -> None:
    membership, lines = a_membership(ANNA, sessions=2), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, *lines))
    asked = a_request(ANNA, *moved(*lines), reschedule_id=uuid4())
    answer = hold_sessions(wallets, asked)
    assert isinstance(answer, HoldsPlaced)
    assert answer.reschedule_id == asked.reschedule_id
    assert counts(membership) == (0, 2, 0)


@pytest.mark.rule("G11", "G5")
def test_a_time_that_no_membership_covers_is_refused_and_the_old_hold_stays() -> None:
    membership = a_membership(ANNA, expires_on=TODAY + 4 * DAY, gate=STRICT)
    wallets, line = wallets_of(membership), a_line()
    hold_sessions(wallets, a_request(ANNA, line))
    before = state(wallets)
    answer = hold_sessions(wallets, a_request(ANNA, *moved(line), reschedule_id=uuid4()))
    assert isinstance(answer, HoldsRefused)
    assert [why.reason for why in answer.reasons] == ["expires_too_early"]
    assert state(wallets) == before


@pytest.mark.rule("G11", "G6")
def test_the_hold_moves_to_the_membership_that_is_valid_at_the_new_time() -> None:
    early = a_membership(ANNA, expires_on=TODAY + 4 * DAY, gate=STRICT)
    late = a_membership(ANNA)
    wallets, line = wallets_of(early, late), a_line(automatic_debiting=False)
    hold_sessions(wallets, a_request(ANNA, line))
    assert (counts(early), counts(late)) == ((0, 1, 0), (0, 0, 0))
    later = moved(line)
    answer = hold_sessions(wallets, a_request(ANNA, *later, reschedule_id=uuid4()))
    assert isinstance(answer, HoldsPlaced)
    assert [hold.membership_id for hold in answer.moved] == [late.membership_id]
    tell(wallets, rescheduled(ANNA, *later))
    assert (counts(early), counts(late)) == ((0, 0, 0), (0, 1, 0))


@pytest.mark.rule("G11", "X6")
def test_an_optional_line_without_a_place_at_the_new_time_keeps_its_session() -> None:
    early = a_membership(ANNA, sessions=1, expires_on=TODAY + 4 * DAY, gate=STRICT)
    wallets, line = wallets_of(early), a_line(required=False)
    hold_sessions(wallets, a_request(ANNA, line))
    other = a_line(appointment_id=line.appointment_id, required=False)
    asked = a_request(ANNA, *moved(line, other), reschedule_id=uuid4())
    assert isinstance(hold_sessions(wallets, asked), HoldsPlaced)
    assert counts(early) == (0, 1, 0)
    assert list(wallets.by_client[ANNA].holds) == [line.line_id]


@pytest.mark.rule("G11", "A17")
def test_a_line_that_needs_no_session_any_more_gives_it_back_when_that_is_accepted() -> None:
    membership = a_membership(ANNA)
    wallets, (kept, freed) = wallets_of(membership), lines_of_one(YOGA, YOGA)
    hold_sessions(wallets, a_request(ANNA, kept, freed))
    asked = a_request(ANNA, *moved(kept), reschedule_id=uuid4())
    hold_sessions(wallets, asked)
    assert counts(membership) == (0, 2, 0), "the old time is in force"
    tell(wallets, rescheduled(ANNA, *moved(kept)))
    assert counts(membership) == (0, 1, 0)
    (hold,) = wallets.by_client[ANNA].holds.values()
    assert (hold.line_id, hold.revision, hold.starts_at) == (kept.line_id, 2, LATER)


@pytest.mark.rule("G11", "A15")
def test_a_debit_of_the_old_start_comes_back_and_is_held_for_the_new_one() -> None:
    membership, line = a_membership(ANNA, sessions=1), a_line()
    wallets = wallets_of(membership)
    settle(wallets, start_of(ANNA, line), START)
    events = tell(wallets, rescheduled(ANNA, *moved(line), at=NOW))
    outcomes = [event.outcome for event in events if isinstance(event, Settlement)]
    said = [event.membership_id for event in events if isinstance(event, HoldMoved)]
    assert (outcomes, said) == (["reversed", "planned"], [membership.membership_id])
    assert counts(membership) == (0, 1, 0)
    assert settle(wallets, start_of(ANNA, line), START) == [], "the old start never fires"
    (*_, settlement) = settle(wallets, start_of(ANNA, *moved(line)), LATER)
    assert isinstance(settlement, Settlement)
    assert (settlement.revision, settlement.appointment_revision) == (4, 2)
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A10", "G11")
def test_an_event_that_is_moved_takes_its_holds_along_without_asking() -> None:
    membership, line = a_membership(ANNA, expires_on=TODAY + 4 * DAY, gate=STRICT), a_line()
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, line))
    tell(wallets, rescheduled(ANNA, *moved(line)))
    (hold,) = wallets.by_client[ANNA].holds.values()
    assert (hold.revision, hold.starts_at) == (2, LATER)
    assert counts(membership) == (0, 1, 0)


@pytest.mark.rule("G11", "A16")
def test_an_appointment_paid_online_instead_holds_nothing_and_its_start_debits_nothing() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, line))
    paid = rescheduled(ANNA, *moved(line))
    lines = tuple(one._replace(paid_online=True) for one in paid.plan.lines)
    paid = paid._replace(plan=paid.plan._replace(lines=lines))
    tell(wallets, paid)
    assert settle(wallets, Start(paid.plan, NOW), LATER) == []
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("G11", "A15")
def test_a_first_request_that_comes_after_the_move_holds_nothing_for_lines_that_are_gone() -> None:
    membership, line = a_membership(ANNA), a_line()
    move = rescheduled(ANNA, *moved(line))
    move = move._replace(plan=move.plan._replace(lines=()))
    for order in permutations([a_request(ANNA, line), move]):
        wallets = wallets_of(membership)
        for message in order:
            tell(wallets, message)
        assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("G11", "A15")
def test_an_old_start_that_comes_after_the_move_debits_nothing() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    tell(wallets, rescheduled(ANNA, *moved(line)))
    assert settle(wallets, start_of(ANNA, line), START) == []
    assert counts(membership) == (0, 1, 0)


@pytest.mark.rule("G11", "X1")
def test_a_line_that_stays_where_it_is_held_leaves_its_session_to_no_other() -> None:
    sports, wellness = uuid4(), uuid4()
    membership = a_membership(ANNA, sessions=1, services=(), categories=(sports,))
    wallets, line = wallets_of(membership), a_line(required=False, category_id=sports)
    hold_sessions(wallets, a_request(ANNA, line))
    recategorized = line._replace(category_id=wellness)
    other = a_line(appointment_id=line.appointment_id, required=False, category_id=sports)
    asked = a_request(ANNA, *moved(recategorized, other), reschedule_id=uuid4())
    assert isinstance(hold_sessions(wallets, asked), HoldsPlaced)
    assert list(wallets.by_client[ANNA].holds) == [line.line_id]
    assert counts(membership) == (0, 1, 0)


@pytest.mark.rule("G11", "A15")
def test_the_last_session_that_the_old_start_debited_lets_the_line_ask_for_another_time() -> None:
    membership, line = a_membership(ANNA, sessions=1), a_line()
    wallets = wallets_of(membership)
    settle(wallets, start_of(ANNA, line), START)
    answer = hold_sessions(wallets, a_request(ANNA, *moved(line), reschedule_id=uuid4()))
    assert isinstance(answer, HoldsPlaced)
    assert answer.carried == ((line.line_id, membership.membership_id),)
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("G11", "A15")
def test_of_two_moves_the_newer_counts_whichever_is_heard_first() -> None:
    membership, line = a_membership(ANNA), a_line()
    second = moved(line)
    third = moved(line, to=LATER + DAY, revision=3)
    for order in permutations([rescheduled(ANNA, *second), rescheduled(ANNA, *third)]):
        wallets = wallets_of(deepcopy(membership))
        for message in order:
            tell(wallets, message)
        (hold,) = wallets.by_client[ANNA].holds.values()
        assert (hold.revision, hold.starts_at) == (3, LATER + DAY)
