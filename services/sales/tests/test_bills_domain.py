"""A bill follows from what was planned and what was debited, whichever is heard first."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales.domain.bills import Bill, MixedCurrenciesError, PaymentStatus, payment_status
from sales.domain.facts import Fact, Line, Plan, Receipt, Settlement, Standing
from sales.domain.visits import Owner, Visit, Visits

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
YOGA, MASSAGE = (Line(uuid4(), 0, "Yoga", 1500, True), Line(uuid4(), 1, "Massage", 4000, False))
SECOND_SPOT = Line(uuid4(), 1, "Yoga", 1500, True)
MEMBERSHIP = uuid4()
MORNING, EVENING = uuid4(), uuid4()
TODAY, TOMORROW = uuid4(), uuid4()
OWNER = Owner(uuid4(), uuid4(), uuid4())


def plan(
    *lines: Line, revision: int = 1, standing: Standing = Standing.ACCEPTED, hours: int = 0
) -> Plan:
    return Plan(revision, standing, NINE + timedelta(hours=hours), "EUR", lines)


def debited(*lines: Line, revision: int = 1) -> Settlement:
    return Settlement(revision, {line.line_id: MEMBERSHIP for line in lines})


def paid(*lines: Line, revision: int = 1, amount: int | None = None) -> Receipt:
    return Receipt(revision, {line.line_id: amount or line.price for line in lines})


def visit(*facts: tuple[UUID, Fact]) -> Visit:
    visits = Visits([Visit(TODAY, OWNER)])
    for appointment_id, fact in facts:
        visits.hear(TODAY, appointment_id, fact)
    return visits.by_id[TODAY]


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
    visits = Visits([Visit(TODAY, OWNER)])
    newest: list[Fact] = [
        plan(YOGA, revision=2), debited(YOGA, revision=2), paid(YOGA, revision=2)
    ]  # fmt: skip
    for fact in newest:
        assert visits.hear(TODAY, MORNING, fact) == {TODAY}
    older: list[Fact] = [plan(YOGA, MASSAGE), debited(), paid()]
    for fact in older:
        assert visits.hear(TODAY, MORNING, fact) == set()


@pytest.mark.rule("X5")
def test_a_bill_has_one_currency() -> None:
    dollars = Plan(1, Standing.ACCEPTED, NINE, "USD", (MASSAGE,))
    with pytest.raises(MixedCurrenciesError):
        visit((MORNING, plan(YOGA)), (EVENING, dollars)).bill()


def test_where_nothing_is_owed_all_is_paid() -> None:
    assert payment_status(total=0, owed=0) is PaymentStatus.PAID


PREPAID = Line(uuid4(), 2, "Yoga", 1500, automatic_debiting=False, paid_online=True)


@pytest.mark.rule("A16")
def test_what_was_paid_online_is_not_owed() -> None:
    after = bill(plan(PREPAID, MASSAGE), paid(PREPAID))
    assert (after.total, after.debited, after.paid, after.owed) == (5500, 0, 1500, 4000)
    assert after.payment_status is PaymentStatus.PAID_PARTIALLY


@pytest.mark.rule("A16")
def test_a_line_is_never_paid_above_its_price_nor_twice() -> None:
    assert bill(plan(PREPAID), paid(PREPAID, amount=2000)).paid == 1500
    both = bill(plan(YOGA), debited(YOGA), paid(YOGA))
    assert (both.debited, both.paid, both.owed) == (1500, 0, 0)


@pytest.mark.rule("A2", "A10")
def test_a_payment_is_kept_with_charge_and_gone_without() -> None:
    charged = plan(PREPAID, MASSAGE, revision=2, standing=Standing.CHARGED)
    after = bill(charged, paid(PREPAID))
    assert (after.total, after.paid, after.owed) == (1500, 1500, 0)
    cancelled = plan(PREPAID, revision=2, standing=Standing.CANCELLED)
    assert bill(cancelled, paid(PREPAID)).paid == 0


def test_what_was_given_back_is_owed_again() -> None:
    assert bill(plan(PREPAID), paid(PREPAID), paid(revision=2)).owed == 1500


@pytest.mark.rule("G11")
def test_an_appointment_moves_to_the_visit_of_its_new_date_with_all_that_is_known_of_it() -> None:
    visits = Visits([Visit(TODAY, OWNER), Visit(TOMORROW, OWNER)])
    visits.hear(TODAY, MORNING, plan(YOGA, PREPAID))
    visits.hear(TODAY, MORNING, paid(PREPAID))
    today, tomorrow = visits.by_id[TODAY], visits.by_id[TOMORROW]
    today.revision, today.currency = 4, "EUR"
    assert visits.hear(TOMORROW, MORNING, plan(YOGA, PREPAID, revision=2)) == {TODAY, TOMORROW}
    assert visits.hear(TODAY, MORNING, debited(YOGA)) == {TOMORROW}
    empty, after = today.bill(), tomorrow.bill()
    assert empty is not None
    assert after is not None
    assert amounts(empty) == (0, 0, 0, "paid")
    assert (after.debited, after.paid, after.owed) == (1500, 1500, 0)
    assert tomorrow.revision == 4


Said = tuple[UUID, UUID, Fact]


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Said], list[Said]]:
    """Make all that is said of two visits, in order, and as it may arrive, some of it repeatedly.

    What is said of an appointment names one visit or the other: the one where it was just then.
    """
    said: list[Said] = []
    days = st.sampled_from((TODAY, TOMORROW))
    lines = st.sets(st.sampled_from((YOGA, MASSAGE, SECOND_SPOT, PREPAID)))
    for appointment_id in (MORNING, EVENING):
        standings = draw(st.lists(st.sampled_from(Standing), max_size=3))
        facts: list[Fact] = [
            plan(*sorted(draw(lines), key=lambda line: line.line_id),
                 revision=revision, standing=standing)
            for revision, standing in enumerate(standings, start=1)
        ]  # fmt: skip
        settled, received = draw(st.integers(0, 3)), draw(st.integers(0, 2))
        facts += [debited(*draw(lines), revision=revision) for revision in range(1, 1 + settled)]
        facts += [paid(*draw(lines), revision=revision) for revision in range(1, 1 + received)]
        said += [(draw(days), appointment_id, fact) for fact in facts]
    repeated = said + draw(st.lists(st.sampled_from(said), max_size=4)) if said else said
    return said, draw(st.permutations(repeated))


def bills(said: list[Said]) -> dict[UUID, Bill | None]:
    """Return the bill of each day, where there is anything on it."""
    visits = Visits([Visit(TODAY, OWNER), Visit(TOMORROW, OWNER)])
    for visit_id, appointment_id, fact in said:
        visits.hear(visit_id, appointment_id, fact)
    return {visit_id: visit.bill() for visit_id, visit in visits.by_id.items()}


@pytest.mark.rule("A15", "A16", "X5")
@given(stories())
def test_all_orders_of_arrival_end_in_the_same_bills_that_always_agree(
    story: tuple[list[Said], list[Said]],
) -> None:
    in_order, arriving = story
    after = bills(arriving)
    assert after == bills(in_order)
    for each in after.values():
        if each is not None:
            assert each.owed == each.total - each.debited - each.paid >= 0
            assert each.owed == sum(part.owed for part in each.appointments)
            assert each.total == sum(line.line.price for _, line in each.lines)
            assert all(line.paid + line.owed <= line.line.price for _, line in each.lines)
