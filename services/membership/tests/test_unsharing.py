"""Removing a shared client, as sentences: rule S2."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from membership.domain.appointments import HoldMoved, HoldReleased
from membership.domain.history import Actor
from membership.domain.hold_requests import Line
from membership.domain.holding import HoldsRefused, hold_sessions
from membership.domain.memberships import Membership
from membership.domain.refusals import NotFound
from membership.domain.sharing import Unshare, Unshared, unshare
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
    counts,
    wallets_of,
)

ANNA, BEN = uuid4(), uuid4()
OPERATOR = Actor(uuid4(), "operator")
DAY = timedelta(days=1)


def removing(membership: Membership, client: UUID = BEN) -> Unshare:
    return Unshare(membership.membership_id, CHAIN, client, OPERATOR)


def held(wallets: Wallets, client: UUID, line: Line) -> Line:
    hold_sessions(wallets, a_request(client, line))
    return line


@pytest.mark.rule("S2")
def test_a_client_who_was_removed_cannot_use_the_membership_any_more() -> None:
    membership = a_membership(ANNA, shared=(uuid4(), BEN))
    wallets = wallets_of(membership)
    (unshared,) = unshare(wallets, removing(membership), NOW)
    assert isinstance(unshared, Unshared)
    assert (unshared.client_id, BEN in membership.shared_client_ids) == (BEN, False)
    assert len(membership.shared_client_ids) == 1
    assert isinstance(hold_sessions(wallets, a_request(BEN, a_line())), HoldsRefused)
    (row,) = wallets.changes.history
    assert (row.change.kind, row.change.client_id, row.change.by) == ("unshared", BEN, OPERATOR)


@pytest.mark.rule("S2")
def test_what_the_client_holds_there_moves_to_the_clients_other_memberships() -> None:
    shared = a_membership(ANNA, shared=(BEN,), expires_on=TODAY + 3 * DAY)
    own = a_membership(BEN, sessions=1)
    wallets = wallets_of(shared, own)
    early, late = (held(wallets, BEN, a_line(starts_at=START + days * DAY)) for days in (0, 1))
    annas = held(wallets, ANNA, a_line())
    moved, released, _ = unshare(wallets, removing(shared), NOW)
    assert isinstance(moved, HoldMoved)
    assert (moved.line_id, moved.membership_id) == (early.line_id, own.membership_id)
    assert isinstance(released, HoldReleased)
    assert (released.line_id, released.reason) == (late.line_id, "unshared")
    assert released.membership_id == shared.membership_id
    assert (counts(shared), counts(own)) == ((0, 1, 0), (0, 1, 0))
    wallet = wallets.by_client[ANNA]
    assert wallet.holds[annas.line_id].bucket_id == shared.buckets[0].bucket_id


@pytest.mark.rule("S2", "G6")
def test_holds_elsewhere_move_on_so_that_what_the_client_loses_finds_a_place() -> None:
    shared = a_membership(ANNA, shared=(BEN,), services=(YOGA,), expires_on=TODAY + 3 * DAY)
    both = a_membership(BEN, sessions=1, services=(YOGA, MASSAGE), expires_on=TODAY + 4 * DAY)
    massages = a_membership(BEN, sessions=1, services=(MASSAGE,))
    wallets = wallets_of(shared, both, massages)
    massage = held(wallets, BEN, a_line(MASSAGE))
    yoga = held(wallets, BEN, a_line(YOGA))
    *moves, _ = unshare(wallets, removing(shared), NOW)
    assert {(one.line_id, one.membership_id) for one in moves if isinstance(one, HoldMoved)} == {
        (massage.line_id, massages.membership_id),
        (yoga.line_id, both.membership_id),
    }


@pytest.mark.rule("S2")
def test_who_does_not_share_it_is_not_removed_and_the_owner_never_is() -> None:
    membership = a_membership(ANNA, shared=(BEN,))
    wallets = wallets_of(membership)
    for other in (ANNA, uuid4()):
        with pytest.raises(NotFound, match="shared client"):
            unshare(wallets, removing(membership, other), NOW)
    with pytest.raises(NotFound, match="membership"):
        unshare(wallets, removing(membership)._replace(chain_id=uuid4()), NOW)
    assert membership.shared_client_ids == (BEN,)
