"""What could pay lines of a sale, as sentences (rules S5, A5, A13)."""

from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from membership.domain.debit_plans import DebitQuestion, PlannedDebit, plan_debits
from membership.domain.debiting import NotDebited
from membership.domain.hold_requests import Line
from membership.domain.memberships import Membership
from membership.domain.wallets import Wallets

from .given import (
    MASSAGE,
    NOW,
    TODAY,
    YOGA,
    a_line,
    a_membership,
    a_request,
    by_hand,
    claimed,
    lines_of_one,
    plan_of,
    start_of,
    tell,
    wallets_of,
)

ANNA = uuid4()
BORIS = uuid4()
DAY = timedelta(days=1)


def planned(wallets: Wallets, *appointments: tuple[Line, ...], **asked: Any) -> list[PlannedDebit]:
    """Ask about appointments of one client, without a change of anything."""
    plans = tuple(plan_of(ANNA, *lines) for lines in appointments)
    return plan_debits(deepcopy(wallets), DebitQuestion(plans, **asked), NOW)


def payers(plan: list[PlannedDebit]) -> list[UUID | None]:
    return [line.membership_id for line in plan]


def reasons(planned: PlannedDebit) -> dict[UUID, str | None]:
    return {one.membership.membership_id: one.reason for one in planned.candidates}


@pytest.mark.rule("S5", "A5")
def test_the_first_membership_in_the_order_of_debits_pays_and_all_in_reach_are_candidates() -> None:
    shared = a_membership(BORIS, shared=(ANNA,), expires_on=TODAY + 5 * DAY)
    own = a_membership(ANNA, expires_on=TODAY + 5 * DAY)
    endless = a_membership(ANNA, expires_on=None)
    others = a_membership(BORIS)
    (line,) = planned(wallets_of(endless, shared, own, others), (a_line(),))
    assert line.membership_id == own.membership_id
    in_order = [own.membership_id, shared.membership_id, endless.membership_id]
    assert [one.membership.membership_id for one in line.candidates] == in_order
    assert set(reasons(line).values()) == {None}


@pytest.mark.rule("S5")
def test_line_after_line_takes_its_session_over_all_appointments_that_are_asked_about() -> None:
    first = a_membership(ANNA, sessions=3, expires_on=TODAY + 5 * DAY)
    second = a_membership(ANNA, sessions=1)
    one, other = lines_of_one(YOGA, YOGA), lines_of_one(YOGA, YOGA, YOGA)
    plan = planned(wallets_of(first, second), one, other)
    ids = first.membership_id, second.membership_id
    assert payers(plan) == [ids[0], ids[0], ids[0], ids[1], None]
    left = [[candidate.available for candidate in line.candidates] for line in plan]
    assert left == [[3, 1], [2, 1], [1, 1], [0, 1], [0, 0]]
    assert reasons(plan[3]) == {ids[0]: "used_up", ids[1]: None}
    assert reasons(plan[4]) == {ids[0]: "used_up", ids[1]: "used_up"}


@pytest.mark.rule("S5", "A13", "A14")
def test_each_candidate_says_why_it_does_not_pay() -> None:
    memberships = {
        "service_not_covered": a_membership(ANNA, services=(MASSAGE,)),
        "location_not_covered": a_membership(ANNA, location_ids=frozenset({uuid4()})),
        "expired": a_membership(ANNA, expires_on=TODAY + DAY),
        "frozen": a_membership(ANNA, state="frozen", frozen_at=NOW),
        "visit_status": a_membership(ANNA, auto_deduction=False),
        "status_not_valid": a_membership(ANNA, state="voided"),
        "used_up": a_membership(ANNA, sessions=1),
        "not_enough_sessions": a_membership(ANNA, sessions=1),
    }
    for used in memberships["used_up"].buckets:
        used.debited = 1
    wallets, line = wallets_of(*memberships.values()), a_line()
    for bucket in memberships["not_enough_sessions"].buckets:
        bucket.held = 1
    (answer,) = planned(wallets, (line,))
    assert answer.membership_id is None
    assert reasons(answer) == {one.membership_id: why for why, one in memberships.items()}
    wallets.visit_statuses[line.appointment_id] = "arrived"
    (answer,) = planned(wallets, (line,))
    assert answer.membership_id == memberships["visit_status"].membership_id


@pytest.mark.rule("S5", "S7")
def test_what_a_line_holds_is_its_own_and_what_others_hold_is_theirs() -> None:
    membership, line, other = a_membership(ANNA, sessions=1), a_line(), a_line()
    wallets = wallets_of(membership)
    tell(wallets, a_request(ANNA, line))
    (own,) = planned(wallets, (line,))
    assert (own.membership_id, own.candidates[0].available) == (membership.membership_id, 1)
    (without,) = planned(wallets, (other,))
    assert (without.membership_id, without.candidates[0].available) == (None, 0)
    assert reasons(without) == {membership.membership_id: "not_enough_sessions"}


@pytest.mark.rule("S5", "A16")
def test_what_is_paid_already_is_paid_by_nothing_and_says_so() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, by_hand(ANNA, *lines)._replace(line_ids=(lines[0].line_id,)))
    tell(wallets, claimed(ANNA, lines[1]))
    plan = planned(wallets, lines)
    assert payers(plan) == [None, None, membership.membership_id]
    said = [reason for line in plan for reason in reasons(line).values()]
    assert said == ["already_debited", "claimed", None]


@pytest.mark.rule("S5")
def test_the_membership_that_is_asked_about_pays_alone_and_some_lines_may_be_asked_about() -> None:
    first, second = a_membership(ANNA, expires_on=TODAY + 5 * DAY), a_membership(ANNA, sessions=1)
    lines = lines_of_one(YOGA, YOGA)
    wallets = wallets_of(first, second)
    chosen = second.membership_id
    plan = planned(wallets, lines, membership_id=chosen)
    assert payers(plan) == [chosen, None]
    assert reasons(plan[1]) == {first.membership_id: None, chosen: "used_up"}
    (line,) = planned(wallets, lines, line_ids=frozenset({lines[1].line_id}))
    assert (line.line_id, line.membership_id) == (lines[1].line_id, first.membership_id)


@pytest.mark.rule("S5", "A13")
def test_a_client_without_a_membership_has_no_candidates() -> None:
    (line,) = planned(wallets_of(clients=(ANNA,)), (a_line(),))
    assert line == (line.line_id, None, ())


@st.composite
def studios(draw: st.DrawFn) -> tuple[list[Membership], list[tuple[Line, ...]], list[object]]:
    services = st.sampled_from([(YOGA,), (MASSAGE,), (YOGA, MASSAGE)])
    memberships = [
        a_membership(
            ANNA if draw(st.booleans()) else BORIS,
            shared=(ANNA,) if draw(st.booleans()) else (),
            sessions=draw(st.sampled_from([1, 2, 3, None])),
            services=draw(services),
            expires_on=draw(st.sampled_from([None, TODAY + DAY, TODAY + 9 * DAY])),
            auto_deduction=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    spots = st.lists(st.sampled_from([YOGA, MASSAGE]), min_size=1, max_size=3)
    appointments = [lines_of_one(*draw(spots)) for _ in range(draw(st.integers(1, 3)))]
    before: list[object] = []
    for lines in [*appointments, lines_of_one(*draw(spots))]:
        optional = tuple(line._replace(required=False) for line in lines)
        happened = draw(st.sampled_from(["held", "begun", "claimed", "nothing"]))
        if happened != "nothing":
            before.append(a_request(ANNA, *optional))
        if happened == "begun":
            before.append(start_of(ANNA, *lines))
        if happened == "claimed":
            before.append(claimed(ANNA, lines[0]))
    return memberships, appointments, before


@pytest.mark.rule("S5", "A5", "A13")
@given(studio=studios())
def test_what_is_planned_is_what_is_debited_when_it_is_asked_for(studio: Any) -> None:
    memberships, appointments, before = studio
    wallets = wallets_of(*memberships, clients=(ANNA,))
    for message in before:
        tell(wallets, message)
    plan = planned(wallets, *appointments)
    debits = deepcopy(wallets)
    paid_by: dict[UUID, UUID] = {}
    for lines in appointments:
        answer = tell(debits, by_hand(ANNA, *lines)._replace(partly=True))[-1]
        paid_by |= dict(answer.paid_by)
    assert {one.line_id: one.membership_id for one in plan if one.membership_id} == paid_by
    if len(appointments[0]) == 1:
        for candidate in plan[0].candidates:
            chosen = candidate.membership.membership_id
            request = by_hand(ANNA, *appointments[0], membership_id=chosen)
            answer = tell(deepcopy(wallets), request)[-1]
            assert isinstance(answer, NotDebited) == (candidate.reason is not None)
