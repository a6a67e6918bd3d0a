"""Money is taken once, and given back once where it must be, whatever is heard first."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.domain.payments import (
    Errand,
    ErrandKind,
    Failed,
    Outcome,
    PaidLine,
    Payment,
    Received,
    Refunded,
    State,
    WrongAmountError,
    ask,
    cancel,
    fail,
    note_refund,
    open_page,
    receipts,
    receive,
    refuse,
)
from sales.domain.visits import Owner

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
MORNING, EVENING = uuid4(), uuid4()


def payment(*, refused: bool = False) -> Payment:
    lines = [
        PaidLine(uuid4(), MORNING, uuid4(), 1500),
        PaidLine(uuid4(), MORNING, uuid4(), 0),
        PaidLine(uuid4(), EVENING, uuid4(), 2500),
    ]
    return Payment(
        payment_id=uuid4(),
        booking_id=uuid4(),
        owner=Owner(uuid4(), uuid4(), uuid4()),
        amount=4000,
        currency="EUR",
        description="Yoga",
        expires_at=NINE + timedelta(minutes=15),
        session_expires_at=NINE,
        lines=lines,
        refused=refused,
    )


def opened() -> Payment:
    one = payment()
    ask(one, closes_at=one.expires_at, now=NINE)
    open_page(one, "cs_1", "http://pages.test/cs_1")
    return one


def paid() -> Payment:
    one = opened()
    assert receive(one, 4000, "EUR") == [Received()]
    return one


def test_a_payment_is_opened_at_once_and_closed_when_it_is_due() -> None:
    one = payment()
    asked = ask(one, closes_at=one.expires_at, now=NINE)
    assert asked == [Errand(ErrandKind.OPEN), Errand(ErrandKind.CLOSE, one.expires_at)]
    assert one.session_expires_at == NINE + timedelta(hours=1)
    assert open_page(one, "cs_1", "http://pages.test/cs_1") == []
    assert one.state is State.OPEN


def test_nothing_is_asked_for_a_booking_that_was_refused_before() -> None:
    one = payment(refused=True)
    assert ask(one, closes_at=NINE, now=NINE) == []
    assert refuse(one) == []
    assert one.state is State.FAILED


def test_money_that_comes_twice_is_received_once() -> None:
    assert receive(paid(), 4000, "EUR") == []


@pytest.mark.parametrize(("amount", "currency"), [(3999, "EUR"), (4000, "USD")])
def test_another_amount_than_was_asked_for_is_not_taken(amount: int, currency: str) -> None:
    with pytest.raises(WrongAmountError):
        receive(opened(), amount, currency)


def test_a_refused_booking_closes_its_page() -> None:
    one = opened()
    assert refuse(one) == [Errand(ErrandKind.CLOSE)]
    assert one.state is State.EXPIRED
    late = payment()
    ask(late, closes_at=NINE, now=NINE)
    refuse(late)
    assert open_page(late, "cs_1", "http://pages.test/cs_1") == [Errand(ErrandKind.CLOSE)]


def expire(one: Payment) -> list[Outcome]:
    return fail(one, State.EXPIRED, "expired")


@pytest.mark.parametrize("first", [refuse, expire])
def test_money_for_what_does_not_stand_is_given_back_and_never_said_to_be_received(
    first: Callable[[Payment], list[Outcome]],
) -> None:
    one = opened()
    first(one)
    [refund] = receive(one, 4000, "EUR")
    assert refund == Errand(
        ErrandKind.REFUND, None, (one.lines[0].line_id, one.lines[2].line_id), 4000
    )
    assert refuse(one) == []


@pytest.mark.rule("A10")
def test_an_appointment_that_is_cancelled_gives_back_its_own_lines() -> None:
    one = paid()
    [refund] = cancel(one, EVENING)
    assert refund == Errand(ErrandKind.REFUND, None, (one.lines[2].line_id,), 2500)
    assert cancel(one, EVENING) == []
    assert receipts(one)[EVENING] != {}
    assert note_refund(one, [one.lines[2].line_id]) == [Refunded((one.lines[2].line_id,), 2500)]
    assert note_refund(one, [one.lines[2].line_id]) == []
    assert receipts(one) == {MORNING: {one.lines[0].line_id: 1500}, EVENING: {}}
    assert (one.state, one.refunded) == (State.PAID, 2500)
    [rest] = cancel(one, MORNING)
    assert isinstance(rest, Errand)
    note_refund(one, rest.line_ids)
    assert one.state is State.REFUNDED


def test_a_payment_that_failed_is_said_once() -> None:
    one = opened()
    assert fail(one, State.FAILED, "declined") == [Failed("declined")]
    assert fail(one, State.EXPIRED, "expired") == []
    assert fail(paid(), State.EXPIRED, "expired") == []


STEPS: dict[str, Callable[[Payment], list[Outcome]]] = {
    "opened": lambda one: open_page(one, "cs_1", "http://pages.test/cs_1"),
    "paid": lambda one: receive(one, 4000, "EUR"),
    "refused": refuse,
    "morning cancelled": lambda one: cancel(one, MORNING),
    "evening cancelled": lambda one: cancel(one, EVENING),
}


@pytest.mark.rule("A16")
@given(st.data())
def test_whatever_is_heard_in_whatever_order_each_line_is_given_back_once_if_it_must_be(
    data: st.DataObject,
) -> None:
    heard = data.draw(st.lists(st.sampled_from(sorted(STEPS)), max_size=8))
    one = payment()
    outcomes = ask(one, closes_at=NINE, now=NINE)
    for step in heard:
        outcomes += STEPS[step](one)
    asked: list[UUID] = [
        line_id
        for outcome in outcomes
        if isinstance(outcome, Errand)
        for line_id in outcome.line_ids
    ]
    ended = {MORNING} if "morning cancelled" in heard else set[UUID]()
    ended |= {EVENING} if "evening cancelled" in heard else set[UUID]()
    ended |= {MORNING, EVENING} if "refused" in heard else set[UUID]()
    due = [line.line_id for line in one.lines if line.appointment_id in ended and line.amount]
    assert sorted(asked) == sorted(due if "paid" in heard else [])
    assert outcomes.count(Received()) <= 1
