"""Holds, as sentences: rules G4 to G7, S6, S7 and X6."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from membership.domain.endings import end_appointment
from membership.domain.holding import HoldsPlaced, HoldsRefused, hold_sessions
from membership.domain.memberships import Membership

from .given import (
    MASSAGE,
    NOW,
    TODAY,
    YOGA,
    a_line,
    a_membership,
    a_request,
    booking_refused,
    cancelled,
    counts,
    lines_of_one,
    wallets_of,
)

ANNA = uuid4()
BEN = uuid4()
DAY = timedelta(days=1)


@pytest.mark.rule("G5")
@pytest.mark.parametrize("state", ["issued", "active", "frozen"])
def test_an_issued_an_active_and_a_frozen_membership_are_valid(state: str) -> None:
    membership = a_membership(ANNA, state=state, frozen_at=NOW if state == "frozen" else None)
    answer = hold_sessions(wallets_of(membership), a_request(ANNA, a_line()))
    assert isinstance(answer, HoldsPlaced)
    assert counts(membership) == (0, 1, 0)


def refusal(membership: Membership, submitted_at: datetime = NOW) -> str:
    answer = hold_sessions(
        wallets_of(membership), a_request(ANNA, a_line(), submitted_at=submitted_at)
    )
    assert isinstance(answer, HoldsRefused)
    (why,) = answer.reasons
    assert (why.membership_id, why.service_id) == (membership.membership_id, YOGA)
    return why.reason


@pytest.mark.rule("G5", "G7")
def test_a_membership_for_another_service_is_not_valid() -> None:
    assert refusal(a_membership(ANNA, services=(MASSAGE,))) == "service_not_covered"


@pytest.mark.rule("G5", "G7")
def test_a_voided_membership_is_not_valid() -> None:
    assert refusal(a_membership(ANNA, state="voided")) == "status_not_valid"


@pytest.mark.rule("G5", "G7")
def test_a_membership_that_is_used_up_is_not_valid() -> None:
    membership = a_membership(ANNA, sessions=1)
    membership.buckets[0].debited = 1
    assert refusal(membership) == "used_up"


@pytest.mark.rule("G5", "G7")
def test_a_membership_that_expires_today_is_not_valid() -> None:
    assert refusal(a_membership(ANNA, expires_on=TODAY)) == "expires_too_early"


@pytest.mark.rule("G5", "X5")
def test_today_is_the_date_at_the_location_when_the_booking_was_submitted() -> None:
    membership = a_membership(ANNA, expires_on=date(2026, 3, 11))
    late_evening = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    assert refusal(membership, submitted_at=late_evening) == "expires_too_early"


@pytest.mark.rule("G5")
@pytest.mark.parametrize("expires_on", [TODAY + timedelta(days=1), None])
def test_a_membership_that_expires_tomorrow_or_never_is_valid(expires_on: date | None) -> None:
    membership = a_membership(ANNA, expires_on=expires_on)
    assert isinstance(hold_sessions(wallets_of(membership), a_request(ANNA, a_line())), HoldsPlaced)


@pytest.mark.rule("G5")
def test_an_unlimited_membership_passes_the_balance() -> None:
    membership = a_membership(ANNA, sessions=None)
    lines = lines_of_one(*[YOGA] * 50)
    assert isinstance(hold_sessions(wallets_of(membership), a_request(ANNA, *lines)), HoldsPlaced)


@pytest.mark.rule("G5")
def test_what_is_held_for_earlier_bookings_is_not_available() -> None:
    membership = a_membership(ANNA, sessions=1)
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, a_line()))
    answer = hold_sessions(wallets, a_request(ANNA, a_line()))
    assert isinstance(answer, HoldsRefused)
    assert [why.reason for why in answer.reasons] == ["not_enough_sessions"]
    assert counts(membership) == (0, 1, 0)


@pytest.mark.rule("G4", "G7")
def test_without_a_membership_the_booking_is_refused_with_that_reason() -> None:
    answer = hold_sessions(wallets_of(clients=(ANNA,)), a_request(ANNA, a_line()))
    assert isinstance(answer, HoldsRefused)
    assert [(why.membership_id, why.reason) for why in answer.reasons] == [(None, "no_membership")]


@pytest.mark.rule("G6")
def test_a_booking_of_two_services_takes_two_memberships_that_cover_them() -> None:
    yoga, massage = a_membership(ANNA), a_membership(ANNA, services=(MASSAGE,))
    request = a_request(ANNA, *lines_of_one(YOGA, MASSAGE))
    answer = hold_sessions(wallets_of(yoga, massage), request)
    assert isinstance(answer, HoldsPlaced)
    assert [carrier for _, carrier in answer.carried] == [
        yoga.membership_id,
        massage.membership_id,
    ]


@pytest.mark.rule("G6")
def test_nothing_is_held_when_one_of_the_services_is_not_covered() -> None:
    yoga = a_membership(ANNA)
    answer = hold_sessions(wallets_of(yoga), a_request(ANNA, *lines_of_one(YOGA, MASSAGE)))
    assert isinstance(answer, HoldsRefused)
    assert [(why.service_id, why.reason) for why in answer.reasons] == [
        (MASSAGE, "service_not_covered")
    ]
    assert counts(yoga) == (0, 0, 0)


@pytest.mark.rule("G6")
def test_an_older_hold_moves_when_only_that_lets_the_new_booking_in() -> None:
    both = a_membership(ANNA, sessions=1, services=(YOGA, MASSAGE), expires_on=TODAY + DAY)
    yoga = a_membership(ANNA, sessions=1)
    wallets = wallets_of(both, yoga)
    hold_sessions(wallets, a_request(ANNA, a_line(YOGA)))
    assert counts(both) == (0, 1, 0)
    answer = hold_sessions(wallets, a_request(ANNA, a_line(MASSAGE)))
    assert isinstance(answer, HoldsPlaced)
    assert answer.carried[0][1] == both.membership_id
    assert (counts(both), counts(yoga)) == ((0, 1, 0), (0, 1, 0))


@pytest.mark.rule("A5", "G6")
def test_the_order_is_expiry_with_none_last_then_own_then_issued_earlier() -> None:
    expected = [
        a_membership(BEN, sessions=1, shared=(ANNA,), expires_on=TODAY + DAY),
        a_membership(ANNA, sessions=1, issued_at=NOW - 40 * DAY),
        a_membership(ANNA, sessions=1, issued_at=NOW - 20 * DAY),
        a_membership(BEN, sessions=1, shared=(ANNA,), issued_at=NOW - 50 * DAY),
        a_membership(ANNA, sessions=1, expires_on=None),
    ]
    lines = lines_of_one(*[YOGA] * 5)
    answer = hold_sessions(wallets_of(*reversed(expected)), a_request(ANNA, *lines))
    assert isinstance(answer, HoldsPlaced)
    assert [carrier for _, carrier in answer.carried] == [m.membership_id for m in expected]


@pytest.mark.rule("G6", "A13")
def test_memberships_without_auto_deduction_come_last_for_lines_debited_automatically() -> None:
    by_hand = a_membership(ANNA, auto_deduction=False, expires_on=TODAY + DAY)
    automatic = a_membership(ANNA)
    wallets = wallets_of(by_hand, automatic)
    hold_sessions(wallets, a_request(ANNA, a_line(automatic_debiting=True)))
    assert (counts(by_hand)[1], counts(automatic)[1]) == (0, 1)
    hold_sessions(wallets, a_request(ANNA, a_line(automatic_debiting=False)))
    assert (counts(by_hand)[1], counts(automatic)[1]) == (1, 1)


@pytest.mark.rule("S1", "S6")
def test_a_shared_client_holds_on_the_membership_and_a_stranger_does_not() -> None:
    membership = a_membership(ANNA, shared=(BEN,))
    stranger = uuid4()
    wallets = wallets_of(membership, clients=(stranger,))
    assert isinstance(hold_sessions(wallets, a_request(BEN, a_line())), HoldsPlaced)
    assert isinstance(hold_sessions(wallets, a_request(stranger, a_line())), HoldsRefused)


@pytest.mark.rule("S7", "G7")
def test_a_session_held_by_one_is_unavailable_to_the_other_and_only_the_rule_is_named() -> None:
    membership = a_membership(ANNA, sessions=1, shared=(BEN,))
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, a_line()))
    answer = hold_sessions(wallets, a_request(BEN, a_line()))
    assert isinstance(answer, HoldsRefused)
    assert [why.reason for why in answer.reasons] == ["not_enough_sessions"]


@pytest.mark.rule("X6")
def test_lines_that_are_not_required_hold_as_far_as_there_are_sessions() -> None:
    membership = a_membership(ANNA, sessions=1)
    lines = lines_of_one(YOGA, YOGA, required=False)
    answer = hold_sessions(wallets_of(membership), a_request(ANNA, *lines))
    assert isinstance(answer, HoldsPlaced)
    assert [line_id for line_id, _ in answer.carried] == [lines[0].line_id]


@pytest.mark.rule("X6")
def test_required_lines_are_covered_before_the_others() -> None:
    membership = a_membership(ANNA, sessions=1)
    optional, required = a_line(required=False), a_line()
    answer = hold_sessions(wallets_of(membership), a_request(ANNA, optional, required))
    assert isinstance(answer, HoldsPlaced)
    assert [line_id for line_id, _ in answer.carried] == [required.line_id]


@pytest.mark.rule("X3")
def test_a_request_that_comes_again_holds_nothing_more() -> None:
    membership = a_membership(ANNA)
    wallets, request = wallets_of(membership), a_request(ANNA, a_line())
    assert hold_sessions(wallets, request) == hold_sessions(wallets, request)
    assert counts(membership) == (0, 1, 0)


@pytest.mark.rule("X7", "A15")
def test_what_ended_before_its_hold_was_asked_for_holds_nothing() -> None:
    membership, line = a_membership(ANNA), a_line()
    for ended in (booking_refused(ANNA, line), cancelled(ANNA, line)):
        wallets = wallets_of(membership)
        end_appointment(wallets, ended, NOW)
        answer = hold_sessions(wallets, a_request(ANNA, line))
        assert isinstance(answer, HoldsRefused)
        assert answer.reasons == ()
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("X7")
def test_a_refused_booking_releases_what_was_held_for_it() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, line))
    end_appointment(wallets, booking_refused(ANNA, line), NOW)
    assert counts(membership) == (0, 0, 0)
