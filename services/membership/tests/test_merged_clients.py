"""Clients who turn out to be one, as sentences: what the old ids mean (rules A5, A15, S7, X1)."""

from copy import deepcopy
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from membership.domain.hold_requests import Line
from membership.domain.issuing import Sale
from membership.domain.merged_clients import meant
from membership.domain.refusals import Conflict
from membership.domain.sharing import Share, Unshare, share, unshare
from membership.domain.undoing import ReversalRequest
from membership.domain.wallets import MAX_WALLET_SIZE, Wallets

from .given import (
    AFTER,
    BEFORE,
    CHAIN,
    LOCATION,
    NOW,
    START,
    TODAY,
    YOGA,
    ZONE,
    a_line,
    a_membership,
    a_request,
    by_hand,
    cancelled,
    claimed,
    counts,
    lines_of_one,
    merged,
    moved,
    refunded,
    rescheduled,
    returned,
    start_of,
    tell,
    undone,
    wallets_apart,
)
from .orders import decisions, end_of

ANNA = uuid4()
OLGA = uuid4()
IRMA = uuid4()
BORIS = uuid4()
DAY = timedelta(days=1)


def test_memberships_of_merged_clients_are_owned_by_and_shared_with_the_kept_one() -> None:
    own = a_membership(OLGA)
    of_boris = a_membership(BORIS, shared=(OLGA, ANNA))
    of_anna = a_membership(ANNA, shared=(OLGA, BORIS))
    wallets = wallets_apart((ANNA, (of_anna,)), (OLGA, (own,)), (BORIS, (of_boris,)))
    wallets.join(wallets.by_client[ANNA], wallets.by_client[BORIS])
    tell(wallets, merged(ANNA, OLGA))
    owners = [one.owner_client_id for one in (own, of_boris, of_anna)]
    assert owners == [ANNA, BORIS, ANNA]
    shared = [one.shared_client_ids for one in (own, of_boris, of_anna)]
    assert shared == [(), (ANNA,), (BORIS,)]
    history = [(row.membership_id, row.change.kind) for row in wallets.changes.history]
    assert sorted(history) == sorted(
        (one.membership_id, "merged") for one in (own, of_boris, of_anna)
    )
    tell(wallets, merged(ANNA, OLGA))
    assert len(wallets.changes.history) == 3, "heard again, it changes nothing"


@pytest.mark.rule("A5")
def test_a_start_under_the_old_id_is_debited_from_the_first_that_the_kept_one_may_use() -> None:
    later, earlier = a_membership(OLGA), a_membership(ANNA, expires_on=TODAY + 5 * DAY)
    same_day = a_membership(BORIS, shared=(ANNA,), expires_on=TODAY + 5 * DAY)
    same_day.issued_at = earlier.issued_at - DAY
    wallets = wallets_apart((ANNA, (earlier,)), (OLGA, (later,)), (BORIS, (same_day,)))
    wallets.join(wallets.by_client[ANNA], wallets.by_client[BORIS])
    line = a_line()
    tell(wallets, a_request(OLGA, line))
    assert counts(later) == (0, 1, 0)
    tell(wallets, merged(ANNA, OLGA))
    *_, settlement = tell(wallets, start_of(OLGA, line))
    assert [counts(one)[:2] for one in (earlier, same_day, later)] == [(1, 0), (0, 0), (0, 0)]
    assert settlement.client_id == ANNA
    (entry,) = wallets.changes.entries
    assert entry.use is not None
    assert entry.use.client_id == ANNA


@pytest.mark.rule("S7", "X1")
def test_merged_clients_do_not_spend_a_session_twice() -> None:
    membership = a_membership(OLGA, sessions=1)
    wallets = wallets_apart((ANNA, ()), (OLGA, (membership,)))
    tell(wallets, merged(ANNA, OLGA))
    for client in (OLGA, ANNA, OLGA):
        tell(wallets, a_request(client, a_line()))
    assert counts(membership) == (0, 1, 0)


def test_merges_in_a_row_mean_the_last_client_in_whichever_order_they_are_heard() -> None:
    for merges in permutations([merged(OLGA, IRMA), merged(ANNA, OLGA)]):
        memberships = a_membership(IRMA), a_membership(OLGA)
        wallets = wallets_apart((ANNA, ()), (OLGA, memberships[1:]), (IRMA, memberships[:1]))
        for merge in merges:
            tell(wallets, merge)
        assert wallets.aliases == {OLGA: ANNA, IRMA: ANNA}
        assert wallets.changes.aliases == wallets.aliases
        assert {one.owner_client_id for one in memberships} == {ANNA}


def test_whatever_is_asked_under_the_old_id_is_asked_for_the_kept_client() -> None:
    membership = a_membership(BORIS)
    wallets = wallets_apart((ANNA, ()), (OLGA, ()), (BORIS, (membership,)))
    tell(wallets, merged(ANNA, OLGA))
    sale = Sale(uuid4(), CHAIN, LOCATION, ZONE, OLGA, uuid4(), NOW)
    assert meant(wallets, sale).client_id == ANNA
    request = meant(wallets, Share(membership.membership_id, CHAIN, OLGA))
    share(wallets, request, NOW)
    assert membership.shared_client_ids == (ANNA,)
    with pytest.raises(Conflict, match="already"):
        share(wallets, request, NOW)
    tell(wallets, a_request(OLGA, a_line()))
    assert counts(membership) == (0, 1, 0)
    unshare(wallets, meant(wallets, Unshare(membership.membership_id, CHAIN, OLGA)), NOW)
    assert (membership.shared_client_ids, counts(membership)) == ((), (0, 0, 0))


@pytest.mark.rule("S2", "G6")
def test_what_was_held_under_the_old_id_is_held_for_the_kept_client() -> None:
    shared = a_membership(BORIS, shared=(OLGA,), expires_on=TODAY + 5 * DAY)
    own = a_membership(ANNA)
    wallets = wallets_apart((ANNA, (own,)), (OLGA, ()), (BORIS, (shared,)))
    wallets.join(wallets.by_client[BORIS], wallets.by_client[OLGA])
    tell(wallets, a_request(OLGA, a_line()))
    tell(wallets, merged(ANNA, OLGA))
    unshare(wallets, Unshare(shared.membership_id, CHAIN, ANNA), NOW)
    assert (counts(shared), counts(own)) == ((0, 0, 0), (0, 1, 0)), "it has moved"


def test_merging_is_never_refused_however_many_it_connects() -> None:
    many = tuple(a_membership(OLGA) for _ in range(MAX_WALLET_SIZE))
    wallets = wallets_apart((ANNA, ()), (OLGA, many))
    tell(wallets, merged(ANNA, OLGA))
    assert len(wallets.by_client[ANNA].reach(ANNA)) == MAX_WALLET_SIZE


def stories(line: Line) -> dict[str, list[object]]:
    """What may be said under the old id, beside a hold, a start and the merge."""
    later, claim, debit = moved(line), claimed(OLGA, line), by_hand(OLGA, line)
    return {
        "started": [],
        "cancelled": [cancelled(OLGA, line)],
        "charged": [cancelled(OLGA, line, charge=True)],
        "claimed": [claim],
        "claimed and returned": [claim, returned(claim, line, at=BEFORE)],
        "debited by hand": [debit],
        "debited by hand and undone": [debit, undone(OLGA, line, at=AFTER)],
        "debited by hand and refunded": [debit, refunded(OLGA, line, at=BEFORE)],
        "rescheduled": [rescheduled(OLGA, *later), start_of(OLGA, *later)],
        "merged on": [merged(IRMA, ANNA)],
    }


@pytest.mark.rule("A15", "X1")
@pytest.mark.parametrize("kind", list(stories(a_line())))
def test_a_merge_ends_in_the_same_state_whenever_it_is_heard(kind: str) -> None:
    line, membership = a_line(), a_membership(OLGA, sessions=2)
    story = [a_request(OLGA, line), start_of(OLGA, line), merged(ANNA, OLGA), *stories(line)[kind]]
    ends: dict[tuple[str, ...], Any] = {}
    for order in permutations(story):
        own = deepcopy(membership)
        wallets = wallets_apart((ANNA, ()), (OLGA, (own,)), (IRMA, ()))
        wallets.join(wallets.by_client[OLGA], wallets.by_client[IRMA])
        said = decisions(wallets, order)
        end = end_of(wallets, line)
        assert ends.setdefault(said, end) == end, (kind, said)
        assert own.owner_client_id == (IRMA if kind == "merged on" else ANNA)
        assert counts(own)[0] <= 1


@st.composite
def days(draw: st.DrawFn) -> tuple[Wallets, list[object]]:
    clients = ANNA, OLGA, IRMA
    groups: list[tuple[UUID, Any]] = []
    for client in clients:
        sessions = draw(st.lists(st.integers(1, 2), max_size=2))
        groups.append((client, tuple(a_membership(client, sessions=count) for count in sessions)))
    messages: list[object] = [merged(ANNA, OLGA), merged(draw(st.sampled_from([ANNA, OLGA])), IRMA)]
    for _ in range(draw(st.integers(1, 4))):
        client = draw(st.sampled_from(clients))
        lines = lines_of_one(*[YOGA] * draw(st.integers(1, 2)))
        messages += [a_request(client, *lines), start_of(client, *lines)]
        if draw(st.booleans()):
            messages.append(cancelled(client, lines[0]))
        if draw(st.booleans()):
            messages += [by_hand(client, *lines), refunded(client, *lines)]
    return wallets_apart(*groups), draw(st.permutations(messages))


@pytest.mark.rule("X1", "S7", "A15")
@given(day=days())
def test_whenever_merges_are_heard_nothing_is_overdrawn_and_no_line_paid_twice(day: Any) -> None:
    wallets, messages = day
    for message in messages:
        for _ in range(2):
            tell(wallets, message)
        for wallet in {id(one): one for one in wallets.by_client.values()}.values():
            held = [hold.bucket_id for hold in wallet.holds.values()]
            for bucket in wallet.buckets.values():
                assert bucket.free >= 0
                assert bucket.held == held.count(bucket.bucket_id)
    (wallet,) = {id(one): one for one in wallets.by_client.values()}.values()
    assert {one.owner_client_id for one in wallet.memberships.values()} <= {ANNA}
    debited = [
        line.line_id for one in wallets.settlements.values() for line in one.lines if line.bucket_id
    ]
    assert len(debited) == len(set(debited))
    assert sum(bucket.debited for bucket in wallet.buckets.values()) == len(debited)
    reversals = (one for one in messages if isinstance(one, ReversalRequest))
    assert all(one.at >= START for one in reversals)
