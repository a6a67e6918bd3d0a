"""Memberships that were issued elsewhere, and sold ones taken back, as sentences (A5, A13, X1)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from membership.domain.history import Actor
from membership.domain.importing import Import, import_membership
from membership.domain.ledger import Entry
from membership.domain.memberships import BucketTerms, Imported, Membership, MembershipType
from membership.domain.merged_clients import meant
from membership.domain.refunding import (
    SaleRefund,
    SoldMembershipVoided,
    VoidRefused,
    void_sold,
)
from membership.domain.refusals import Conflict, Invalid, NotFound
from membership.domain.validity import Validity
from membership.domain.wallets import Wallets

from .given import (
    CHAIN,
    LOCATION,
    MASSAGE,
    NOW,
    START,
    TODAY,
    YOGA,
    ZONE,
    a_line,
    a_membership,
    a_request,
    counts,
    merged,
    start_of,
    tell,
    undone,
    wallets_apart,
    wallets_of,
)

ANNA = uuid4()
BORIS = uuid4()
OLGA = uuid4()
DAY = timedelta(days=1)
KIND = MembershipType(
    membership_type_id=uuid4(),
    chain_id=CHAIN,
    name="Yoga and massage",
    price=9000,
    currency="EUR",
    buckets=(BucketTerms(8, (YOGA,)), BucketTerms(None, (MASSAGE,))),
    validity=Validity(30, "days"),
    activation="on_sale",
    auto_deduction=True,
)


def an_import(**told: Any) -> Import:
    request = Import(
        membership_id=uuid4(),
        chain_id=CHAIN,
        location_id=LOCATION,
        time_zone=ZONE,
        origin=Imported("A-17", "digest", (ANNA,)),
        client_id=ANNA,
        membership_type_id=KIND.membership_type_id,
        remaining=(3, None),
        issued_on=TODAY - 9 * DAY,
        by=Actor(uuid4(), "operator"),
    )
    return request._replace(**told)


def imported(wallets: Wallets, request: Import) -> list[Entry]:
    return import_membership(wallets, request, {KIND.membership_type_id: KIND}, NOW)


def wallets_for(*clients: UUID) -> Wallets:
    """A wallet for each client."""
    return wallets_apart(*((client_id, ()) for client_id in clients))


def the_membership(wallets: Wallets, request: Import) -> Membership:
    return wallets.find(request.membership_id, CHAIN)


@pytest.mark.rule("X1")
def test_an_imported_membership_is_granted_what_is_left_even_if_that_is_nothing() -> None:
    wallets, request = wallets_for(ANNA), an_import(remaining=(0, None))
    entries = imported(wallets, request)
    said = [(entry.kind, entry.sessions, entry.balance) for entry in entries]
    assert said == [("granted", 0, 0), ("granted", 0, None)]
    membership = the_membership(wallets, request)
    assert [bucket.granted for bucket in membership.buckets] == [0, None]
    (row,) = wallets.changes.history
    assert (row.change.kind, row.change.by) == ("imported", request.by)


@pytest.mark.parametrize(
    ("activated_on", "expires_on", "remaining", "status"),
    [
        (None, None, (3, None), "issued"),
        (TODAY, None, (3, None), "active"),
        (TODAY + DAY, TODAY + 9 * DAY, (3, None), "issued"),
        (TODAY - 9 * DAY, TODAY, (3, None), "active"),
        (TODAY - 9 * DAY, TODAY - DAY, (3, None), "expired"),
        (None, TODAY - DAY, (3, None), "expired"),
    ],
)
def test_its_status_follows_from_its_dates(
    activated_on: date | None, expires_on: date | None, remaining: Any, status: str
) -> None:
    wallets = wallets_for(ANNA)
    request = an_import(activated_on=activated_on, expires_on=expires_on, remaining=remaining)
    imported(wallets, request)
    membership = the_membership(wallets, request)
    assert membership.status(NOW) == status
    assert membership.expires_on == expires_on


def test_a_first_visit_starts_the_time_of_an_imported_one_unless_its_end_is_told() -> None:
    for expires_on, ends in ((None, START.date() + 30 * DAY), (TODAY + 5 * DAY,) * 2):
        wallets, request = wallets_for(ANNA), an_import(expires_on=expires_on)
        imported(wallets, request)
        tell(wallets, start_of(ANNA, a_line()))
        membership = the_membership(wallets, request)
        assert (membership.activated_on, membership.expires_on) == (START.date(), ends)


@pytest.mark.rule("A5")
def test_of_imported_memberships_that_end_alike_the_one_that_was_issued_earlier_pays() -> None:
    wallets, line = wallets_for(ANNA), a_line()
    dates = {"activated_on": TODAY, "expires_on": TODAY + 9 * DAY}
    younger = an_import(issued_on=TODAY - DAY, **dates)
    older = an_import(issued_on=TODAY - 2 * DAY, **dates)
    for request in (younger, older):
        imported(wallets, request)
    tell(wallets, start_of(ANNA, line))
    used = [counts(the_membership(wallets, request))[0] for request in (younger, older)]
    assert used == [0, 1]


@pytest.mark.rule("S1", "S7")
def test_whom_it_is_shared_with_compete_for_its_sessions_at_once() -> None:
    wallets = wallets_for(ANNA, BORIS)
    request = an_import(remaining=(1, None), shared_client_ids=(BORIS, BORIS))
    imported(wallets, request)
    assert the_membership(wallets, request).shared_client_ids == (BORIS,)
    assert wallets.by_client[ANNA] is wallets.by_client[BORIS]
    tell(wallets, a_request(BORIS, a_line()))
    tell(wallets, a_request(ANNA, a_line()))
    assert counts(the_membership(wallets, request))[1] == 1


@pytest.mark.rule("X3")
def test_the_same_import_again_changes_nothing_and_another_of_that_name_is_a_conflict() -> None:
    wallets, request = wallets_for(ANNA), an_import()
    imported(wallets, request)
    tell(wallets, start_of(ANNA, a_line()))
    assert imported(wallets, request) == []
    assert counts(the_membership(wallets, request))[0] == 1
    with pytest.raises(Conflict, match="A-17"):
        imported(wallets, request._replace(origin=Imported("A-17", "another", (ANNA,))))


@pytest.mark.rule("X3")
def test_the_same_import_of_a_client_who_is_merged_by_now_changes_nothing() -> None:
    wallets = wallets_apart((ANNA, ()), (BORIS, ()), (OLGA, ()))
    request = an_import(
        origin=Imported("A-17", "digest", (ANNA, BORIS)), shared_client_ids=(BORIS,)
    )
    imported(wallets, request)
    for other in (request._replace(client_id=OLGA), request._replace(shared_client_ids=())):
        with pytest.raises(Conflict):
            imported(wallets, other)
    tell(wallets, merged(OLGA, ANNA))
    for client_id in (ANNA, OLGA):
        again = meant(wallets, request._replace(client_id=client_id))
        assert imported(wallets, again) == []


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"remaining": (3,)}, "remaining"),
        ({"remaining": (3, 5)}, "remaining.1"),
        ({"remaining": (None, None)}, "remaining.0"),
        ({"shared_client_ids": (ANNA,)}, "shared_client_ids"),
        ({"issued_on": TODAY + DAY}, "issued_on"),
        ({"issued_on": date(1, 1, 1)}, "issued_on"),
        ({"activated_on": date(9999, 12, 31)}, "activated_on"),
        ({"activated_on": TODAY, "expires_on": TODAY - DAY}, "expires_on"),
    ],
)
def test_what_cannot_be_is_refused_and_names_the_field(told: dict[str, Any], field: str) -> None:
    wallets = wallets_for(ANNA)
    with pytest.raises(Invalid) as refused:
        imported(wallets, an_import(**told))
    assert refused.value.field == field
    assert not wallets.changes.issued


def test_a_type_or_a_client_of_another_chain_is_not_found() -> None:
    elsewhere = a_membership(ANNA, chain_id=uuid4())
    with pytest.raises(NotFound, match="client"):
        imported(wallets_of(elsewhere), an_import())
    with pytest.raises(NotFound, match="membership type"):
        imported(wallets_for(ANNA), an_import(chain_id=uuid4()))


def refund_of(membership: Membership, **others: Any) -> SaleRefund:
    return SaleRefund(uuid4(), membership.membership_id, CHAIN)._replace(**others)


def test_a_membership_that_was_not_used_is_voided_when_its_sale_is_refunded() -> None:
    cases: list[dict[str, Any]] = [{}, {"state": "frozen", "frozen_at": NOW}, {"shared": (BORIS,)}]
    for terms in cases:
        membership = a_membership(ANNA, **terms)
        wallets, refund = wallets_of(membership), refund_of(membership)
        assert void_sold(wallets, refund, NOW)[-1] == SoldMembershipVoided(refund)
        assert (membership.state, membership.frozen_at) == ("voided", None)
        assert [row.change.kind for row in wallets.changes.history] == ["voided"]
        assert void_sold(wallets, refund, NOW) == [SoldMembershipVoided(refund)]
        assert membership.revision == 2


def test_a_membership_that_is_used_or_held_or_adjusted_is_not_taken_back() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets, refund = wallets_of(membership), refund_of(membership)
    tell(wallets, a_request(ANNA, line))
    assert void_sold(wallets, refund, NOW) == [VoidRefused(refund, 0, 1)]
    tell(wallets, start_of(ANNA, line))
    assert void_sold(wallets, refund, NOW) == [VoidRefused(refund, 1, 0)]
    tell(wallets, undone(ANNA, line))
    membership.buckets[0].adjusted = -1
    assert void_sold(wallets, refund, NOW) == [VoidRefused(refund, 0, 0)]
    membership.buckets[0].adjusted = 0
    assert void_sold(wallets, refund, NOW)[-1] == SoldMembershipVoided(refund)


def test_a_membership_that_is_unknown_or_of_another_chain_is_not_taken_back() -> None:
    membership = a_membership(ANNA)
    for others in ({"membership_id": uuid4()}, {"chain_id": uuid4()}):
        refund = refund_of(membership, **others)
        assert void_sold(wallets_of(membership), refund, NOW) == [VoidRefused(refund, 0, 0)]
