"""Blocks of the calendar, by the location's own clock."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from contracts.booking import WorkingHours
from contracts.booking_views import (
    AppointmentView,
    CalendarView,
    LineView,
    TeamMemberView,
    TimeOffView,
)
from contracts.values import DebitStatus, Money
from gateway.pages.office.calendar_blocks import Block, blocks_of, closed_times, hours_of

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = date(2026, 10, 25)
"""The day on which the clocks of Berlin are put back, from three to two."""
PRICE = Money(amount=1500, currency="EUR")
MASSAGE, BATH = uuid4(), uuid4()
MINUTES = {MASSAGE: 60, BATH: 30}


def line(service: UUID, performer: UUID, debit: DebitStatus | None = None) -> LineView:
    return LineView(
        line_id=uuid4(),
        service_id=service,
        service_name="A service",
        team_member_id=performer,
        price=PRICE,
        debit_status=debit,
        membership_id=None,
    )


def blocks(start: datetime, *lines: LineView) -> list[Block]:
    minutes = sum(MINUTES[each.service_id] for each in lines)
    appointment = AppointmentView(
        appointment_id=uuid4(),
        booking_id=uuid4(),
        visit_id=uuid4(),
        location_id=uuid4(),
        client_id=uuid4(),
        client_name="Anna",
        event_id=None,
        start=start,
        end=start + timedelta(minutes=minutes),
        state="accepted",
        visit_status="pending",
        debit_status="debited",
        payment_status="unpaid",
        owed=PRICE,
        booked_with_membership=False,
        free_cancellation_until=start,
        lines=lines,
    )
    day = CalendarView(
        location_id=appointment.location_id,
        date=start.astimezone(BERLIN).date(),
        time_zone=BERLIN.key,
        appointments=(appointment,),
        events=(),
    )
    return blocks_of(day, BERLIN, MINUTES)


def working(opens: int, closes: int, *off: TimeOffView) -> TeamMemberView:
    hours = [
        WorkingHours(weekday=day, opens=time(opens), closes=time(closes)) for day in range(1, 8)
    ]
    return TeamMemberView(
        team_member_id=uuid4(),
        location_id=uuid4(),
        name="Mira",
        service_ids=(),
        working_hours=tuple(hours),
        time_off=off,
    )


def test_lines_of_one_performer_are_one_block_and_those_of_two_follow_each_other() -> None:
    mira, lea = uuid4(), uuid4()
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    alone = blocks(start, line(MASSAGE, mira), line(BATH, mira))
    both = blocks(start, line(MASSAGE, mira), line(BATH, lea))
    assert [(each.start.time(), each.end.time()) for each in alone] == [(time(10), time(11, 30))]
    assert [(each.column, each.start.time(), each.end.time()) for each in both] == [
        (str(mira), time(10), time(11)),
        (str(lea), time(11), time(11, 30)),
    ]


@pytest.mark.rule("A9")
def test_a_block_says_what_was_debited_of_its_own_lines() -> None:
    mira, lea = uuid4(), uuid4()
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    both = blocks(start, line(MASSAGE, mira, "debited"), line(BATH, lea))
    assert [each.debit_status for each in both] == ["debited", None]


@pytest.mark.rule("X5")
def test_an_hour_is_an_hour_when_the_clock_is_put_back() -> None:
    [block] = blocks(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), line(MASSAGE, uuid4()))
    assert (block.start, block.end) == (
        datetime.combine(SUNDAY, time(2, 30)),
        datetime.combine(SUNDAY, time(3, 30)),
    )


def test_the_hours_shown_are_those_worked_and_all_in_which_something_stands() -> None:
    early = blocks(datetime(2026, 3, 2, 5, 30, tzinfo=UTC), line(MASSAGE, uuid4()))
    monday = [date(2026, 3, 2)]
    assert hours_of([], [working(9, 18)], monday) == (9, 18)
    assert hours_of(early, [working(9, 18)], monday) == (6, 18)
    assert hours_of([], [working(0, 23)], monday) == (8, 20)
    assert hours_of([], [], monday) == (9, 18)


def test_what_reaches_beyond_midnight_is_shown_until_midnight() -> None:
    late = blocks(datetime(2026, 3, 2, 22, 30, tzinfo=UTC), line(MASSAGE, uuid4()))
    assert hours_of(late, [working(9, 18)], [date(2026, 3, 2)]) == (9, 24)


def test_nobody_works_outside_working_hours_and_when_off() -> None:
    off = TimeOffView(
        time_off_id=uuid4(),
        start=datetime(2026, 3, 2, 11, tzinfo=UTC),
        end=datetime(2026, 3, 5, 11, tzinfo=UTC),
    )
    day, midnight = date(2026, 3, 2), datetime.combine(date(2026, 3, 3), time())
    assert closed_times(working(9, 18, off), [day], BERLIN) == [
        (datetime.combine(day, time()), datetime.combine(day, time(9))),
        (datetime.combine(day, time(18)), midnight),
        (datetime.combine(day, time(12)), midnight),
    ]
