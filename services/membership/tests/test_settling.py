"""Settlement and reversal, as sentences: the A-rules."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from membership.domain.adjusting import Adjust, Void
from membership.domain.endings import end_appointment
from membership.domain.freezing import Freeze, Unfreeze
from membership.domain.hold_requests import Line
from membership.domain.holding import hold_sessions
from membership.domain.ledger import Entry
from membership.domain.memberships import Membership
from membership.domain.refusals import Conflict, Invalid, NotFound
from membership.domain.reversing import Settled
from membership.domain.settlements import Settlement
from membership.domain.settling import settle
from membership.domain.sharing import Unshare
from membership.domain.validity import Validity
from membership.domain.wallets import Wallets

from .given import (
    AFTER,
    BEFORE,
    CHAIN,
    MASSAGE,
    NOW,
    START,
    TODAY,
    YOGA,
    a_line,
    a_membership,
    a_request,
    booking_refused,
    by_hand,
    cancelled,
    claimed,
    counts,
    lines_of_one,
    moved,
    reschedule_refused,
    rescheduled,
    returned,
    start_of,
    tell,
    undone,
    wallets_of,
)

ANNA = uuid4()
BEN = uuid4()
DAY = timedelta(days=1)


def outcome(events: list[Settled]) -> Settlement:
    settlement = events[-1]
    assert isinstance(settlement, Settlement)
    return settlement


@pytest.mark.rule("A4", "S3")
def test_the_session_is_debited_at_the_start_and_the_entry_tells_who_used_it() -> None:
    membership, line = a_membership(ANNA, shared=(BEN,)), a_line()
    entry, settlement = settle(
        wallets_of(membership), start_of(BEN, line), START + timedelta(milliseconds=120)
    )
    assert isinstance(entry, Entry)
    assert (entry.kind, entry.sessions, entry.balance, entry.revision) == ("debited", 1, 7, 2)
    assert entry.use is not None
    assert entry.use.client_id == BEN
    assert isinstance(settlement, Settlement)
    assert (settlement.outcome, settlement.shortfall, settlement.delay_ms) == ("debited", 0, 120)


@pytest.mark.rule("A4", "X6")
def test_a_debit_ends_the_hold() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, line))
    settle(wallets, start_of(ANNA, line), START)
    assert counts(membership) == (1, 0, 0)
    assert wallets.changes.placed[line.line_id].state == "debited"


@pytest.mark.rule("A15")
def test_a_start_that_comes_twice_is_settled_once() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    settle(wallets, start_of(ANNA, line), START)
    assert settle(wallets, start_of(ANNA, line), START) == []
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A9")
def test_an_appointment_without_automatic_debiting_is_not_settled() -> None:
    start = start_of(ANNA, a_line(automatic_debiting=False))
    assert settle(wallets_of(a_membership(ANNA)), start, START) == []


@pytest.mark.rule("A9")
def test_of_several_services_those_with_automatic_debiting_alone_are_debited() -> None:
    membership, (first, second) = a_membership(ANNA), lines_of_one(YOGA, YOGA)
    by_itself = first._replace(automatic_debiting=False)
    settlement = outcome(settle(wallets_of(membership), start_of(ANNA, by_itself, second), START))
    assert [line.line_id for line in settlement.lines] == [second.line_id]
    assert (settlement.outcome, counts(membership)) == ("debited", (1, 0, 0))


@pytest.mark.rule("A8")
def test_two_memberships_with_one_session_each_give_one_session_each() -> None:
    first, second = a_membership(ANNA, sessions=1), a_membership(BEN, sessions=1, shared=(ANNA,))
    events = settle(wallets_of(first, second), start_of(ANNA, *lines_of_one(YOGA, YOGA)), START)
    assert outcome(events).outcome == "debited"
    assert (counts(first), counts(second)) == ((1, 0, 0), (1, 0, 0))


@pytest.mark.rule("A8")
def test_too_few_sessions_is_not_debited_and_what_could_be_debited_stays_debited() -> None:
    membership = a_membership(ANNA, sessions=1)
    settlement = outcome(
        settle(wallets_of(membership), start_of(ANNA, *lines_of_one(YOGA, YOGA)), START)
    )
    assert (settlement.outcome, settlement.shortfall) == ("not_debited", 1)
    assert [line.reason for line in settlement.lines] == [None, "used_up"]
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A5")
def test_the_membership_that_expires_earlier_is_debited_first() -> None:
    later, earlier = (
        a_membership(ANNA),
        a_membership(BEN, shared=(ANNA,), expires_on=TODAY + 5 * DAY),
    )
    settle(wallets_of(later, earlier), start_of(ANNA, a_line()), START)
    assert (counts(later), counts(earlier)) == ((0, 0, 0), (1, 0, 0))


@pytest.mark.rule("A5")
def test_another_bookings_hold_moves_rather_than_makes_this_client_pay_later_expiring() -> None:
    earlier = a_membership(ANNA, sessions=1, expires_on=TODAY + 5 * DAY)
    later = a_membership(ANNA, sessions=1)
    wallets, other = wallets_of(earlier, later), a_line(starts_at=START + DAY)
    hold_sessions(wallets, a_request(ANNA, other))
    assert counts(earlier) == (0, 1, 0)
    settle(wallets, start_of(ANNA, a_line()), START)
    assert (counts(earlier), counts(later)) == ((1, 0, 0), (0, 1, 0))


@pytest.mark.rule("A5")
def test_another_bookings_hold_stays_covered_when_it_cannot_move() -> None:
    membership = a_membership(ANNA, sessions=1, shared=(BEN,))
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(BEN, a_line(starts_at=START + DAY)))
    settlement = outcome(settle(wallets, start_of(ANNA, a_line()), START))
    assert [line.reason for line in settlement.lines] == ["not_enough_sessions"]
    assert counts(membership) == (0, 1, 0)


@pytest.mark.rule("A8", "X6")
def test_a_line_that_was_held_is_debited_before_one_that_was_not() -> None:
    membership = a_membership(ANNA, sessions=1)
    wallets, (unheld, held) = wallets_of(membership), lines_of_one(YOGA, YOGA)
    hold_sessions(wallets, a_request(ANNA, held))
    settlement = outcome(settle(wallets, start_of(ANNA, unheld, held), START))
    assert [line.bucket_id is not None for line in settlement.lines] == [False, True]


@pytest.mark.rule("A13")
def test_a_membership_without_auto_deduction_is_never_debited_automatically() -> None:
    membership, line = a_membership(ANNA, auto_deduction=False), a_line()
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, line))
    settlement = outcome(settle(wallets, start_of(ANNA, line), START))
    assert [line.reason for line in settlement.lines] == ["no_auto_deduction"]
    assert counts(membership) == (0, 0, 0)


def frozen_since(since: datetime) -> Membership:
    return a_membership(ANNA, state="frozen", frozen_at=since, expires_on=TODAY + 9 * DAY)


@pytest.mark.rule("A14")
def test_a_membership_frozen_at_the_start_is_passed_over_for_another_that_fits() -> None:
    frozen, other = frozen_since(START - DAY), a_membership(ANNA)
    settle(wallets_of(frozen, other), start_of(ANNA, a_line()), START)
    assert (counts(frozen), counts(other)) == ((0, 0, 0), (1, 0, 0))


@pytest.mark.rule("A14")
def test_a_membership_frozen_at_the_start_is_not_debited_and_the_reason_says_so() -> None:
    settlement = outcome(
        settle(wallets_of(frozen_since(START - DAY)), start_of(ANNA, a_line()), START)
    )
    assert [line.reason for line in settlement.lines] == ["frozen"]


@pytest.mark.rule("A14")
def test_a_membership_frozen_after_the_start_is_debited_however_late_the_start_is_settled() -> None:
    membership = frozen_since(START + DAY)
    settle(wallets_of(membership), start_of(ANNA, a_line()), START + 2 * DAY)
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A14", "X5")
@pytest.mark.parametrize(
    ("last_day", "expected"), [(date(2026, 3, 12), "debited"), (date(2026, 3, 11), "not_debited")]
)
def test_a_membership_is_debited_on_its_last_day_in_the_locations_zone(
    last_day: date, expected: str
) -> None:
    membership, line = a_membership(ANNA, expires_on=last_day), a_line()
    at = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)  # March 12 in Berlin
    settlement = outcome(settle(wallets_of(membership), start_of(ANNA, line, start=at), at))
    assert settlement.outcome == expected


@pytest.mark.rule("A14")
def test_without_any_membership_the_start_is_not_debited() -> None:
    settlement = outcome(settle(wallets_of(clients=(ANNA,)), start_of(ANNA, a_line()), START))
    assert (settlement.outcome, settlement.lines[0].reason) == ("not_debited", "no_membership")


@pytest.mark.rule("A10")
def test_the_first_debit_activates_a_membership_and_its_reversal_does_not_undo_that() -> None:
    validity = Validity(1, "months")
    membership, line = (
        a_membership(ANNA, state="issued", activated_on=None, expires_on=None, validity=validity),
        a_line(),
    )
    wallets = wallets_of(membership)
    settle(wallets, start_of(ANNA, line), START)
    assert (membership.state, membership.expires_on) == ("active", date(2026, 4, 12))
    end_appointment(wallets, cancelled(ANNA, line), START)
    assert (membership.state, membership.expires_on) == ("active", date(2026, 4, 12))


@pytest.mark.rule("A10")
def test_cancelling_without_charge_gives_every_session_back_to_its_own_bucket_once() -> None:
    yoga, massage = a_membership(ANNA), a_membership(BEN, services=(MASSAGE,), shared=(ANNA,))
    wallets, lines = wallets_of(yoga, massage), lines_of_one(YOGA, MASSAGE)
    settle(wallets, start_of(ANNA, *lines), START)
    events = end_appointment(wallets, cancelled(ANNA, lines[0]), START)
    assert (outcome(events).outcome, outcome(events).revision) == ("reversed", 2)
    assert end_appointment(wallets, cancelled(ANNA, lines[0]), START) == []
    later = lines[0]._replace(revision=2)
    assert end_appointment(wallets, cancelled(ANNA, later), START) == []
    assert (counts(yoga), counts(massage)) == ((0, 0, 0), (0, 0, 0))
    assert [e.kind for e in events if isinstance(e, Entry)] == ["reversed", "reversed"]


@pytest.mark.rule("A10")
def test_sessions_that_come_back_to_an_expired_membership_expire_at_once() -> None:
    membership, line = a_membership(ANNA, expires_on=TODAY + 3 * DAY), a_line()
    wallets = wallets_of(membership)
    settle(wallets, start_of(ANNA, line), START)
    events = end_appointment(wallets, cancelled(ANNA, line), START + 9 * DAY)
    assert [e.kind for e in events if isinstance(e, Entry)] == ["reversed", "expired"]
    assert counts(membership) == (0, 0, 1)


@pytest.mark.rule("A2")
def test_a_charged_cancellation_keeps_the_hold_and_is_debited_at_the_original_start() -> None:
    membership, line = a_membership(ANNA), a_line()
    wallets = wallets_of(membership)
    hold_sessions(wallets, a_request(ANNA, line))
    end_appointment(wallets, cancelled(ANNA, line, charge=True), NOW)
    assert counts(membership) == (0, 1, 0)
    settle(wallets, start_of(ANNA, line), START)
    assert counts(membership) == (1, 0, 0)


@pytest.mark.rule("A15")
@pytest.mark.parametrize("charge", [False, True])
@pytest.mark.parametrize("automatic", [False, True])
def test_hold_start_and_cancellation_end_in_one_state_in_every_order(
    *, charge: bool, automatic: bool
) -> None:
    line = a_line(automatic_debiting=automatic)
    request, start, end = (
        a_request(ANNA, line),
        start_of(ANNA, line),
        cancelled(ANNA, line, charge=charge),
    )
    ends: set[tuple[int, int, int]] = set()
    for order in permutations([request, start, end, request, start, end]):
        membership = a_membership(ANNA)
        wallets = wallets_of(membership)
        for message in order:
            tell(wallets, message)
        ends.add(counts(membership))
    if not charge:
        assert ends == {(0, 0, 0)}, "a cancellation in time nets to zero sessions"
    else:
        assert ends == {(1, 0, 0) if automatic else (0, 1, 0)}


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Membership], list[object]]:
    """A family's memberships, and messages about several bookings in any order, some twice."""
    clients = [ANNA, BEN]
    memberships = [
        a_membership(
            draw(st.sampled_from(clients)),
            sessions=draw(st.sampled_from([1, 2, None])),
            services=draw(st.sampled_from([(YOGA,), (MASSAGE,), (YOGA, MASSAGE)])),
            shared=draw(st.sampled_from([(), (ANNA, BEN)])),
            expires_on=draw(st.sampled_from([None, TODAY + DAY, TODAY + 2 * DAY, TODAY + 9 * DAY])),
            auto_deduction=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]
    messages: list[object] = []
    for _ in range(draw(st.integers(1, 4))):
        client = draw(st.sampled_from(clients))
        services = draw(st.lists(st.sampled_from([YOGA, MASSAGE]), min_size=1, max_size=2))
        lines = lines_of_one(*services, required=draw(st.booleans()))
        messages += [a_request(client, *lines), start_of(client, *lines)]
        if draw(st.booleans()):
            messages.append(cancelled(client, lines[0], charge=draw(st.booleans())))
        elif draw(st.booleans()):
            messages.append(booking_refused(client, lines[0]))
        if draw(st.booleans()):
            messages += another_time(client, lines, accepted=draw(st.booleans()))
        for kind in draw(st.sets(st.sampled_from(["claim", "by hand", "undo"]))):
            messages += a_payment(kind, client, lines, at=draw(st.sampled_from([BEFORE, AFTER])))
    again = draw(st.lists(st.sampled_from(messages), max_size=4))
    for membership in memberships:
        for kind in draw(st.sets(st.sampled_from(["freeze", "unshare", "adjust", "void"]))):
            messages += by_people(kind, membership, draw(st.integers(-2, 2)))
    return memberships, draw(st.permutations([*messages, *again]))


def by_people(kind: str, membership: Membership, sessions: int) -> list[object]:
    """What people do with a membership, by force."""
    id_ = membership.membership_id
    match kind:
        case "freeze":
            return [Freeze(id_, CHAIN, BEFORE), Unfreeze(id_, CHAIN, AFTER)]
        case "unshare":
            return [Unshare(id_, CHAIN, client) for client in membership.shared_client_ids]
        case "adjust":
            return [Adjust(id_, CHAIN, uuid4(), sessions, "counted", force=True)]
        case _:
            return [Void(id_, CHAIN, "moved away", force=True)]


def another_time(client: UUID, lines: tuple[Line, ...], *, accepted: bool) -> list[object]:
    """What is said of these lines when another time was asked for."""
    later = moved(*lines)
    asked = a_request(client, *later, reschedule_id=uuid4())
    if not accepted:
        return [asked, reschedule_refused(asked)]
    return [asked, rescheduled(client, *later), start_of(client, *later)]


def a_payment(kind: str, client: UUID, lines: tuple[Line, ...], *, at: datetime) -> list[object]:
    """What else pays these lines, and does not any more."""
    match kind:
        case "claim":
            claim = claimed(client, lines[0])
            return [claim, returned(claim, *lines, at=at)]
        case "by hand":
            return [by_hand(client, *lines), by_hand(client, *moved(*lines))]
        case _:
            return [undone(client, *lines, at=at), undone(client, lines[0], line_ids=(), at=at)]


@pytest.mark.rule("X1", "X6", "A15", "A16", "S2")
@settings(deadline=None)
@given(days())
def test_no_bucket_is_overdrawn_and_each_equals_its_ledger_whatever_comes(
    day: tuple[list[Membership], list[object]],
) -> None:
    memberships, messages = day
    wallets = wallets_of(*memberships, clients=(ANNA, BEN))
    for message in messages:
        with suppress(Conflict, Invalid, NotFound):
            tell(wallets, message)
        for bucket in next(iter(wallets.by_client.values())).buckets.values():
            assert bucket.free >= 0
            assert min(bucket.held, bucket.debited, bucket.expired) >= 0
            assert bucket.held == held_in(wallets, bucket.bucket_id)
            assert bucket.debited == booked(wallets, bucket.bucket_id)
            assert bucket.adjusted == adjusted(wallets, bucket.bucket_id)
        assert held_by_strangers(wallets) == []
        assert paid_twice(wallets) == []
    ids = [entry.entry_id for entry in wallets.changes.entries]
    assert len(ids) == len(set(ids)), "every decision is recorded once"


def paid_twice(wallets: Wallets) -> list[UUID]:
    """Return the lines that more than one session, or a session and money, pay (rule A16)."""
    debits: Counter[UUID] = Counter()
    for entry in wallets.changes.entries:
        if entry.use is not None and entry.kind != "expired":
            debits[entry.use.line_id] += 1 if entry.kind == "debited" else -1
    open_ = (claim for claims in wallets.claims.values() for claim in claims.values())
    debits.update(line_id for claim in open_ if claim.is_open for line_id in claim.line_ids)
    return [line_id for line_id, payments in debits.items() if payments not in {0, 1}]


def held_in(wallets: Wallets, bucket_id: UUID) -> int:
    holds = wallets.by_client[ANNA].holds.values()
    return sum(hold.bucket_id == bucket_id for hold in holds)


def held_by_strangers(wallets: Wallets) -> list[UUID]:
    """Return the lines that are held where their client may use nothing (rule S2)."""
    wallet = wallets.by_client[ANNA]
    return [
        hold.line_id
        for hold in wallet.holds.values()
        if not wallet.memberships[wallet.buckets[hold.bucket_id].membership_id].is_usable_by(
            hold.client_id
        )
    ]


def adjusted(wallets: Wallets, bucket_id: UUID) -> int:
    entries = (entry for entry in wallets.changes.entries if entry.bucket_id == bucket_id)
    return sum(entry.sessions for entry in entries if entry.kind == "adjusted")


def booked(wallets: Wallets, bucket_id: UUID) -> int:
    kinds = [entry.kind for entry in wallets.changes.entries if entry.bucket_id == bucket_id]
    return kinds.count("debited") - kinds.count("reversed")
