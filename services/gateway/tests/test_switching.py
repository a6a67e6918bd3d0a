"""Which membership pays which line of a sale, when the operator switches some."""

from uuid import UUID, uuid4

import pytest

from contracts.membership_views import Candidate
from contracts.sales_views import ProposedLine
from contracts.values import Money
from gateway.pages.switching import applied, choices

FAMILY, OWN = uuid4(), uuid4()


def left(membership_id: UUID, available: int | None, reason: str | None = None) -> Candidate:
    return Candidate(
        membership_id=membership_id,
        name="Ten",
        owner_client_id=uuid4(),
        expires_on=None,
        available=available,
        reason=reason,
    )


def line(proposed: UUID | None, *candidates: Candidate) -> ProposedLine:
    return ProposedLine(
        line_id=uuid4(),
        appointment_id=uuid4(),
        service_name="Yoga",
        price=Money(amount=1800, currency="EUR"),
        membership_id=proposed,
        candidates=candidates,
    )


@pytest.mark.rule("S5")
def test_without_a_choice_what_is_proposed_pays() -> None:
    first = line(FAMILY, left(FAMILY, 1), left(OWN, 5))
    second = line(OWN, left(FAMILY, 0, "used_up"), left(OWN, 5))
    third = line(None, left(FAMILY, 0, "expired"))
    paid = applied([first, second, third], {})
    assert list(paid.values()) == [FAMILY, OWN, None]


@pytest.mark.rule("S5")
def test_a_line_is_switched_and_the_session_pays_the_next_one_instead() -> None:
    first = line(FAMILY, left(FAMILY, 1), left(OWN, 5))
    second = line(None, left(FAMILY, 0, "used_up"))
    assert [one.membership_id for one in choices(second, [first, second])] == [FAMILY]
    switched = applied([first, second], {first.line_id: OWN})
    assert list(switched.values()) == [OWN, FAMILY]
    assert list(applied([first, second], {first.line_id: None}).values()) == [None, FAMILY]


@pytest.mark.rule("S5", "X1")
def test_the_last_session_is_never_shown_to_pay_two_lines() -> None:
    first = line(FAMILY, left(FAMILY, 1), left(OWN, 1))
    second = line(OWN, left(FAMILY, 0, "not_enough_sessions"), left(OWN, 1))
    switched = applied([first, second], {second.line_id: FAMILY})
    assert switched == {first.line_id: OWN, second.line_id: FAMILY}
    third = line(None, left(OWN, 0, "not_enough_sessions"))
    both = applied([first, second, third], {third.line_id: OWN, first.line_id: FAMILY})
    assert both == {first.line_id: FAMILY, second.line_id: None, third.line_id: OWN}


def test_an_unlimited_membership_pays_all_lines() -> None:
    lines = [line(FAMILY, left(FAMILY, None)) for _ in range(3)]
    assert set(applied(lines, {lines[2].line_id: FAMILY}).values()) == {FAMILY}


def test_what_cannot_pay_is_no_choice() -> None:
    proposed = line(FAMILY, left(FAMILY, 1), left(OWN, 3, "visit_status"))
    assert [one.membership_id for one in choices(proposed, [proposed])] == [FAMILY]
