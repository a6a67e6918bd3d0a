"""A bill follows from what was planned and what was debited, whichever is heard first."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.domain.bills import (
    Bill,
    Fact,
    Line,
    MixedCurrenciesError,
    Owner,
    PaymentStatus,
    Plan,
    Settlement,
    Standing,
    Visit,
    payment_status,
)

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
YOGA, MASSAGE = (Line(uuid4(), 0, "Yoga", 1500, True), Line(uuid4(), 1, "Massage", 4000, False))
SECOND_SPOT = Line(uuid4(), 1, "Yoga", 1500, True)
MEMBERSHIP = uuid4()
MORNING, EVENING = uuid4(), uuid4()


def plan(
    *lines: Line, revision: int = 1, standing: Standing = Standing.ACCEPTED, hours: int = 0
) -> Plan:
    return Plan(revision, standing, NINE + timedelta(hours=hours), "EUR", lines)


def debited(*lines: Line, revision: int = 1) -> Settlement:
    return Settlement(revision, {line.line_id: MEMBERSHIP for line in lines})


def visit(*facts: tuple[UUID, Fact]) -> Visit:
    visit = Visit(uuid4(), Owner(uuid4(), uuid4(), uuid4()))
    for appointment_id, fact in facts:
        visit.hear(appointment_id, fact)
    return visit


def bill(*facts: Fact) -> Bill:
    bill = visit(*((MORNING, fact) for fact in facts)).bill()
    assert bill is not None
    return bill


def amounts(bill: Bill) -> tuple[int, int, int, str]:
    return bill.total, bill.debited, bill.owed, bill.payment_status


@pytest.mark.rule("X5")
def test_an_accepted_appointment_is_owed_in_minor_units_of_its_currency() -> None:
    assert amounts(bill(plan(YOGA, MASSAGE))) == (5500, 0, 5500, "unpaid")
    assert bill(plan(YOGA)).currency == "EUR"


@pytest.mark.rule("A9")
def test_only_some_services_debited_leaves_the_appointment_paid_partially() -> None:
    after = bill(plan(YOGA, MASSAGE), debited(YOGA))
    assert amounts(after) == (5500, 1500, 4000, "paid_partially")
    assert after.appointments[0].owed == 4000
    assert after.appointments[0].payment_status is PaymentStatus.PAID_PARTIALLY


@pytest.mark.rule("A8")
def test_the_spot_without_a_session_is_owed_and_the_debited_one_stays_debited() -> None:
    assert amounts(bill(plan(YOGA, SECOND_SPOT), debited(YOGA))) == (
        3000,
        1500,
        1500,
        "paid_partially",
    )


def test_an_appointment_whose_lines_are_all_debited_is_paid() -> None:
    assert amounts(bill(plan(YOGA), debited(YOGA))) == (1500, 1500, 0, "paid")


@pytest.mark.rule("A12")
def test_a_visit_whose_first_appointment_was_debited_is_paid_partially() -> None:
    both = visit(
        (MORNING, plan(YOGA)), (EVENING, plan(MASSAGE, hours=8)), (MORNING, debited(YOGA))
    ).bill()
    assert both is not None
    assert amounts(both) == (5500, 1500, 4000, "paid_partially")
    assert [part.payment_status for part in both.appointments] == ["paid", "unpaid"]


@pytest.mark.rule("A10")
def test_what_was_reversed_is_owed_again() -> None:
    assert amounts(bill(plan(YOGA), debited(YOGA), debited(revision=2))) == (
        1500,
        0,
        1500,
        "unpaid",
    )


@pytest.mark.rule("A15")
def test_cancelled_without_charge_nothing_stands() -> None:
    cancel = plan(YOGA, MASSAGE, revision=2, standing=Standing.CANCELLED)
    assert amounts(bill(plan(YOGA, MASSAGE), cancel)) == (0, 0, 0, "paid")


@pytest.mark.rule("A2")
def test_cancelled_with_charge_the_lines_with_automatic_debiting_stay() -> None:
    cancel = plan(YOGA, MASSAGE, revision=2, standing=Standing.CHARGED)
    assert amounts(bill(cancel)) == (1500, 0, 1500, "unpaid")
    assert amounts(bill(cancel, debited(YOGA))) == (1500, 1500, 0, "paid")


@pytest.mark.rule("A16")
def test_a_line_that_is_no_longer_planned_is_not_paid_either() -> None:
    assert amounts(bill(plan(MASSAGE), debited(YOGA))) == (4000, 0, 4000, "unpaid")


def test_settlements_alone_make_no_bill() -> None:
    assert visit((MORNING, debited(YOGA))).bill() is None


def test_older_revisions_change_nothing() -> None:
    after = visit((MORNING, plan(YOGA, revision=2)), (MORNING, debited(YOGA, revision=2)))
    assert not after.hear(MORNING, plan(YOGA, MASSAGE, revision=1))
    assert not after.hear(MORNING, debited(revision=1))


@pytest.mark.rule("X5")
def test_a_bill_has_one_currency() -> None:
    dollars = Plan(1, Standing.ACCEPTED, NINE, "USD", (MASSAGE,))
    with pytest.raises(MixedCurrenciesError):
        visit((MORNING, plan(YOGA)), (EVENING, dollars)).bill()


def test_where_nothing_is_owed_all_is_paid() -> None:
    assert payment_status(total=0, owed=0) is PaymentStatus.PAID


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[tuple[UUID, Fact]], list[tuple[UUID, Fact]]]:
    """Make all that is said of a visit, in order, and as it may arrive, some of it repeatedly."""
    said: list[tuple[UUID, Fact]] = []
    for appointment_id in (MORNING, EVENING):
        standings = draw(st.lists(st.sampled_from(Standing), max_size=3))
        lines = st.sets(st.sampled_from((YOGA, MASSAGE, SECOND_SPOT)))
        said += [
            (appointment_id, plan(*sorted(draw(lines), key=lambda line: line.line_id),
                                  revision=revision, standing=standing))
            for revision, standing in enumerate(standings, start=1)
        ]  # fmt: skip
        said += [
            (appointment_id, debited(*draw(lines), revision=revision))
            for revision in range(1, 1 + draw(st.integers(0, 3)))
        ]
    repeated = said + draw(st.lists(st.sampled_from(said), max_size=4)) if said else said
    return said, draw(st.permutations(repeated))


@pytest.mark.rule("A15", "A16", "X5")
@given(stories())
def test_all_orders_of_arrival_end_in_the_same_bill_that_always_agrees(
    story: tuple[list[tuple[UUID, Fact]], list[tuple[UUID, Fact]]],
) -> None:
    in_order, arriving = story
    after = visit(*arriving).bill()
    assert after == visit(*in_order).bill()
    if after is not None:
        assert after.owed == after.total - after.debited - after.paid >= 0
        assert after.owed == sum(part.owed for part in after.appointments)
        assert after.total == sum(line.line.price for _, line in after.lines)
