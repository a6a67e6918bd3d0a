"""Working hours and cells, daylight saving included."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from booking.domain.catalogue import WorkingHours
from booking.domain.cells import cells_between, cells_of
from booking.domain.hours import local_day, local_instant, starts, windows, without

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2030, 3, 31), date(2030, 10, 27)  # Sundays on which the clock is changed
WINTER, SUMMER = date(2030, 1, 7), date(2030, 7, 1)  # Mondays


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2030, 1, 7, hour, minute, second, tzinfo=UTC)


def hours(weekday: int, opens: time, closes: time) -> WorkingHours:
    return WorkingHours(weekday, opens, closes)


@pytest.mark.rule("X5")
def test_the_same_local_hours_are_other_instants_in_summer() -> None:
    monday = (hours(1, time(9), time(17)),)
    [(winter, _)] = windows(monday, WINTER, BERLIN)
    [(summer, _)] = windows(monday, SUMMER, BERLIN)
    assert (winter.hour, summer.hour) == (8, 7)


@pytest.mark.rule("X5")
def test_a_working_day_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    sunday = (hours(7, time(0), time(12)),)
    [(opens, closes)] = windows(sunday, SPRING, BERLIN)
    assert closes - opens == timedelta(hours=11)
    [(opens, closes)] = windows(sunday, AUTUMN, BERLIN)
    assert closes - opens == timedelta(hours=13)


@pytest.mark.rule("X5")
def test_a_local_day_lasts_from_midnight_to_midnight() -> None:
    lengths = [ends - begins for begins, ends in (local_day(d, BERLIN) for d in (SPRING, AUTUMN))]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


@pytest.mark.rule("X5")
def test_a_time_that_the_clock_skips_is_an_hour_later_and_one_that_it_repeats_is_the_first() -> (
    None
):
    skipped = local_instant(SPRING, time(2, 30), BERLIN)
    assert skipped.astimezone(BERLIN).time() == time(3, 30)
    repeated = local_instant(AUTUMN, time(2, 30), BERLIN)
    assert repeated == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)
    assert local_instant(AUTUMN, time(2, 30), BERLIN, fold=1) - repeated == timedelta(hours=1)


def test_busy_times_are_cut_out_of_stretches() -> None:
    worked = [(at(9), at(12)), (at(13), at(17))]
    busy = [(at(14), at(15)), (at(8), at(10)), (at(11, 30), at(13, 30)), (at(14, 30), at(14, 45))]
    left = list(without(worked, busy))
    assert left == [(at(10), at(11, 30)), (at(13, 30), at(14)), (at(15), at(17))]
    assert list(without(worked, [])) == worked
    assert list(without(worked, [(at(0), at(23))])) == []


def test_hours_that_touch_are_one_stretch_and_other_weekdays_do_not_count() -> None:
    entries = (
        hours(1, time(13), time(17)),
        hours(1, time(9), time(13)),
        hours(1, time(18), time(19)),
        hours(2, time(9), time(13)),
    )
    worked = [(opens.hour, closes.hour) for opens, closes in windows(entries, WINTER, BERLIN)]
    assert worked == [(8, 16), (17, 18)]


def test_starts_are_five_minutes_apart_and_end_before_the_work_does() -> None:
    monday = (hours(1, time(9), time(10)),)
    found = list(starts(monday, WINTER, BERLIN, lasting=timedelta(minutes=50)))
    assert found == [at(8, 0), at(8, 5), at(8, 10)]


@pytest.mark.rule("X2")
def test_whatever_overlaps_a_cell_takes_all_of_it() -> None:
    assert len(cells_between(at(9), at(10))) == 12
    assert len(cells_between(at(9, 0, 1), at(10, 0, 1))) == 13
    who = uuid4()
    first = set(cells_of(who, at(9), at(9, 30, 1)))
    assert not first.isdisjoint(cells_of(who, at(9, 32), at(10)))
    assert first.isdisjoint(cells_of(who, at(9, 35), at(10)))
    assert first.isdisjoint(cells_of(uuid4(), at(9), at(10)))
