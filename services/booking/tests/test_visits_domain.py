"""Cancelling, visit statuses, settlements and bills, decided in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import permutations
from typing import get_args
from uuid import UUID, uuid4

import pytest

from booking.domain.bookings import Appointment, Booking, Line
from booking.domain.catalogue import Location
from booking.domain.clients import Client
from booking.domain.decisions import accept, carry, refuse
from booking.domain.payments import bill, carry_on, fail, settle
from booking.domain.refusals import Kind, Refusal
from booking.domain.rescheduling import move
from booking.domain.visits import cancel, free_cancellation_until, set_visit_status
from contracts.problems import CATALOGUE

START = datetime(2030, 1, 7, 9, tzinfo=UTC)
ANNAS_MEMBERSHIP, BENS_MEMBERSHIP = uuid4(), uuid4()


def line(ordinal: int = 0, *, automatic_debiting: bool = True) -> Line:
    return Line(
        ordinal=ordinal,
        line_id=uuid4(),
        service_id=uuid4(),
        service_name="Yoga",
        team_member_id=None,
        start=START,
        end=START + timedelta(hours=1),
        price=1_500,
        membership_booking=True,
        automatic_debiting=automatic_debiting,
        required=True,
    )


def booked(*lines: Line, hours: int = 0) -> tuple[Booking, Appointment]:
    appointment = Appointment(
        appointment_id=uuid4(),
        start=START,
        end=START + timedelta(hours=1),
        free_cancellation_until=free_cancellation_until(START, hours),
        owed=sum(each.price for each in lines),
        lines=list(lines),
    )
    location = Location(uuid4(), uuid4(), "Mitte", "Europe/Berlin", "EUR", "DE")
    booking = Booking(
        booking_id=uuid4(),
        command_id=uuid4(),
        location=location,
        client_id=uuid4(),
        client=Client(uuid4(), "Ada", ("+4930901820",)),
        event_id=None,
        submitted_at=START - timedelta(days=1),
        decide_by=START,
        state="requested",
        appointments=[appointment],
    )
    return booking, appointment


def accepted(*lines: Line, hours: int = 0) -> tuple[Booking, Appointment]:
    booking, appointment = booked(*lines, hours=hours)
    carry(booking, {each.line_id: ANNAS_MEMBERSHIP for each in lines})
    accept(booking, START - timedelta(hours=30))
    return booking, appointment


@pytest.mark.rule("A3", "G10")
def test_an_accepted_booking_shows_that_debiting_is_planned_and_what_holds_the_sessions() -> None:
    _, appointment = accepted(line(), line(1, automatic_debiting=False))
    assert appointment.debit_status == "automatic_debiting"
    assert [each.debit_status for each in appointment.lines] == ["automatic_debiting", None]
    assert {each.membership_id for each in appointment.lines} == {ANNAS_MEMBERSHIP}
    assert appointment.booked_with_membership
    assert (appointment.revision, appointment.accepted_at) == (1, START - timedelta(hours=30))


@pytest.mark.rule("G10")
def test_what_no_membership_carries_is_not_marked_as_booked_with_one() -> None:
    booking, appointment = booked(line())
    accept(booking, START)
    assert not appointment.booked_with_membership


def test_a_refused_booking_owes_nothing() -> None:
    booking, appointment = booked(line())
    refuse(booking, "timed_out")
    assert (booking.state, appointment.state, appointment.owed) == ("refused", "refused", 0)


@pytest.mark.rule("A2")
@pytest.mark.parametrize(
    ("hours", "deadline"),
    [(0, timedelta(minutes=5)), (1, timedelta(hours=1)), (24, timedelta(hours=24))],
)
def test_a_client_cancels_until_the_hours_before_the_start_or_5_minutes_when_they_are_0(
    hours: int, deadline: timedelta
) -> None:
    booking, appointment = accepted(line(), hours=hours)
    late = START - deadline + timedelta(milliseconds=1)
    with pytest.raises(Refusal, match=r"until 2030-01-0\dT.*\(Europe/Berlin\)") as refusal:
        cancel(booking, appointment, at=late, online=True, charge=False)
    assert refusal.value.kind == "cancellation-too-late"
    assert appointment.state == "accepted"
    cancel(booking, appointment, at=START - deadline, online=True, charge=False)
    assert (appointment.state, appointment.revision) == ("cancelled", 2)


@pytest.mark.rule("A2")
def test_an_operator_cancels_at_any_time_and_says_whether_it_is_charged() -> None:
    for charge, debit_status in ((True, "automatic_debiting"), (False, None)):
        booking, appointment = accepted(line())
        fact = cancel(booking, appointment, at=START, online=False, charge=charge)
        assert (fact.at, fact.charge) == (START, charge)
        assert appointment.debit_status == debit_status


@pytest.mark.rule("A2")
def test_a_client_does_not_say_whether_a_cancellation_is_charged() -> None:
    booking, appointment = accepted(line())
    with pytest.raises(Refusal) as refusal:
        cancel(booking, appointment, at=booking.submitted_at, online=True, charge=True)
    assert refusal.value.kind == "forbidden"


def test_what_is_cancelled_is_not_cancelled_again() -> None:
    booking, appointment = accepted(line())
    cancel(booking, appointment, at=START, online=False, charge=False)
    with pytest.raises(Refusal, match="is cancelled") as refusal:
        cancel(booking, appointment, at=START, online=False, charge=True)
    assert (refusal.value.kind, appointment.revision) == ("conflict", 2)


@pytest.mark.rule("A6", "A7")
def test_visit_status_and_debit_status_never_touch_each_other() -> None:
    booking, appointment = accepted(line())
    set_visit_status(booking, appointment, "no_show")
    assert appointment.debit_status == "automatic_debiting"
    settle(appointment, 1, outcome="debited", debited={appointment.lines[0].line_id: None})
    assert (appointment.visit_status, appointment.debit_status) == ("no_show", "debited")
    set_visit_status(booking, appointment, "confirmed")
    assert (appointment.debit_status, appointment.status_revision) == ("debited", 2)


@pytest.mark.rule("A8", "A9")
def test_an_appointment_is_debited_when_all_its_automatic_lines_are() -> None:
    first, second, other = line(), line(1), line(2, automatic_debiting=False)
    _, appointment = accepted(first, second, other)
    settle(appointment, 1, outcome="not_debited", debited={first.line_id: BENS_MEMBERSHIP})
    assert appointment.debit_status == "not_debited"
    assert [each.debit_status for each in appointment.lines] == ["debited", "not_debited", None]
    assert [each.membership_id for each in appointment.lines] == [
        BENS_MEMBERSHIP,
        None,
        ANNAS_MEMBERSHIP,
    ]
    both = {first.line_id: BENS_MEMBERSHIP, second.line_id: ANNAS_MEMBERSHIP}
    settle(appointment, 2, outcome="debited", debited=both)
    assert appointment.debit_status == "debited"


@pytest.mark.rule("A10")
def test_a_debit_reversed_for_a_cancellation_leaves_no_debit_status() -> None:
    booking, appointment = accepted(line())
    debited = {appointment.lines[0].line_id: ANNAS_MEMBERSHIP}
    settle(appointment, 1, outcome="debited", debited=debited)
    cancel(booking, appointment, at=START + timedelta(hours=2), online=False, charge=False)
    assert appointment.debit_status == "debited"  # until membership has given it back
    settle(appointment, 2, outcome="reversed", debited={})
    assert appointment.debit_status is None
    assert appointment.lines[0].membership_id is None


@pytest.mark.rule("A3", "A10")
def test_a_debit_that_was_undone_leaves_an_appointment_that_is_not_debited() -> None:
    short, undone = line(), line(1, automatic_debiting=False)
    _, appointment = accepted(short, undone)
    settle(appointment, 1, outcome="not_debited", debited={undone.line_id: ANNAS_MEMBERSHIP})
    settle(appointment, 2, outcome="reversed", debited={})
    assert appointment.debit_status == "not_debited"
    assert [each.debit_status for each in appointment.lines] == ["not_debited", None]
    assert [each.membership_id for each in appointment.lines] == [None, None]


@pytest.mark.rule("A3", "A10")
def test_cancelling_after_the_debit_was_undone_leaves_no_debit_status() -> None:
    booking, appointment = accepted(line())
    settle(appointment, 1, outcome="debited", debited={appointment.lines[0].line_id: None})
    settle(appointment, 2, outcome="reversed", debited={})
    cancel(booking, appointment, at=booking.submitted_at, online=False, charge=False)
    assert appointment.debit_status is None
    assert appointment.lines[0].debit_status is None


@pytest.mark.rule("A2", "A3", "A10")
@pytest.mark.parametrize("cancelled_first", [False, True])
def test_a_charged_cancel_and_an_undone_debit_leave_not_debited_whichever_came_first(
    *, cancelled_first: bool
) -> None:
    booking, appointment = accepted(line())
    settle(appointment, 1, outcome="debited", debited={appointment.lines[0].line_id: None})
    if cancelled_first:
        cancel(booking, appointment, at=START, online=False, charge=True)
    settle(appointment, 2, outcome="reversed", debited={})
    if not cancelled_first:
        cancel(booking, appointment, at=START, online=False, charge=True)
    assert appointment.debit_status == appointment.lines[0].debit_status == "not_debited"


@pytest.mark.rule("A2", "A13")
@pytest.mark.parametrize("charge", [False, True])
def test_what_is_debited_by_hand_cancelled_and_then_undone_is_planned_only_if_charged(
    *, charge: bool
) -> None:
    booking, appointment = accepted(line())
    settle(appointment, 1, outcome="planned", debited={appointment.lines[0].line_id: None})
    cancel(booking, appointment, at=booking.submitted_at, online=False, charge=charge)
    settle(appointment, 2, outcome="planned", debited={})
    assert appointment.debit_status == ("automatic_debiting" if charge else None)


@pytest.mark.rule("A2", "A15")
@pytest.mark.parametrize("charge", [False, True])
def test_cancelling_leaves_in_force_the_plan_that_it_ends_and_void_what_that_replaced(
    *, charge: bool
) -> None:
    booking, appointment = accepted(line())
    later = START + timedelta(days=1)
    move(booking, appointment, replace(appointment, start=later, revision=2), START)
    cancel(booking, appointment, at=START, online=False, charge=charge)
    assert appointment.has_replaced(1, START)
    assert not appointment.has_replaced(2, later)


@pytest.mark.rule("A3", "A13")
def test_what_is_debited_by_hand_before_the_start_shows_so_and_the_rest_stays_planned() -> None:
    by_hand, later, other = line(), line(1), line(2, automatic_debiting=False)
    _, appointment = accepted(by_hand, later, other)
    both = {by_hand.line_id: BENS_MEMBERSHIP, other.line_id: BENS_MEMBERSHIP}
    settle(appointment, 1, outcome="planned", debited=both)
    assert appointment.debit_status == "automatic_debiting"
    assert [each.debit_status for each in appointment.lines] == [
        "debited",
        "automatic_debiting",
        "debited",
    ]
    settle(appointment, 2, outcome="not_debited", debited=both)
    assert appointment.debit_status == "not_debited"
    assert [each.debit_status for each in appointment.lines] == [
        "debited",
        "not_debited",
        "debited",
    ]


@pytest.mark.rule("A10", "A13")
def test_a_debit_by_hand_that_is_undone_before_the_start_leaves_what_was_planned() -> None:
    automatic, other = line(), line(1, automatic_debiting=False)
    _, appointment = accepted(automatic, other)
    both = {automatic.line_id: BENS_MEMBERSHIP, other.line_id: BENS_MEMBERSHIP}
    settle(appointment, 1, outcome="planned", debited=both)
    assert appointment.debit_status == "debited"
    settle(appointment, 2, outcome="planned", debited={})
    assert appointment.debit_status == "automatic_debiting"
    assert [each.debit_status for each in appointment.lines] == ["automatic_debiting", None]


@pytest.mark.rule("A10", "A13")
@pytest.mark.parametrize("undone_first", [False, True])
def test_cancelling_what_was_debited_by_hand_leaves_no_plan_to_debit(*, undone_first: bool) -> None:
    by_hand, later = line(), line(1)
    booking, appointment = accepted(by_hand, later)
    settle(appointment, 1, outcome="planned", debited={by_hand.line_id: BENS_MEMBERSHIP})
    if undone_first:
        settle(appointment, 2, outcome="planned", debited={})
    cancel(booking, appointment, at=booking.submitted_at, online=False, charge=False)
    if not undone_first:
        assert by_hand.debit_status == "debited"  # until membership has given it back
        settle(appointment, 2, outcome="planned", debited={})
    assert appointment.debit_status is None
    assert [each.debit_status for each in appointment.lines] == [None, None]


@pytest.mark.rule("A16")
def test_what_is_paid_at_the_counter_is_not_shown_as_not_debited() -> None:
    paid, debited = line(), line(1)
    _, appointment = accepted(paid, debited)
    settle(
        appointment,
        1,
        outcome="debited",
        debited={debited.line_id: ANNAS_MEMBERSHIP},
        claimed={paid.line_id},
    )
    assert [each.debit_status for each in appointment.lines] == [None, "debited"]
    assert appointment.debit_status == "debited"


@pytest.mark.rule("A3", "A15")
def test_an_error_of_the_start_leaves_what_was_debited_by_hand() -> None:
    by_hand, later = line(), line(1)
    _, appointment = accepted(by_hand, later)
    settle(appointment, 1, outcome="planned", debited={by_hand.line_id: BENS_MEMBERSHIP})
    assert fail(appointment)
    assert [each.debit_status for each in appointment.lines] == ["debited", "not_debited"]


@pytest.mark.rule("A3", "A16")
def test_only_what_is_not_claimed_is_still_to_be_debited() -> None:
    claimed, later = line(), line(1)
    _, appointment = accepted(claimed, later)
    held = {later.line_id: BENS_MEMBERSHIP}
    settle(appointment, 1, outcome="planned", debited={}, claimed={claimed.line_id}, held=held)
    assert appointment.debit_status == "automatic_debiting"
    assert [each.debit_status for each in appointment.lines] == [None, "automatic_debiting"]
    assert [each.membership_id for each in appointment.lines] == [None, BENS_MEMBERSHIP]


before = partial(settle, outcome="planned")


@pytest.mark.rule("A3", "A15", "A16", "X6")
@pytest.mark.parametrize("ends", ["claimed", "held", "held by none", "moved", "settled"])
def test_claims_returns_and_moved_holds_end_in_one_state_in_all_orders(ends: str) -> None:
    shown: set[tuple[object, ...]] = set()
    number = {"claimed": 2, "held": 3, "held by none": 3, "moved": 4, "settled": 5}[ends]
    for order in permutations(range(number)):
        only = line()
        booking, appointment = accepted(only)
        holder = dict[UUID, UUID]()
        if ends != "held by none":
            holder[only.line_id] = ANNAS_MEMBERSHIP
        claimed = {only.line_id}
        said: list[Callable[[], object]] = [
            partial(carry_on, booking, only.line_id, BENS_MEMBERSHIP, 0),
            partial(before, appointment, 1, debited={}, claimed=claimed, held={}),
            partial(before, appointment, 2, debited={}, held=holder),
            partial(carry_on, booking, only.line_id, BENS_MEMBERSHIP, 2),
            partial(settle, appointment, 3, outcome="not_debited", debited={}, held={}),
        ]
        for each in order:
            said[each]()
        shown.add((appointment.debit_status, only.debit_status, only.membership_id))
    planned = "automatic_debiting"
    assert shown == {
        {
            "claimed": (None, None, None),
            "held": (planned, planned, ANNAS_MEMBERSHIP),
            "held by none": (planned, planned, None),
            "moved": (planned, planned, BENS_MEMBERSHIP),
            "settled": ("not_debited", "not_debited", None),
        }[ends]
    }


@pytest.mark.rule("A10", "A15")
def test_a_debit_undone_before_the_start_ends_in_one_state_in_all_orders() -> None:
    shown: set[tuple[object, ...]] = set()
    for order in permutations(range(4)):
        only = line()
        booking, appointment = accepted(only)
        debited, held = {only.line_id: ANNAS_MEMBERSHIP}, {only.line_id: BENS_MEMBERSHIP}
        said: list[Callable[[], object]] = [
            partial(before, appointment, 1, debited=debited, held={}),
            partial(before, appointment, 2, debited={}, held=held),
            partial(carry_on, booking, only.line_id, BENS_MEMBERSHIP, 2),
            partial(carry_on, booking, only.line_id, None, 2),
        ]
        if order.index(2) > order.index(3):
            continue  # one is said after the other, in one place
        for each in order:
            said[each]()
        shown.add((appointment.debit_status, only.membership_id, only.hold_released))
    assert shown == {("automatic_debiting", None, True)}


@pytest.mark.rule("A15")
def test_all_orders_of_arrival_end_in_the_same_state() -> None:
    ends: set[tuple[object, ...]] = set()
    for order in permutations(range(5)):
        only = line()
        booking, appointment = accepted(only)
        said = [
            lambda a=appointment, o=only: settle(
                a, 1, outcome="debited", debited={o.line_id: ANNAS_MEMBERSHIP}
            ),
            lambda a=appointment: settle(a, 2, outcome="reversed", debited={}),
            lambda a=appointment: bill(a, 1, "paid", 0),
            lambda a=appointment: bill(a, 2, "unpaid", 0),
            lambda a=appointment, b=booking: cancel(b, a, at=START, online=False, charge=False),
        ]
        for number in order:
            said[number]()
        ends.add((appointment.debit_status, appointment.payment_status, only.debit_status))
    assert ends == {(None, "unpaid", None)}


def test_every_refusal_is_a_problem_of_the_catalogue() -> None:
    assert set(get_args(Kind)) <= CATALOGUE.keys()
