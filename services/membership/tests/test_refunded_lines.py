"""Lines are debited as far as sessions go, and given back when a sale is refunded (A10, A13)."""

from copy import deepcopy
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from membership.domain.debiting import Debited
from membership.domain.hold_requests import Line
from membership.domain.ledger import Entry
from membership.domain.undoing import LinesReversed

from .given import (
    AFTER,
    BEFORE,
    MASSAGE,
    TODAY,
    YOGA,
    a_line,
    a_membership,
    a_request,
    by_hand,
    cancelled,
    claimed,
    counts,
    lines_of_one,
    moved,
    refunded,
    rescheduled,
    start_of,
    tell,
    undone,
    wallets_of,
)
from .orders import decisions, end_of

ANNA = uuid4()
DAY = timedelta(days=1)


@pytest.mark.rule("A10")
def test_refunded_lines_go_back_to_the_buckets_that_paid_them_by_hand_or_automatically() -> None:
    earlier = a_membership(ANNA, sessions=1, expires_on=TODAY + 5 * DAY)
    later = a_membership(ANNA)
    lines = lines_of_one(YOGA, YOGA)
    wallets = wallets_of(earlier, later)
    debit = by_hand(ANNA, *lines, membership_id=later.membership_id)
    tell(wallets, debit._replace(line_ids=(lines[0].line_id,)))
    tell(wallets, start_of(ANNA, *lines))
    assert (counts(earlier)[0], counts(later)[0]) == (1, 1)
    *events, answer = tell(wallets, refunded(ANNA, *lines))
    entries = [event for event in events if isinstance(event, Entry)]
    assert {(entry.kind, entry.membership_id, entry.use and entry.use.automatic) for entry in
            entries} == {("reversed", later.membership_id, False),
                         ("reversed", earlier.membership_id, True)}  # fmt: skip
    settlement = wallets.settlements[lines[0].appointment_id]
    assert answer.line_ids == tuple(line.line_id for line in lines)
    assert (answer.settlement_revision, settlement.outcome) == (settlement.revision, "reversed")
    assert (counts(earlier)[0], counts(later)[0]) == (0, 0)


@pytest.mark.rule("A10")
def test_of_several_lines_those_are_given_back_that_are_refunded() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, start_of(ANNA, *lines))
    request = refunded(ANNA, *lines)._replace(line_ids=(lines[1].line_id,))
    tell(wallets, request)
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A10", "X3")
def test_a_refund_that_asks_again_is_answered_and_changes_nothing() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets, request = wallets_of(membership), refunded(ANNA, line)
    assert tell(wallets, request) == [LinesReversed(request, (), None)]
    tell(wallets, start_of(ANNA, line))
    tell(wallets, request)
    revision = wallets.settlements[line.appointment_id].revision
    assert tell(wallets, request) == [LinesReversed(request, (), revision)]
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("A10", "A16")
def test_a_line_that_is_refunded_before_its_start_is_planned_again() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    tell(wallets, by_hand(ANNA, line))
    tell(wallets, refunded(ANNA, line, at=BEFORE))
    assert counts(membership) == (0, 1, 0)
    tell(wallets, start_of(ANNA, line))
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A10", "A16")
def test_a_line_that_is_refunded_after_its_start_is_owed() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    tell(wallets, by_hand(ANNA, line))
    tell(wallets, refunded(ANNA, line, at=AFTER))
    tell(wallets, start_of(ANNA, line))  # it was late
    settlement = wallets.settlements[line.appointment_id]
    assert (settlement.outcome, settlement.shortfall) == ("reversed", 1)
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("A13")
def test_lines_are_debited_partly_as_far_as_there_are_sessions() -> None:
    membership, lines = a_membership(ANNA, sessions=2), lines_of_one(YOGA, YOGA, MASSAGE, YOGA)
    wallets = wallets_of(membership)
    answer = tell(wallets, by_hand(ANNA, *lines)._replace(partly=True))[-1]
    assert isinstance(answer, Debited)
    assert [line_id for line_id, _ in answer.paid_by] == [line.line_id for line in lines[:2]]
    settlement = wallets.settlements[lines[0].appointment_id]
    assert [line.line_id for line in settlement.lines] == [line.line_id for line in lines[:2]]


@pytest.mark.rule("A13", "A16")
def test_of_lines_that_are_paid_already_those_that_are_left_are_debited_partly() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, by_hand(ANNA, *lines)._replace(line_ids=(lines[0].line_id,)))
    tell(wallets, claimed(ANNA, lines[1]))
    answer = tell(wallets, by_hand(ANNA, *lines)._replace(partly=True))[-1]
    assert isinstance(answer, Debited)
    assert [line_id for line_id, _ in answer.paid_by] == [lines[2].line_id]
    assert counts(membership) == (2, 0, 0)


@pytest.mark.rule("A13")
def test_what_nothing_can_pay_is_debited_partly_by_saying_so() -> None:
    wallets, line = wallets_of(clients=(ANNA,)), a_line()
    request = by_hand(ANNA, line)._replace(partly=True)
    assert tell(wallets, request) == [Debited(request, (), None)]
    assert not wallets.changes.settlements


@pytest.mark.rule("S7", "X1")
def test_a_line_that_cannot_be_debited_keeps_the_session_that_is_held_for_it() -> None:
    earlier = a_membership(ANNA, sessions=1, expires_on=TODAY + 5 * DAY)
    chosen = a_membership(ANNA, sessions=1)
    lines = lines_of_one(YOGA, YOGA)
    wallets = wallets_of(earlier, chosen)
    tell(wallets, a_request(ANNA, *lines))
    request = by_hand(ANNA, *lines, membership_id=chosen.membership_id)._replace(partly=True)
    answer = tell(wallets, request)[-1]
    assert [paid_by for _, paid_by in answer.paid_by] == [chosen.membership_id]
    assert (counts(earlier), counts(chosen)) == ((0, 1, 0), (1, 0, 0))


@pytest.mark.rule("A13", "X1")
@given(
    sessions=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    spots=st.integers(1, 6),
    held=st.integers(0, 6),
    partly=st.booleans(),
)
def test_as_many_lines_are_debited_partly_as_sessions_allow_and_no_bucket_is_overdrawn(
    sessions: list[int], spots: int, held: int, *, partly: bool
) -> None:
    memberships = [a_membership(ANNA, sessions=count) for count in sessions]
    wallets = wallets_of(*memberships)
    others = lines_of_one(*[YOGA] * held)
    if held:
        tell(wallets, a_request(ANNA, *(line._replace(required=False) for line in others)))
    free = sum(sessions) - sum(counts(one)[1] for one in memberships)
    lines = lines_of_one(*[YOGA] * spots)
    tell(wallets, by_hand(ANNA, *lines)._replace(partly=partly))
    used = sum(counts(one)[0] for one in memberships)
    assert used == (min(free, spots) if partly or free >= spots else 0)
    assert all(bucket.free >= 0 for one in memberships for bucket in one.buckets)


def stories(line: Line) -> dict[str, list[object]]:
    """What may be said of a line that is debited, refunded, and more, beside hold and start."""
    early, late = refunded(ANNA, line, at=BEFORE), refunded(ANNA, line, at=AFTER)
    debit, later = by_hand(ANNA, line), moved(line)
    move, end = rescheduled(ANNA, *later), cancelled(ANNA, later[0])
    return {
        "refunded": [late],
        "refunded twice": [late, refunded(ANNA, line, at=AFTER)],
        "debited by hand and refunded before": [debit, early],
        "debited by hand and refunded after": [debit, late],
        "refunded and undone": [late, undone(ANNA, line, at=AFTER)],
        "refunded and claimed": [late, claimed(ANNA, line)],
        "refunded and moved": [late, move, start_of(ANNA, *later)],
        "debited by hand, refunded and moved": [debit, late, move, start_of(ANNA, *later)],
        "refunded and cancelled": [late, end],
        "debited by hand, refunded and cancelled": [debit, early, end],
        "moved, refunded and cancelled": [move, late, end],
    }


@pytest.mark.rule("A10", "A15", "A16")
@pytest.mark.parametrize("kind", list(stories(a_line())))
def test_refunds_end_in_the_same_state_in_whatever_order_the_facts_are_heard(kind: str) -> None:
    line, membership = a_line(), a_membership(ANNA, sessions=2)
    story = [a_request(ANNA, line), start_of(ANNA, line), *stories(line)[kind]]
    ends: dict[tuple[str, ...], Any] = {}
    for order in permutations(story):
        wallets = wallets_of(deepcopy(membership))
        said = decisions(wallets, order)
        end = end_of(wallets, line)
        assert ends.setdefault(said, end) == end, (kind, said)
        used, _, _ = end[-1][membership.membership_id]
        assert used <= 1, "a line is paid once"
        if "cancelled" in kind:
            assert end[-1][membership.membership_id] == (0, 0, 0)
