"""What a membership covers, where and when, as sentences: rules G5 to G7 with all their clauses."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.holding import HoldsPlaced, HoldsRefused, hold_sessions
from membership.domain.ledger import Bucket
from membership.domain.memberships import Gate, Membership
from membership.domain.reasons import WhyNot
from membership.domain.settlements import Settlement
from membership.domain.settling import settle
from membership.domain.wallet import Wallet, hold_places

from .given import (
    LOCATION,
    MASSAGE,
    NOW,
    START,
    TODAY,
    YOGA,
    a_line,
    a_membership,
    a_request,
    counts,
    lines_of_one,
    start_of,
    wallets_of,
)

ANNA = uuid4()
SPORTS, WELLNESS = uuid4(), uuid4()
ELSEWHERE = uuid4()
DAY = timedelta(days=1)
VISIT_DAY = TODAY + 2 * DAY
STRICT = Gate(valid_on_visit_day=True)


def refusal(membership: Membership, *lines: Line, **terms: Any) -> tuple[WhyNot, ...]:
    answer = hold_sessions(wallets_of(membership), a_request(ANNA, *(lines or [a_line()]), **terms))
    assert isinstance(answer, HoldsRefused)
    return answer.reasons


def accepts(membership: Membership, *lines: Line, **terms: Any) -> bool:
    request = a_request(ANNA, *(lines or [a_line()]), **terms)
    return isinstance(hold_sessions(wallets_of(membership), request), HoldsPlaced)


@pytest.mark.rule("G5")
def test_a_category_covers_all_its_services_and_no_others() -> None:
    membership = a_membership(ANNA, services=(), categories=(SPORTS,))
    assert accepts(membership, a_line(YOGA, category_id=SPORTS))
    assert accepts(membership, a_line(MASSAGE, category_id=SPORTS))
    for other in (a_line(YOGA, category_id=WELLNESS), a_line(YOGA)):
        (why,) = refusal(membership, other)
        assert (why.rule, why.reason) == ("G5", "service_not_covered")


@pytest.mark.rule("G12")
def test_a_line_covered_by_its_category_is_debited_at_the_start_by_nobody() -> None:
    membership = a_membership(ANNA, services=(), categories=(SPORTS,))
    wallets, line = wallets_of(membership), a_line(category_id=SPORTS)
    hold_sessions(wallets, a_request(ANNA, line))
    settle(wallets, start_of(ANNA, line), START)
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("G5", "G7")
def test_a_membership_is_valid_at_its_locations_alone() -> None:
    membership = a_membership(ANNA, location_ids=frozenset({ELSEWHERE}))
    (why,) = refusal(membership)
    assert (why.rule, why.reason) == ("G5", "location_not_covered")
    assert accepts(membership, location_id=ELSEWHERE)


@pytest.mark.rule("A14")
def test_a_membership_of_another_location_is_not_debited() -> None:
    membership = a_membership(ANNA, location_ids=frozenset({ELSEWHERE}))
    (settlement,) = settle(wallets_of(membership), start_of(ANNA, a_line()), START)
    assert isinstance(settlement, Settlement)
    assert [line.reason for line in settlement.lines] == ["location_not_covered"]


@pytest.mark.rule("G5")
@pytest.mark.parametrize(
    ("expires_on", "valid"),
    [(VISIT_DAY, True), (VISIT_DAY - DAY, False), (None, True)],
)
def test_a_stricter_gate_wants_the_membership_valid_on_the_day_of_the_visit(
    expires_on: date | None, *, valid: bool
) -> None:
    assert accepts(a_membership(ANNA, expires_on=expires_on)), "rule G5 alone does not ask for it"
    strict = a_membership(ANNA, expires_on=expires_on, gate=STRICT)
    assert accepts(strict) == valid
    if not valid:
        assert [(why.rule, why.reason) for why in refusal(strict)] == [("G5", "expires_too_early")]


@pytest.mark.rule("G5", "X5")
def test_the_day_of_the_visit_is_the_date_at_the_location() -> None:
    strict = a_membership(ANNA, expires_on=VISIT_DAY, gate=STRICT)
    late_evening = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    assert not accepts(strict, a_line(starts_at=late_evening))
    assert accepts(strict, a_line(starts_at=late_evening - timedelta(hours=1)))


@pytest.mark.rule("G5")
def test_a_stricter_gate_lets_nobody_in_before_the_date_of_activation() -> None:
    coming = a_membership(ANNA, state="issued", activated_on=VISIT_DAY + DAY, gate=STRICT)
    assert [why.reason for why in refusal(coming)] == ["not_valid_yet"]
    assert accepts(a_membership(ANNA, state="issued", activated_on=VISIT_DAY + DAY))


@pytest.mark.rule("G5")
def test_a_stricter_gate_lets_no_frozen_membership_in() -> None:
    frozen: dict[str, Any] = {"state": "frozen", "frozen_at": NOW - DAY}
    strict = a_membership(ANNA, gate=Gate(not_while_frozen=True), **frozen)
    assert [(why.rule, why.reason) for why in refusal(strict)] == [("G5", "frozen")]
    assert accepts(a_membership(ANNA, **frozen))


@pytest.mark.rule("G5", "X5")
@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Pacific/Kiritimati", datetime(2026, 3, 10, 10, 0, tzinfo=UTC)),  # UTC+14
        ("Pacific/Auckland", datetime(2026, 3, 10, 11, 0, tzinfo=UTC)),  # UTC+13, summer
        ("Pacific/Auckland", datetime(2026, 7, 10, 12, 0, tzinfo=UTC)),  # UTC+12, winter
        # Daylight saving ends in the night after this midnight.
        ("Pacific/Auckland", datetime(2026, 4, 4, 11, 0, tzinfo=UTC)),
    ],
)
def test_what_expires_today_is_not_valid_in_a_zone_ahead_of_utc(
    zone: str, midnight: datetime
) -> None:
    """It is the last day of the membership from local midnight on: still yesterday in UTC."""
    last_day = (midnight + DAY).date()
    membership = a_membership(ANNA, expires_on=last_day)
    at: dict[str, Any] = {"time_zone": zone}
    assert accepts(membership, submitted_at=midnight - timedelta(seconds=1), **at)
    (why,) = refusal(membership, submitted_at=midnight, **at)
    assert why.reason == "expires_too_early"


@pytest.mark.rule("G6", "G7")
def test_of_several_services_that_do_not_all_fit_together_rule_g6_is_named() -> None:
    membership = a_membership(ANNA, sessions=1, services=(YOGA, MASSAGE))
    (why,) = refusal(membership, *lines_of_one(YOGA, MASSAGE))
    assert (why.rule, why.reason, why.service_id) == ("G6", "not_enough_sessions", MASSAGE)
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("G7")
def test_every_membership_in_reach_has_a_reason_of_its_own() -> None:
    used_up = a_membership(ANNA, sessions=1)
    used_up.buckets[0].debited = 1
    expected = {
        "used_up": used_up,
        "service_not_covered": a_membership(ANNA, services=(MASSAGE,)),
        "expires_too_early": a_membership(ANNA, expires_on=TODAY),
        "location_not_covered": a_membership(ANNA, location_ids=frozenset({ELSEWHERE})),
        "status_not_valid": a_membership(ANNA, state="voided"),
    }
    answer = hold_sessions(wallets_of(*expected.values()), a_request(ANNA, a_line()))
    assert isinstance(answer, HoldsRefused)
    found = {why.reason: why.membership_id for why in answer.reasons}
    assert found == {reason: one.membership_id for reason, one in expected.items()}


@pytest.mark.rule("G6")
def test_three_services_are_booked_over_three_memberships_of_different_terms() -> None:
    by_category = a_membership(ANNA, services=(), categories=(WELLNESS,), sessions=1)
    by_service = a_membership(ANNA, sessions=1)
    two_buckets = a_membership(ANNA, services=(), expires_on=None)
    sauna = uuid4()
    membership_id = two_buckets.membership_id
    two_buckets.buckets = [
        Bucket(uuid4(), membership_id, frozenset({service}), frozenset(), 1, entries=1)
        for service in (sauna, YOGA)
    ]
    appointment_id = uuid4()
    lines = [
        a_line(YOGA, appointment_id=appointment_id),
        a_line(MASSAGE, appointment_id=appointment_id, category_id=WELLNESS),
        a_line(sauna, appointment_id=appointment_id),
        a_line(YOGA, appointment_id=appointment_id),
    ]
    wallets = wallets_of(by_category, by_service, two_buckets)
    answer = hold_sessions(wallets, a_request(ANNA, *lines))
    assert isinstance(answer, HoldsPlaced)
    assert [carrier for _, carrier in answer.carried] == [
        by_service.membership_id,
        by_category.membership_id,
        two_buckets.membership_id,
        two_buckets.membership_id,
    ]


@st.composite
def families(draw: st.DrawFn) -> tuple[list[Membership], list[HoldRequest]]:
    """Memberships of all kinds of terms with few sessions, and several bookings."""
    memberships = [
        a_membership(
            ANNA,
            sessions=draw(st.integers(1, 2)),
            services=draw(st.sampled_from([(), (YOGA,), (MASSAGE,), (YOGA, MASSAGE)])),
            categories=draw(st.sampled_from([(), (SPORTS,), (WELLNESS,)])),
            location_ids=draw(st.sampled_from([frozenset[UUID](), frozenset({LOCATION})])),
            expires_on=draw(st.sampled_from([None, TODAY, TODAY + DAY, TODAY + 9 * DAY])),
            gate=Gate(draw(st.booleans())),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    requests: list[HoldRequest] = []
    for _ in range(draw(st.integers(1, 3))):
        lines = [
            a_line(
                draw(st.sampled_from([YOGA, MASSAGE])),
                category_id=draw(st.sampled_from([None, SPORTS, WELLNESS])),
                automatic_debiting=draw(st.booleans()),
            )
            for _ in range(draw(st.integers(1, 3)))
        ]
        where = draw(st.sampled_from([LOCATION, ELSEWHERE]))
        requests.append(a_request(ANNA, *lines, location_id=where))
    return memberships, requests


@pytest.mark.rule("G5", "G6")
@settings(max_examples=150, deadline=None)
@given(families())
def test_a_booking_is_accepted_if_and_only_if_any_assignment_covers_it_and_all_open_holds(
    family: tuple[list[Membership], list[HoldRequest]],
) -> None:
    memberships, requests = family
    wallets = wallets_of(*memberships)
    for request in requests:
        possible = some_assignment_covers(wallets.by_client[ANNA], request)
        before = {one.membership_id: counts(one) for one in memberships}
        accepted = isinstance(hold_sessions(wallets, request), HoldsPlaced)
        assert accepted == possible
        if not accepted:
            assert before == {one.membership_id: counts(one) for one in memberships}
        assert all(bucket.free >= 0 for one in memberships for bucket in one.buckets)


def some_assignment_covers(wallet: Wallet, request: HoldRequest) -> bool:
    """Try every place for every line and every open hold."""
    reach = wallet.reach(ANNA)
    choices = [
        hold_places(reach, request.need(line), TODAY, automatic=False) for line in request.lines
    ]
    choices += [
        [hold.bucket_id, *hold_places(reach, hold.need, TODAY, automatic=False)]
        for hold in wallet.holds.values()
    ]
    return any(
        all(taken <= (wallet.buckets[id_].balance or 0) for id_, taken in Counter(places).items())
        for places in product(*(dict.fromkeys(choice) for choice in choices))
    )
