"""What was paid at the counter and comes to be planned for a session is claimed then."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from sales.domain.counter import deciding
from sales.domain.counter.payments import ClaimWanted, State
from sales.domain.counter.state import Counter, unspent
from sales.domain.counter.wishes import Answered, Take
from sales.domain.facts import Line, Plan, Settlement, Standing
from sales.domain.visits import Owner, Visit, Visits

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY, APPOINTMENT, LINE = uuid4(), uuid4(), uuid4()


def plan(revision: int, *, automatic_debiting: bool) -> Plan:
    line = Line(LINE, 0, "Yoga", 1500, automatic_debiting)
    return Plan(revision, Standing.ACCEPTED, NOON, "EUR", (line,))


def paid_and_rescheduled() -> tuple[Counter, ClaimWanted]:
    """Pay a line that no session would pay; then let it be planned for one."""
    visits = Visits([Visit(TODAY, Owner(uuid4(), uuid4(), uuid4()))])
    visits.hear(TODAY, APPOINTMENT, plan(1, automatic_debiting=False))
    counter = Counter(visits)
    wish = Take(uuid4(), (), "cash", NOON)
    [answer] = deciding.fulfil(counter, visits.by_id[TODAY], uuid4(), wish)
    assert isinstance(answer, Answered)
    assert list(deciding.follow_up(counter)) == []
    visits.hear(TODAY, APPOINTMENT, plan(2, automatic_debiting=True))
    [wanted] = deciding.follow_up(counter)
    assert isinstance(wanted, ClaimWanted)
    return counter, wanted


@pytest.mark.rule("A16")
def test_a_paid_line_that_is_planned_for_a_session_by_a_reschedule_is_claimed_once() -> None:
    counter, wanted = paid_and_rescheduled()
    assert wanted.line_ids == (LINE,)
    assert list(deciding.follow_up(counter)) == []
    assert deciding.grant(counter, wanted.claim_id) == []
    [payment] = counter.payments.values()
    assert (payment.state, payment.is_granted) == (State.TAKEN, True)


@pytest.mark.rule("A16")
def test_if_the_session_was_faster_the_money_is_to_be_given_back() -> None:
    counter, wanted = paid_and_rescheduled()
    counter.visits.hear(TODAY, APPOINTMENT, Settlement(1, {LINE: uuid4()}))
    assert deciding.deny(counter, wanted.claim_id, [LINE]) == []
    assert list(deciding.follow_up(counter)) == []
    visit = counter.visits.by_id[TODAY]
    bill = visit.bill()
    assert bill is not None
    assert (bill.debited, bill.paid, bill.owed) == (1500, 0, 0)
    [payment] = counter.payments.values()
    assert unspent(payment, visit) == 1500
