"""Adjusting, extending and voiding memberships, as sentences."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from membership.domain.adjusting import (
    Adjust,
    Adjusted,
    Extend,
    Void,
    Voided,
    adjust,
    extend,
    void,
)
from membership.domain.appointments import HoldReleased
from membership.domain.freezing import Freeze, freeze
from membership.domain.history import Actor
from membership.domain.hold_requests import Line
from membership.domain.holding import HoldsRefused, hold_sessions
from membership.domain.ledger import Bucket, Entry
from membership.domain.memberships import Membership
from membership.domain.refusals import Conflict, Invalid, NotFound, SessionsHeld
from membership.domain.settlements import Settlement
from membership.domain.settling import settle
from membership.domain.sharing import Share, share
from membership.domain.wallets import Wallets

from .given import (
    CHAIN,
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
    start_of,
    tell,
    wallets_of,
)

ANNA = uuid4()
OPERATOR = Actor(uuid4(), "operator")
DAY = timedelta(days=1)


def adjustment(membership: Membership, sessions: int, **terms: Any) -> Adjust:
    request = Adjust(membership.membership_id, CHAIN, uuid4(), sessions, "A gift", by=OPERATOR)
    return request._replace(**terms)


def voiding(membership: Membership, **terms: Any) -> Void:
    return Void(membership.membership_id, CHAIN, "Moved away", by=OPERATOR)._replace(**terms)


def extension(membership: Membership, days: int) -> Extend:
    assert membership.expires_on is not None
    day = membership.expires_on + days * DAY
    return Extend(membership.membership_id, CHAIN, day, "Was ill", OPERATOR)


def holding(wallets: Wallets, *days: int) -> list[Line]:
    """Lines that are held, each so many days after the first start."""
    lines = [a_line(starts_at=START + day * DAY) for day in days]
    for line in lines:
        hold_sessions(wallets, a_request(ANNA, line))
    return lines


@pytest.mark.rule("X1")
def test_an_adjustment_changes_the_balance_and_is_in_the_ledger_with_its_sign() -> None:
    membership = a_membership(ANNA, sessions=8)
    wallets = wallets_of(membership)
    entry, adjusted = adjust(wallets, adjustment(membership, 3), NOW)
    assert isinstance(entry, Entry)
    assert isinstance(adjusted, Adjusted)
    assert (entry.kind, entry.sessions, entry.balance) == ("adjusted", 3, 11)
    entry, _ = adjust(wallets, adjustment(membership, -11), NOW)
    assert isinstance(entry, Entry)
    assert (entry.sessions, entry.balance, entry.revision) == (-11, 0, 3)
    assert membership.status(NOW) == "used_up"
    with pytest.raises(Conflict, match="balance is 0"):
        adjust(wallets, adjustment(membership, -1), NOW)


@pytest.mark.rule("X1")
def test_an_unlimited_bucket_has_nothing_to_adjust() -> None:
    membership = a_membership(ANNA, sessions=None)
    with pytest.raises(Conflict, match="unlimited"):
        adjust(wallets_of(membership), adjustment(membership, 1), NOW)


def test_a_bucket_is_named_where_there_are_several_and_it_is_one_of_them() -> None:
    several = a_membership(ANNA)
    other = Bucket(uuid4(), several.membership_id, frozenset({MASSAGE}), frozenset(), 5, entries=1)
    several.buckets.append(other)
    wallets = wallets_of(several)
    with pytest.raises(Invalid) as refused:
        adjust(wallets, adjustment(several, 1), NOW)
    assert refused.value.field == "bucket_id"
    with pytest.raises(NotFound, match="bucket"):
        adjust(wallets, adjustment(several, 1, bucket_id=uuid4()), NOW)
    adjust(wallets, adjustment(several, 2, bucket_id=other.bucket_id), NOW)
    assert [bucket.balance for bucket in several.buckets] == [8, 7]


def test_no_session_at_all_is_no_adjustment() -> None:
    membership = a_membership(ANNA)
    with pytest.raises(Invalid) as refused:
        adjust(wallets_of(membership), adjustment(membership, 0), NOW)
    assert refused.value.field == "sessions"


@pytest.mark.rule("X6")
def test_taking_what_is_held_is_refused_and_names_those_that_start_latest() -> None:
    membership = a_membership(ANNA, sessions=3)
    wallets = wallets_of(membership)
    _, last, second = holding(wallets, 0, 9, 4)
    with pytest.raises(SessionsHeld) as refused:
        adjust(wallets, adjustment(membership, -2), NOW)
    assert [hold.line_id for hold in refused.value.holds] == [last.line_id, second.line_id]
    assert (counts(membership), membership.buckets[0].balance) == ((0, 3, 0), 3)
    assert wallets.changes.history == []


@pytest.mark.rule("X6")
def test_by_force_the_holds_that_start_latest_are_released_and_said() -> None:
    membership = a_membership(ANNA, sessions=3)
    wallets = wallets_of(membership)
    first, last, _ = holding(wallets, 0, 9, 4)
    *released, entry, _ = adjust(wallets, adjustment(membership, -1, force=True), NOW)
    assert [(one.line_id, one.reason) for one in released if isinstance(one, HoldReleased)] == [
        (last.line_id, "adjusted")
    ]
    assert isinstance(entry, Entry)
    assert (entry.balance, membership.buckets[0].held) == (2, 2)
    *_, short = settle(wallets, start_of(ANNA, last), START + 9 * DAY)
    assert isinstance(short, Settlement)
    assert short.lines[0].reason == "not_enough_sessions"
    *_, paid = settle(wallets, start_of(ANNA, first), START)
    assert isinstance(paid, Settlement)
    assert paid.outcome == "debited"


@pytest.mark.rule("X6")
def test_what_is_held_on_another_bucket_is_no_obstacle() -> None:
    membership, other = a_membership(ANNA, sessions=3), a_membership(ANNA, sessions=3)
    membership.expires_on = TODAY + 2 * DAY
    wallets = wallets_of(membership, other)
    holding(wallets, 0, 1)
    adjust(wallets, adjustment(other, -3), NOW)
    assert (membership.buckets[0].held, other.buckets[0].balance) == (2, 0)


def test_an_expired_membership_is_valid_again_when_it_is_extended() -> None:
    membership = a_membership(ANNA, expires_on=TODAY - DAY)
    wallets = wallets_of(membership)
    assert membership.status(NOW) == "expired"
    extend(wallets, extension(membership, 5), NOW)
    assert (membership.status(NOW), membership.expires_on) == ("active", TODAY + 4 * DAY)
    (row,) = wallets.changes.history
    assert (row.change.kind, row.change.by, row.change.reason) == ("extended", OPERATOR, "Was ill")
    assert row.expires_on == TODAY + 4 * DAY


@pytest.mark.parametrize("days", [0, -1])
def test_a_membership_is_extended_to_a_later_date_only(days: int) -> None:
    membership = a_membership(ANNA)
    with pytest.raises(Conflict, match="not earlier"):
        extend(wallets_of(membership), extension(membership, days), NOW)


def test_what_never_expires_is_not_extended_nor_is_anything_for_ever() -> None:
    membership = a_membership(ANNA)
    ever = extension(membership, 1)._replace(expires_on=TODAY.replace(year=3000))
    with pytest.raises(Invalid, match="2999"):
        extend(wallets_of(membership), ever, NOW)
    membership.expires_on = None
    request = Extend(membership.membership_id, CHAIN, TODAY, "Was ill")
    with pytest.raises(Conflict, match="no expiry date"):
        extend(wallets_of(membership), request, NOW)


@pytest.mark.rule("X6")
def test_a_membership_with_holds_is_voided_by_force_alone() -> None:
    membership = a_membership(ANNA)
    wallets = wallets_of(membership)
    first, last = holding(wallets, 0, 9)
    with pytest.raises(SessionsHeld) as refused:
        void(wallets, voiding(membership), NOW)
    assert [hold.line_id for hold in refused.value.holds] == [last.line_id, first.line_id]
    assert membership.state == "active"
    *released, voided = void(wallets, voiding(membership, force=True), NOW)
    assert isinstance(voided, Voided)
    assert [one.reason for one in released if isinstance(one, HoldReleased)] == ["voided"] * 2
    assert (membership.state, counts(membership)) == ("voided", (0, 0, 0))


def test_a_voided_membership_pays_nothing_keeps_its_balance_and_stays_voided() -> None:
    membership = a_membership(ANNA)
    wallets = wallets_of(membership)
    used = a_line(starts_at=START - 5 * DAY)
    tell(wallets, start_of(ANNA, used))
    void(wallets, voiding(membership), NOW)
    assert isinstance(hold_sessions(wallets, a_request(ANNA, a_line())), HoldsRefused)
    *_, settlement = settle(wallets, start_of(ANNA, a_line()), START)
    assert isinstance(settlement, Settlement)
    assert settlement.lines[0].reason == "status_not_valid"
    tell(wallets, cancelled(ANNA, used))
    assert membership.buckets[0].balance == 8, "what was debited comes back, and stays there"
    for again in (
        lambda: void(wallets, voiding(membership), NOW),
        lambda: extend(wallets, extension(membership, 1), NOW),
        lambda: adjust(wallets, adjustment(membership, 1), NOW),
        lambda: freeze(wallets, Freeze(membership.membership_id, CHAIN, NOW)),
        lambda: share(wallets, Share(membership.membership_id, CHAIN, uuid4()), NOW),
    ):
        with pytest.raises(Conflict, match="voided"):
            again()


@pytest.mark.rule("A14")
def test_a_frozen_membership_that_is_voided_is_not_frozen_any_more() -> None:
    membership = a_membership(ANNA)
    wallets = wallets_of(membership)
    freeze(wallets, Freeze(membership.membership_id, CHAIN, NOW, TODAY + DAY))
    void(wallets, voiding(membership), NOW + timedelta(hours=1))
    assert (membership.state, membership.frozen_at, membership.frozen_until) == (
        "voided",
        None,
        None,
    )


def test_what_belongs_to_another_chain_is_not_there() -> None:
    membership = a_membership(ANNA, services=(YOGA,))
    wallets, elsewhere = wallets_of(membership), uuid4()
    unknown: list[UUID] = [membership.membership_id, uuid4()]
    for id_ in unknown:
        foreign = {"membership_id": id_, "chain_id": elsewhere}
        with pytest.raises(NotFound, match="membership"):
            adjust(wallets, adjustment(membership, 1, **foreign), NOW)
        with pytest.raises(NotFound, match="membership"):
            void(wallets, voiding(membership, **foreign), NOW)
        with pytest.raises(NotFound, match="membership"):
            extend(wallets, extension(membership, 1)._replace(**foreign), NOW)
