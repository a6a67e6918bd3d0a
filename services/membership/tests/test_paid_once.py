"""Undoing, claims and debits by hand, as sentences: rules A7, A10, A13 and A16."""

from copy import deepcopy
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from membership.domain.claiming import Claimed, NotClaimed
from membership.domain.debiting import Debited, NotDebited
from membership.domain.freezes import PastFreeze
from membership.domain.hold_requests import Line
from membership.domain.ledger import Entry
from membership.domain.refusals import Conflict, NotFound
from membership.domain.settlements import Settlement
from membership.domain.validity import Validity
from membership.domain.wallets import Wallets

from .given import (
    AFTER,
    BEFORE,
    LATER,
    MASSAGE,
    NOW,
    START,
    TODAY,
    YOGA,
    a_line,
    a_membership,
    a_request,
    by_hand,
    cancelled,
    claimed,
    counts,
    lines_of_one,
    moved,
    rescheduled,
    returned,
    start_of,
    tell,
    undone,
    wallets_of,
)
from .orders import decisions, end_of

ANNA = uuid4()
DAY = timedelta(days=1)


def settlement_of(wallets: Wallets, line: Line) -> Settlement:
    return wallets.settlements[line.appointment_id]


def reasons_of(wallets: Wallets, line: Line) -> list[str | None]:
    return [one.reason for one in settlement_of(wallets, line).lines]


@pytest.mark.rule("A10")
def test_a_debit_alone_is_undone_and_the_session_comes_back_to_its_bucket() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    tell(wallets, start_of(ANNA, line))
    events = tell(wallets, undone(ANNA, line))
    assert [event.kind for event in events if isinstance(event, Entry)] == ["reversed"]
    settlement = settlement_of(wallets, line)
    assert (settlement.revision, settlement.outcome, settlement.shortfall) == (2, "reversed", 1)
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("A10")
def test_one_of_several_debits_is_undone_and_the_others_stay() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, start_of(ANNA, *lines))
    tell(wallets, undone(ANNA, lines[1]))
    assert settlement_of(wallets, lines[0]).outcome == "not_debited"
    assert reasons_of(wallets, lines[0]) == [None, "debit_undone"]
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A10")
def test_without_named_lines_every_debit_of_the_appointment_is_undone() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, start_of(ANNA, *lines))
    tell(wallets, undone(ANNA, lines[0], line_ids=()))
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("A10")
def test_what_is_not_debited_cannot_be_undone() -> None:
    membership, lines = a_membership(ANNA, sessions=1), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    with pytest.raises(Conflict):
        tell(wallets, undone(ANNA, lines[0]))
    tell(wallets, start_of(ANNA, *lines))
    with pytest.raises(Conflict, match=str(lines[1].line_id)):
        tell(wallets, undone(ANNA, *lines))
    tell(wallets, undone(ANNA, lines[0]))
    with pytest.raises(Conflict):
        tell(wallets, undone(ANNA, lines[0], line_ids=()))


@pytest.mark.rule("A10")
@pytest.mark.parametrize("others", [{"chain_id": uuid4()}, {"location_id": uuid4()}])
def test_a_debit_of_another_location_is_not_found(others: dict[str, Any]) -> None:
    wallets, line = wallets_of(a_membership(ANNA)), a_line()
    tell(wallets, start_of(ANNA, line))
    with pytest.raises(NotFound):
        tell(wallets, undone(ANNA, line, **others))


@pytest.mark.rule("A10")
def test_what_was_undone_after_the_start_is_not_debited_automatically_again() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    tell(wallets, by_hand(ANNA, line))
    tell(wallets, undone(ANNA, line, at=AFTER))
    tell(wallets, start_of(ANNA, line))  # it was late
    assert reasons_of(wallets, line) == ["debit_undone"]
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("A10")
def test_what_was_undone_in_an_expired_membership_expires_at_once() -> None:
    membership, line = a_membership(ANNA, expires_on=TODAY + DAY), a_line(starts_at=NOW)
    wallets = wallets_of(membership)
    tell(wallets, start_of(ANNA, line))
    events = tell(wallets, undone(ANNA, line, at=START))
    assert [event.kind for event in events if isinstance(event, Entry)] == ["reversed", "expired"]


@pytest.mark.rule("A13", "A16")
def test_a_debit_by_hand_before_the_start_is_planned_and_the_start_debits_the_rest() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, a_request(ANNA, *lines))
    request = by_hand(ANNA, *lines)._replace(line_ids=(lines[0].line_id,))
    tell(wallets, request)
    planned = settlement_of(wallets, lines[0])
    assert (planned.outcome, len(planned.lines)) == ("planned", 1)
    assert counts(membership) == (1, 1, 0)
    tell(wallets, start_of(ANNA, *lines))
    settlement = settlement_of(wallets, lines[0])
    assert (settlement.outcome, settlement.revision) == ("debited", 2)
    assert [line.by_hand for line in settlement.lines] == [True, False]
    assert counts(membership) == (2, 0, 0)


@pytest.mark.rule("A13", "A7")
@pytest.mark.parametrize("auto_deduction", [False, True])
@pytest.mark.parametrize("status", ["pending", "no_show", "confirmed", "arrived"])
def test_by_hand_the_second_switch_or_a_client_who_has_come_is_needed(
    status: Any, *, auto_deduction: bool
) -> None:
    membership, line = a_membership(ANNA, auto_deduction=auto_deduction), a_line()
    wallets = wallets_of(membership)
    wallets.visit_statuses[line.appointment_id] = status
    answer = tell(wallets, by_hand(ANNA, line))[-1]
    if auto_deduction or status in {"confirmed", "arrived"}:
        assert isinstance(answer, Debited)
        assert answer.paid_by == ((line.line_id, membership.membership_id),)
    else:
        assert isinstance(answer, NotDebited)
        assert [(why.rule, why.reason) for why in answer.reasons] == [("A13", "visit_status")]


@pytest.mark.rule("A6", "A7")
@pytest.mark.parametrize("status", ["pending", "no_show", "confirmed", "arrived"])
def test_the_start_debits_in_every_visit_status(status: Any) -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    wallets.visit_statuses[line.appointment_id] = status
    tell(wallets, start_of(ANNA, line))
    assert counts(membership) == (1, 0, 0)
    assert wallets.visit_statuses[line.appointment_id] == status


@pytest.mark.rule("A13", "A14")
@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"state": "frozen", "frozen_at": NOW}, "frozen"),
        ({"expires_on": TODAY + DAY}, "expired"),
        ({"state": "voided"}, "status_not_valid"),
        ({"services": (MASSAGE,)}, "service_not_covered"),
        ({"location_ids": frozenset({uuid4()})}, "location_not_covered"),
    ],
)
def test_by_hand_a_membership_must_be_valid_for_the_visit(
    terms: dict[str, Any], reason: str
) -> None:
    wallets, line = wallets_of(a_membership(ANNA, **terms)), a_line()
    answer = tell(wallets, by_hand(ANNA, line))[-1]
    assert isinstance(answer, NotDebited)
    assert [why.reason for why in answer.reasons] == [reason]


@pytest.mark.rule("A13", "A14")
def test_by_hand_a_membership_pays_what_it_was_too_frozen_for_when_it_began() -> None:
    freeze = PastFreeze(START - DAY, START + DAY)
    wallets, line = wallets_of(a_membership(ANNA, past_freezes=(freeze,))), a_line()
    tell(wallets, start_of(ANNA, line))
    assert reasons_of(wallets, line) == ["frozen"]
    assert isinstance(tell(wallets, by_hand(ANNA, line))[-1], Debited)


@pytest.mark.rule("A13")
def test_a_visit_from_before_a_membership_was_issued_uses_up_none_of_its_time() -> None:
    terms: dict[str, Any] = {"state": "issued", "activated_on": None, "expires_on": None}
    new = a_membership(ANNA, validity=Validity(1, "months"), issued_at=NOW, **terms)
    line = a_line(starts_at=NOW - 40 * DAY)
    tell(wallets_of(new), by_hand(ANNA, line))
    assert (counts(new), new.status(NOW)) == ((1, 0, 0), "active")
    assert (new.activated_on, new.expires_on) == (TODAY, Validity(1, "months").last_day(TODAY))


@pytest.mark.rule("A13")
def test_by_hand_all_lines_are_debited_or_none() -> None:
    membership, lines = a_membership(ANNA, sessions=1), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    (answer,) = tell(wallets, by_hand(ANNA, *lines))
    assert isinstance(answer, NotDebited)
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("A13", "S7")
def test_by_hand_what_is_held_for_others_stays_theirs_and_the_lines_own_hold_is_its_own() -> None:
    membership, own, other = a_membership(ANNA, sessions=1), a_line(), a_line()
    wallets = wallets_of(membership)
    tell(wallets, a_request(ANNA, own))
    assert isinstance(tell(wallets, by_hand(ANNA, other))[-1], NotDebited)
    assert isinstance(tell(wallets, by_hand(ANNA, own))[-1], Debited)
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A13", "A5")
def test_by_hand_a_membership_may_be_chosen_else_the_one_that_expires_earlier_pays() -> None:
    for chooses in (False, True):
        earlier, later = a_membership(ANNA, expires_on=TODAY + 5 * DAY), a_membership(ANNA)
        wallets, line = wallets_of(earlier, later), a_line()
        chosen = later.membership_id if chooses else None
        tell(wallets, by_hand(ANNA, line, membership_id=chosen))
        assert (counts(earlier)[0], counts(later)[0]) == ((0, 1) if chooses else (1, 0))


@pytest.mark.rule("A16")
def test_a_line_is_debited_by_hand_once() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    tell(wallets, start_of(ANNA, line))
    (answer,) = tell(wallets, by_hand(ANNA, line))
    assert isinstance(answer, NotDebited)
    assert [why.reason for why in answer.reasons] == ["already_debited"]


@pytest.mark.rule("A16")
def test_what_was_paid_online_is_not_debited_by_hand() -> None:
    request = by_hand(ANNA, a_line())
    lines = tuple(line._replace(paid_online=True) for line in request.plan.lines)
    request = request._replace(plan=request.plan._replace(lines=lines))
    (answer,) = tell(wallets_of(a_membership(ANNA)), request)
    assert isinstance(answer, NotDebited)
    assert [why.reason for why in answer.reasons] == ["paid_online"]


@pytest.mark.rule("A13", "A15", "G11")
def test_what_was_debited_by_hand_stays_debited_at_another_time() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    tell(wallets, by_hand(ANNA, line))
    tell(wallets, rescheduled(ANNA, *moved(line)))
    settlement = settlement_of(wallets, line)
    now_for = settlement.appointment_revision, settlement.start, settlement.outcome
    assert now_for == (2, LATER, "planned")
    tell(wallets, start_of(ANNA, *moved(line)))
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A16")
def test_a_claimed_line_has_no_hold_and_the_start_skips_it_and_nothing_is_short() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, a_request(ANNA, *lines))
    assert isinstance(tell(wallets, claimed(ANNA, lines[0]))[-1], Claimed)
    assert counts(membership) == (0, 1, 0)
    tell(wallets, start_of(ANNA, *lines))
    settlement = settlement_of(wallets, lines[0])
    assert (settlement.outcome, settlement.shortfall) == ("debited", 0)
    assert reasons_of(wallets, lines[0]) == ["claimed", None]
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A16")
def test_a_debited_line_is_not_claimed_nor_are_those_asked_for_with_it() -> None:
    membership, lines = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    wallets = wallets_of(membership)
    tell(wallets, by_hand(ANNA, *lines)._replace(line_ids=(lines[0].line_id,)))
    (answer,) = tell(wallets, claimed(ANNA, *lines))
    assert isinstance(answer, NotClaimed)
    assert answer.taken == (lines[0].line_id,)
    tell(wallets, start_of(ANNA, *lines))
    assert counts(membership) == (2, 0, 0)


@pytest.mark.rule("A16")
def test_a_claim_that_comes_twice_gets_its_answer_twice_and_a_line_has_one_claim() -> None:
    wallets, line = wallets_of(a_membership(ANNA)), a_line()
    claim = claimed(ANNA, line)
    for _ in range(2):
        assert isinstance(tell(wallets, claim)[-1], Claimed)
    (other,) = tell(wallets, claimed(ANNA, line))
    assert isinstance(other, NotClaimed)


@pytest.mark.rule("A16")
def test_a_claim_returned_before_the_start_is_held_again_and_debited() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets, claim = wallets_of(membership), claimed(ANNA, line)
    for message in (a_request(ANNA, line), claim, returned(claim, line, at=BEFORE)):
        tell(wallets, message)
    assert counts(membership) == (0, 1, 0)
    tell(wallets, start_of(ANNA, line))
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A16")
def test_a_claim_returned_after_the_start_leaves_the_line_owed() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets, claim = wallets_of(membership), claimed(ANNA, line)
    for message in (claim, start_of(ANNA, line), returned(claim, line, at=AFTER)):
        tell(wallets, message)
    settlement = settlement_of(wallets, line)
    assert (settlement.outcome, settlement.shortfall) == ("not_debited", 1)
    assert reasons_of(wallets, line) == ["claim_returned"]
    assert counts(membership) == (0, 0, 0)


@pytest.mark.rule("A16")
def test_a_claim_that_is_heard_after_its_return_is_refused() -> None:
    wallets, line = wallets_of(a_membership(ANNA)), a_line()
    claim = claimed(ANNA, line)
    tell(wallets, returned(claim, line))
    (answer,) = tell(wallets, claim)
    assert isinstance(answer, NotClaimed)


def stories(line: Line) -> dict[str, list[object]]:
    """What may be said of an appointment with one line, beside its hold and its start."""
    later = moved(line)
    claim, late = claimed(ANNA, line), undone(ANNA, line, at=AFTER)
    debit, move, end = by_hand(ANNA, line), rescheduled(ANNA, *later), cancelled(ANNA, later[0])
    new_start = start_of(ANNA, *later)
    return {
        "claimed": [claim],
        "claimed and returned before": [claim, returned(claim, line, at=BEFORE)],
        "claimed and returned after": [claim, returned(claim, line, at=AFTER)],
        "debited by hand": [debit],
        "debited by hand and undone before": [debit, undone(ANNA, line, at=BEFORE)],
        "debited by hand and undone after": [debit, late],
        "undone": [late],
        "claimed, debited by hand": [claim, debit],
        "claimed and moved": [claim, move, new_start],
        "claimed, returned and moved": [claim, returned(claim, line), move, new_start],
        "debited by hand and moved": [debit, move, new_start],
        "undone and moved": [late, move, new_start],
        "claimed and cancelled": [claim, end],
        "claimed, returned and cancelled": [claim, returned(claim, line), end],
        "debited by hand and cancelled": [debit, end],
        "debited by hand, undone and cancelled": [debit, late, end],
    }


@pytest.mark.rule("A15", "A16", "A10", "A13")
@pytest.mark.parametrize("kind", list(stories(a_line())))
def test_the_same_decisions_end_in_the_same_state_in_whatever_order_the_facts_are_heard(
    kind: str,
) -> None:
    line, membership = a_line(), a_membership(ANNA, sessions=2)
    story = [a_request(ANNA, line), start_of(ANNA, line), *stories(line)[kind]]
    ends: dict[tuple[str, ...], Any] = {}
    for order in permutations(story):
        wallets = wallets_of(deepcopy(membership))
        said = decisions(wallets, order)
        end = end_of(wallets, line)
        assert ends.setdefault(said, end) == end, (kind, said)
        used, _, _ = end[-1][membership.membership_id]
        assert used <= 1, "a line is paid once"
        if "cancelled" in kind:
            assert end[-1][membership.membership_id] == (0, 0, 0)
        if wallets.claims and any(
            claim.is_open for claim in wallets.claims[line.appointment_id].values()
        ):
            assert used == 0, "what money pays no session pays"
