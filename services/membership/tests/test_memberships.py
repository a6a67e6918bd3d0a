"""Issuing, freezing, sharing and validity, as sentences."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from membership.domain import wallets as wallet_limits
from membership.domain.freezing import Freeze, Unfreeze, freeze, unfreeze
from membership.domain.holding import HoldsPlaced, hold_sessions
from membership.domain.issuing import Issued, IssueRefused, Sale, issue
from membership.domain.ledger import Entry
from membership.domain.memberships import BucketTerms, MembershipType
from membership.domain.refusals import Conflict, NotFound
from membership.domain.sharing import Share, share
from membership.domain.validity import Unit, Validity
from membership.domain.wallets import Wallets

from .given import (
    CHAIN,
    LOCATION,
    NOW,
    TODAY,
    YOGA,
    ZONE,
    a_line,
    a_membership,
    a_request,
    wallets_of,
)

ANNA = uuid4()
BEN = uuid4()
DAY = timedelta(days=1)


def a_type(**terms: Any) -> MembershipType:
    values: dict[str, Any] = {
        "membership_type_id": uuid4(),
        "chain_id": CHAIN,
        "name": "Yoga 8",
        "price": 8000,
        "currency": "EUR",
        "buckets": (BucketTerms(8, (YOGA,)), BucketTerms(None, (uuid4(),))),
        "validity": Validity(1, "months"),
        "activation": "on_sale",
        "auto_deduction": True,
    }
    return MembershipType(**values | terms)


def a_sale(kind: MembershipType, sold_at: datetime = NOW) -> Sale:
    return Sale(uuid4(), kind.chain_id, LOCATION, ZONE, ANNA, kind.membership_type_id, sold_at)


def test_a_sale_issues_a_membership_with_its_buckets_once() -> None:
    kind, wallets = a_type(), wallets_of(clients=(ANNA,))
    sale, types = a_sale(kind), {kind.membership_type_id: kind}
    issued, *entries = issue(wallets, sale, types, NOW)
    assert isinstance(issued, Issued)
    assert issued.membership.owner_client_id == ANNA
    granted = [(e.kind, e.sessions, e.balance, e.revision) for e in entries if isinstance(e, Entry)]
    assert granted == [("granted", 8, 8, 1), ("granted", 0, None, 2)]
    assert issue(wallets, sale, types, NOW) == []


@pytest.mark.rule("X5")
def test_what_is_activated_by_the_sale_is_valid_from_its_local_date() -> None:
    kind = a_type()
    late_evening = datetime(2026, 1, 30, 23, 30, tzinfo=UTC)  # January 31 in Berlin
    issued, *_ = issue(
        wallets_of(clients=(ANNA,)),
        a_sale(kind, late_evening),
        {kind.membership_type_id: kind},
        NOW,
    )
    assert isinstance(issued, Issued)
    assert (issued.membership.state, issued.membership.expires_on) == ("active", date(2026, 2, 28))


def test_what_the_first_visit_activates_is_issued_without_an_expiry_date() -> None:
    kind = a_type(activation="on_first_visit")
    issued, *_ = issue(
        wallets_of(clients=(ANNA,)), a_sale(kind), {kind.membership_type_id: kind}, NOW
    )
    assert isinstance(issued, Issued)
    assert (issued.membership.state, issued.membership.expires_on) == ("issued", None)


@pytest.mark.rule("X4")
def test_what_would_be_valid_from_a_date_beyond_all_calendars_is_not_issued() -> None:
    kind = a_type(activation="on_date", validity=Validity(1, "years"))
    sale = a_sale(kind)._replace(activates_on=date.max)
    (refused,) = issue(wallets_of(clients=(ANNA,)), sale, {kind.membership_type_id: kind}, NOW)
    assert isinstance(refused, IssueRefused)


def test_a_type_that_is_unknown_or_of_another_chain_is_not_issued() -> None:
    foreign = a_type(chain_id=uuid4())
    sale = a_sale(a_type())._replace(membership_type_id=foreign.membership_type_id)
    for types in ({}, {foreign.membership_type_id: foreign}):
        (refused,) = issue(wallets_of(clients=(ANNA,)), sale, types, NOW)
        assert isinstance(refused, IssueRefused)


@pytest.mark.parametrize(
    ("first", "count", "unit", "last"),
    [
        (date(2026, 1, 31), 1, "months", date(2026, 2, 28)),
        (date(2028, 1, 31), 1, "months", date(2028, 2, 29)),
        (date(2026, 12, 15), 2, "months", date(2027, 2, 15)),
        (date(2028, 2, 29), 1, "years", date(2029, 2, 28)),
        (date(2026, 3, 10), 2, "weeks", date(2026, 3, 24)),
        (date(2026, 3, 10), 30, "days", date(2026, 4, 9)),
    ],
)
def test_months_and_years_end_on_the_same_day_or_the_months_last(
    first: date, count: int, unit: Unit, last: date
) -> None:
    assert Validity(count, unit).last_day(first) == last


def test_unfreezing_moves_the_expiry_date_by_the_days_really_frozen() -> None:
    membership = a_membership(ANNA, expires_on=TODAY + 10 * DAY)
    wallets = wallets_of(membership)
    freeze(wallets, Freeze(membership.membership_id, CHAIN, NOW))
    assert (membership.state, membership.frozen_at) == ("frozen", NOW)
    unfreeze(wallets, Unfreeze(membership.membership_id, CHAIN, NOW + 5 * DAY))
    assert (membership.state, membership.expires_on) == ("active", TODAY + 15 * DAY)


def test_what_is_frozen_and_unfrozen_on_one_day_expires_when_it_did() -> None:
    membership = a_membership(ANNA)
    wallets, expires_on = wallets_of(membership), membership.expires_on
    freeze(wallets, Freeze(membership.membership_id, CHAIN, NOW))
    unfreeze(wallets, Unfreeze(membership.membership_id, CHAIN, NOW + timedelta(hours=1)))
    assert membership.expires_on == expires_on


def test_a_membership_never_activated_is_issued_again_after_a_freeze() -> None:
    membership = a_membership(ANNA, state="issued", activated_on=None, expires_on=None)
    wallets = wallets_of(membership)
    freeze(wallets, Freeze(membership.membership_id, CHAIN, NOW))
    unfreeze(wallets, Unfreeze(membership.membership_id, CHAIN, NOW + DAY))
    assert membership.state == "issued"


def test_only_what_is_not_frozen_is_frozen_and_only_what_is_frozen_is_unfrozen() -> None:
    membership = a_membership(ANNA)
    wallets = wallets_of(membership)
    with pytest.raises(Conflict, match="not frozen"):
        unfreeze(wallets, Unfreeze(membership.membership_id, CHAIN, NOW))
    freeze(wallets, Freeze(membership.membership_id, CHAIN, NOW))
    with pytest.raises(Conflict, match="is frozen"):
        freeze(wallets, Freeze(membership.membership_id, CHAIN, NOW))


def test_a_status_says_whether_a_membership_is_expired_or_used_up() -> None:
    membership = a_membership(ANNA, sessions=1, expires_on=TODAY)
    assert membership.status(NOW) == "active"
    assert membership.status(NOW + DAY) == "expired"
    membership.buckets[0].debited = 1
    assert membership.status(NOW) == "used_up"


def apart() -> Wallets:
    """Anna's membership, and Ben with a wallet of his own."""
    wallets, others = wallets_of(a_membership(ANNA)), wallets_of(a_membership(BEN))
    ben = others.by_client[BEN]
    ben.changes = wallets.changes
    wallets.by_client[BEN] = ben
    wallets.by_membership |= others.by_membership
    return wallets


@pytest.mark.rule("S1", "S7")
def test_sharing_joins_the_wallets_and_lets_the_client_use_the_membership() -> None:
    wallets = apart()
    (membership,) = wallets.by_client[ANNA].memberships.values()
    old = wallets.by_client[BEN].wallet_id
    share(wallets, Share(membership.membership_id, CHAIN, BEN), NOW)
    joined = wallets.by_client[ANNA]
    assert wallets.by_client[BEN] is joined
    assert wallets.changes.joined == [(old, joined.wallet_id)]
    lines = [a_line() for _ in range(16)]
    assert isinstance(hold_sessions(wallets, a_request(BEN, *lines)), HoldsPlaced)


@pytest.mark.rule("S1")
def test_a_membership_is_not_shared_with_its_owner_nor_twice_nor_across_chains() -> None:
    wallets = apart()
    (membership,) = wallets.by_client[ANNA].memberships.values()
    with pytest.raises(Conflict, match="owner"):
        share(wallets, Share(membership.membership_id, CHAIN, ANNA), NOW)
    with pytest.raises(NotFound):
        share(wallets, Share(membership.membership_id, uuid4(), BEN), NOW)
    with pytest.raises(NotFound):
        share(wallets, Share(uuid4(), CHAIN, BEN), NOW)
    share(wallets, Share(membership.membership_id, CHAIN, BEN), NOW)
    with pytest.raises(Conflict, match="already"):
        share(wallets, Share(membership.membership_id, CHAIN, BEN), NOW)


def test_a_client_of_another_chain_is_not_there() -> None:
    wallets = apart()
    (own,) = wallets.by_client[ANNA].memberships.values()
    (foreign,) = wallets.by_client[BEN].memberships.values()
    foreign.chain_id = uuid4()
    with pytest.raises(NotFound, match="client"):
        share(wallets, Share(own.membership_id, CHAIN, BEN), NOW)


def test_a_wallet_that_would_be_too_large_is_not_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wallet_limits, "MAX_WALLET_SIZE", 3)
    wallets = apart()
    (membership,) = wallets.by_client[ANNA].memberships.values()
    with pytest.raises(Conflict, match="at most 3"):
        share(wallets, Share(membership.membership_id, CHAIN, BEN), NOW)
    assert membership.shared_client_ids == ()
