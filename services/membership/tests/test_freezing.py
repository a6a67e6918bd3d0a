"""Freezing within limits, until a day, and what a start at some instant finds, as sentences."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from membership.domain.freezes import FreezingLimits
from membership.domain.freezing import Freeze, Unfreeze, freeze, unfreeze, unfreeze_due
from membership.domain.history import Actor
from membership.domain.memberships import Membership
from membership.domain.refusals import Conflict, Invalid
from membership.domain.settlements import Settlement
from membership.domain.settling import settle
from membership.domain.validity import Validity

from .given import (
    CHAIN,
    NOW,
    START,
    TODAY,
    a_line,
    a_membership,
    counts,
    start_of,
    tell,
    undone,
    wallets_of,
)

ANNA = uuid4()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def frozen(membership: Membership, at: datetime = NOW, until: date | None = None) -> None:
    freeze(wallets_of(membership), Freeze(membership.membership_id, CHAIN, at, until))


def unfrozen(membership: Membership, at: datetime) -> None:
    unfreeze(wallets_of(membership), Unfreeze(membership.membership_id, CHAIN, at))


def limited(times: int | None = None, days: int | None = None, **terms: Any) -> Membership:
    return a_membership(ANNA, freezing=FreezingLimits(times, days), **terms)


def test_a_membership_is_frozen_as_often_as_its_type_allows() -> None:
    membership = limited(times=2)
    for _ in range(2):
        frozen(membership)
        unfrozen(membership, NOW + HOUR)
    with pytest.raises(Conflict, match="frozen 2 times"):
        frozen(membership, NOW + DAY)


def test_a_membership_that_may_never_be_frozen_is_not() -> None:
    for never in (limited(times=0), limited(days=0)):
        with pytest.raises(Conflict, match="may be frozen"):
            frozen(never)


def test_the_days_of_all_freezes_count_together_and_the_refusal_tells_those_that_are_left() -> None:
    membership = limited(days=10)
    frozen(membership)
    unfrozen(membership, NOW + 4 * DAY)
    with pytest.raises(Conflict, match=f"6 of them are left, until {TODAY + 11 * DAY}"):
        frozen(membership, NOW + 5 * DAY, until=TODAY + 12 * DAY)
    frozen(membership, NOW + 5 * DAY, until=TODAY + 11 * DAY)
    unfreeze_due(wallets_of(membership), membership, NOW + 11 * DAY)
    with pytest.raises(Conflict, match="10 days in all, and was"):
        frozen(membership, NOW + 12 * DAY)


def test_without_a_day_a_freeze_lasts_as_long_as_the_limit_allows() -> None:
    membership = limited(days=10)
    frozen(membership)
    assert membership.frozen_until == TODAY + 10 * DAY
    unlimited = limited()
    frozen(unlimited)
    assert unlimited.frozen_until is None


@pytest.mark.parametrize("days", [0, -1])
def test_a_freeze_ends_on_a_day_to_come(days: int) -> None:
    with pytest.raises(Invalid) as refused:
        frozen(limited(), until=TODAY + days * DAY)
    assert refused.value.field == "until"


@pytest.mark.rule("X5")
def test_a_freeze_ends_as_the_local_day_begins_however_late_that_is_noticed() -> None:
    for late in (timedelta(0), HOUR, 3 * DAY):
        membership = limited(expires_on=TODAY + 10 * DAY)
        wallets = wallets_of(membership)
        frozen(membership, until=TODAY + 5 * DAY)
        midnight = datetime(2026, 3, 14, 23, tzinfo=UTC)  # March 15 begins in Berlin
        assert unfreeze_due(wallets, membership, midnight - timedelta(seconds=1)) is None
        assert membership.state == "frozen"
        assert unfreeze_due(wallets, membership, midnight + late) is not None
        assert membership.past_freezes[-1].until == midnight
        assert (membership.state, membership.expires_on) == ("active", TODAY + 15 * DAY)
        assert unfreeze_due(wallets, membership, midnight + late) is None


@pytest.mark.rule("A14")
@pytest.mark.parametrize(
    ("since", "until", "is_debited"),
    [
        (START - DAY, START + HOUR, False),
        (START, START + HOUR, False),
        (START - DAY, START, True),
        (START + timedelta(seconds=1), START + DAY, True),
    ],
)
def test_a_start_that_is_settled_late_finds_the_membership_as_it_was_then(
    since: datetime, until: datetime, is_debited: bool
) -> None:
    membership = a_membership(ANNA)
    frozen(membership, since)
    unfrozen(membership, until)
    late = START + 3 * DAY
    frozen(membership, START + 2 * DAY)
    *_, settlement = settle(wallets_of(membership), start_of(ANNA, a_line()), late)
    assert isinstance(settlement, Settlement)
    assert [line.is_debited for line in settlement.lines] == [is_debited]
    assert settlement.lines[0].reason == (None if is_debited else "frozen")


@pytest.mark.rule("A14")
def test_a_start_on_the_day_on_which_a_freeze_ends_is_debited_though_nobody_noticed() -> None:
    local_day = START.date()
    membership = limited()
    frozen(membership, until=local_day)
    *_, settlement = settle(wallets_of(membership), start_of(ANNA, a_line()), START)
    assert isinstance(settlement, Settlement)
    assert settlement.outcome == "debited"


@pytest.mark.rule("A14", "A15")
@pytest.mark.parametrize("is_over", [False, True])
def test_a_first_visit_that_is_settled_after_a_freeze_began_activates_as_if_before(
    is_over: bool,
) -> None:
    month = Validity(1, "months")
    membership = limited(state="issued", activated_on=None, expires_on=None, validity=month)
    wallets = wallets_of(membership)
    frozen(membership, START + HOUR, until=START.date() + 5 * DAY)
    late = START + (6 * DAY if is_over else 2 * HOUR)
    unfreeze_due(wallets, membership, late)
    settle(wallets, start_of(ANNA, a_line()), late)
    assert counts(membership) == (1, 0, 0)
    assert membership.state == ("active" if is_over else "frozen")
    unfreeze_due(wallets, membership, START + 6 * DAY)
    assert (membership.state, membership.activated_on) == ("active", START.date())
    assert membership.expires_on == month.last_day(START.date()) + 5 * DAY


@pytest.mark.rule("A10")
def test_a_session_that_comes_back_while_its_membership_is_frozen_does_not_expire() -> None:
    line = a_line()
    membership = limited(expires_on=START.date() + DAY)
    wallets = wallets_of(membership)
    tell(wallets, start_of(ANNA, line))
    frozen(membership, START + HOUR)
    late = START + 5 * DAY
    tell(wallets, undone(ANNA, line, at=late))
    assert counts(membership) == (0, 0, 0)
    unfrozen(membership, late)
    assert membership.status(late) == "active"


def test_a_freeze_tells_its_history_by_whom_and_its_end_by_nobody() -> None:
    membership, by = limited(), Actor(uuid4(), "operator")
    wallets = wallets_of(membership)
    request = Freeze(membership.membership_id, CHAIN, NOW, TODAY + DAY, by)
    freeze(wallets, request)
    unfreeze_due(wallets, membership, NOW + 2 * DAY)
    told = [(row.revision, row.change.kind, row.change.by) for row in wallets.changes.history]
    assert told == [(2, "frozen", by), (3, "unfrozen", None)]


@st.composite
def lives(draw: st.DrawFn) -> tuple[Membership, list[tuple[timedelta, str, int]]]:
    limits = FreezingLimits(
        draw(st.sampled_from([None, 0, 2, 5])), draw(st.sampled_from([None, 0, 3, 20]))
    )
    hours = st.integers(0, 200).map(lambda count: timedelta(hours=count))
    kinds = st.sampled_from(["freeze", "unfreeze", "look"])
    steps = st.lists(st.tuples(hours, kinds, st.integers(-1, 9)), max_size=12)
    return a_membership(ANNA, freezing=limits), draw(steps)


@settings(deadline=None)
@given(lives())
def test_the_expiry_date_moves_by_the_days_frozen_and_never_by_more_than_are_allowed(
    life: tuple[Membership, list[tuple[timedelta, str, int]]],
) -> None:
    membership, steps = life
    times, days = membership.freezing
    first_expiry, now = membership.expires_on, NOW
    assert first_expiry is not None
    for pause, kind, ahead in steps:
        now += pause
        unfreeze_due(wallets_of(membership), membership, now)
        try:
            if kind == "freeze":
                frozen(membership, now, now.date() + ahead * DAY if ahead >= 0 else None)
            elif kind == "unfreeze":
                unfrozen(membership, now)
        except (Conflict, Invalid):
            pass
        assert membership.expires_on == first_expiry + membership.days_frozen * DAY
        assert days is None or membership.days_frozen <= days
        assert times is None or len(membership.past_freezes) <= times
        assert (membership.state == "frozen") == (membership.frozen_at is not None)
