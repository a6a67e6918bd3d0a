"""Starts that can be booked: services in a row, time off, clock changes, midnight."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.catalogue import (
    Location,
    Service,
    ServiceKind,
    TeamMember,
    TimeOff,
    WorkingHours,
)
from booking.domain.cells import Cell, cells_of
from booking.domain.diary import Diary
from booking.domain.free_slots import FreeSlot, free_slots
from booking.domain.hours import local_day
from booking.domain.planning import Terms, WantedAppointment, WantedLine, in_a_row
from booking.domain.refusals import Refusal

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2030, 1, 7)
SPRING, AUTUMN = date(2030, 3, 31), date(2030, 10, 27)  # Sundays on which the clock is changed
HERE, ANNA, BEN = UUID(int=9), UUID(int=1), UUID(int=2)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def service(number: int, minutes: int = 60, kind: ServiceKind = "individual") -> Service:
    return Service(UUID(int=number), HERE, "Massage", kind, minutes, 5_000, False, False, 0)


MASSAGE, FACIAL = service(11), service(12, minutes=30)


def member(
    who: UUID,
    *services: Service,
    opens: time = time(9),
    closes: time = time(12),
    off: tuple[tuple[datetime, datetime], ...] = (),
) -> TeamMember:
    """Return someone who works these local hours every day."""
    return TeamMember(
        who,
        HERE,
        "Anna",
        frozenset(each.service_id for each in services),
        tuple(WorkingHours(weekday, opens, closes) for weekday in range(1, 8)),
        tuple(TimeOff(UUID(int=0), *each) for each in off),
    )


def slots(
    *services: Service,
    team: tuple[TeamMember, ...],
    taken: frozenset[Cell] = frozenset(),
    day: date = MONDAY,
    zone: ZoneInfo = BERLIN,
    after: datetime = LONG_AGO,
) -> list[FreeSlot]:
    return list(free_slots(services, team, taken, day, zone, after=after))


def local(found: list[FreeSlot], zone: ZoneInfo = BERLIN) -> list[str]:
    return [f"{each.start.astimezone(zone):%H:%M}" for each in found]


def berlin(hour: int, minute: int = 0) -> datetime:
    return datetime(2030, 1, 7, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def test_a_start_is_free_when_the_whole_service_fits() -> None:
    found = slots(MASSAGE, team=(member(ANNA, MASSAGE, closes=time(10, 10)),))
    assert local(found) == ["09:00", "09:05", "09:10"]
    assert {each.team_member_ids for each in found} == {(ANNA,)}


def test_a_start_shared_by_several_is_one_slot_of_the_first_by_id() -> None:
    team = (member(BEN, MASSAGE, closes=time(10)), member(ANNA, MASSAGE, closes=time(10)))
    assert slots(MASSAGE, team=team) == [FreeSlot(berlin(9), (ANNA,))]
    taken = frozenset(cells_of(ANNA, berlin(9), berlin(9, 5)))
    assert slots(MASSAGE, team=team, taken=taken) == [FreeSlot(berlin(9), (BEN,))]


@pytest.mark.rule("X2")
def test_what_is_taken_is_not_free_and_what_touches_it_is() -> None:
    taken = frozenset(cells_of(ANNA, berlin(10), berlin(11)))
    assert local(slots(MASSAGE, team=(member(ANNA, MASSAGE),), taken=taken)) == ["09:00", "11:00"]


@pytest.mark.rule("X2")
def test_a_cell_that_is_taken_in_part_is_not_free_at_all() -> None:
    taken = frozenset(cells_of(ANNA, berlin(9), berlin(9, 1)))
    odd = member(ANNA, MASSAGE, opens=time(9, 2), closes=time(10, 15))
    assert local(slots(MASSAGE, team=(odd,), taken=taken)) == ["09:07", "09:12"]


def test_services_in_a_row_each_have_somebody_who_performs_them() -> None:
    team = (member(ANNA, MASSAGE, closes=time(10)), member(BEN, FACIAL, closes=time(10, 30)))
    assert slots(MASSAGE, FACIAL, team=team) == [FreeSlot(berlin(9), (ANNA, BEN))]
    assert slots(FACIAL, MASSAGE, team=team) == []
    again = slots(FACIAL, FACIAL, team=team)
    assert local(again) == [f"09:{minute:02}" for minute in range(0, 31, 5)]


def test_services_in_a_row_need_nobody_who_is_taken_meanwhile() -> None:
    team = (member(ANNA, MASSAGE, FACIAL),)
    taken = frozenset(cells_of(ANNA, berlin(10, 30), berlin(10, 35)))
    assert local(slots(MASSAGE, FACIAL, team=team, taken=taken)) == ["09:00"]


def test_time_off_is_not_worked_and_does_not_move_the_other_starts() -> None:
    anna = member(ANNA, MASSAGE, off=((berlin(10), berlin(10, 52)),))
    assert local(slots(MASSAGE, team=(anna,))) == ["09:00", "10:55", "11:00"]
    away = member(ANNA, MASSAGE, off=((LONG_AGO, berlin(23)),))
    assert slots(MASSAGE, team=(away,)) == []


def test_what_has_begun_is_not_free() -> None:
    found = slots(MASSAGE, team=(member(ANNA, MASSAGE),), after=berlin(10, 55))
    assert local(found) == ["11:00"]


def test_a_group_service_has_events_and_no_free_starts() -> None:
    yoga = service(13, kind="group")
    team = (member(ANNA, MASSAGE, yoga),)
    assert slots(yoga, team=team) == slots(MASSAGE, yoga, team=team) == []


@pytest.mark.rule("X5")
def test_the_night_on_which_the_clock_is_put_forward_has_an_hour_less_of_starts() -> None:
    night = member(ANNA, FACIAL, opens=time(1), closes=time(4))
    found = slots(FACIAL, team=(night,), day=SPRING)
    assert len(found) == 12 * 2 - 5
    hours = {f"{each.start.astimezone(BERLIN):%H}" for each in found}
    assert hours == {"01", "03"}
    straddling = [each.start for each in found if f"{each.start.astimezone(BERLIN):%H}" == "01"]
    assert max(straddling).astimezone(BERLIN).minute == 55  # and ends at 3:25


@pytest.mark.rule("X5")
def test_the_night_on_which_the_clock_is_put_back_has_an_hour_more_of_starts() -> None:
    night = member(ANNA, FACIAL, opens=time(1), closes=time(4))
    found = slots(FACIAL, team=(night,), day=AUTUMN)
    assert len(found) == 12 * 4 - 5
    assert local(found).count("02:30") == 2
    steps = {later.start - earlier.start for earlier, later in pairwise(found)}
    assert steps == {timedelta(minutes=5)}


@pytest.mark.rule("X5")
def test_starts_belong_to_the_local_date_on_both_sides_of_midnight() -> None:
    late = member(ANNA, FACIAL, opens=time(23), closes=time(23, 59))
    early = member(BEN, FACIAL, opens=time(0), closes=time(0, 40))
    found = slots(FACIAL, team=(late, early))
    assert local(found) == ["00:00", "00:05", "00:10"] + [f"23:{m:02}" for m in range(0, 30, 5)]
    assert {each.start.astimezone(BERLIN).date() for each in found} == {MONDAY}
    auckland = ZoneInfo("Pacific/Auckland")  # where Monday begins on Sunday's noon in UTC
    there = slots(FACIAL, team=(early,), zone=auckland)
    assert there[0].start == datetime(2030, 1, 6, 11, tzinfo=UTC)


@pytest.mark.rule("X5")
def test_a_date_without_midnight_begins_when_the_clock_says_one() -> None:
    santiago = ZoneInfo("America/Santiago")
    night = member(ANNA, FACIAL, opens=time(0), closes=time(2))
    found = slots(FACIAL, team=(night,), day=date(2030, 9, 8), zone=santiago)
    assert local(found, santiago) == [f"01:{minute:02}" for minute in range(0, 31, 5)]


MINUTES = st.integers(0, 25 * 12).map(lambda fives: timedelta(minutes=5 * fives))
TIMES = st.integers(0, 24 * 12 - 1).map(lambda fives: time(fives // 12, fives % 12 * 5))
SKILLS = [
    frozenset({MASSAGE.service_id, FACIAL.service_id}),
    frozenset({MASSAGE.service_id}),
    frozenset({FACIAL.service_id}),
]
PERIODS = st.tuples(MINUTES, MINUTES).map(sorted).filter(lambda both: both[0] < both[1])


@st.composite
def teams(draw: st.DrawFn, day: date) -> tuple[TeamMember, ...]:
    """Draw two people with hours and time off of their own, in order of their ids."""
    midnight, _ = local_day(day, BERLIN)
    team: list[TeamMember] = []
    for who in (ANNA, BEN):
        hours = draw(st.lists(st.tuples(TIMES, TIMES).map(sorted), min_size=1, max_size=2))
        off = draw(st.lists(PERIODS, max_size=1))
        team.append(
            TeamMember(
                who,
                HERE,
                "Anna",
                draw(st.sampled_from(SKILLS)),
                tuple(WorkingHours(day.isoweekday(), *each) for each in hours),
                tuple(TimeOff(UUID(int=0), midnight + a, midnight + b) for a, b in off),
            )
        )
    return tuple(team)


@pytest.mark.rule("X2", "X5")
@given(st.data())
@settings(max_examples=100, deadline=None)
def test_the_free_slots_of_a_day_are_exactly_the_starts_that_a_booking_gets(
    data: st.DataObject,
) -> None:
    day = data.draw(st.sampled_from([MONDAY, SPRING, AUTUMN]))
    team = data.draw(teams(day))
    row = data.draw(st.lists(st.sampled_from([MASSAGE, FACIAL]), min_size=1, max_size=2))
    begins, ends = local_day(day, BERLIN)
    taken = frozenset(
        cell
        for start, end in data.draw(st.lists(PERIODS, min_size=1, max_size=3))
        for cell in cells_of(data.draw(st.sampled_from([ANNA, BEN])), begins + start, begins + end)
    )
    expected: list[FreeSlot] = []
    start = begins
    while start < ends:
        who = _booked(row, team, taken, start)
        expected += [FreeSlot(start, who)] if who else []
        start += timedelta(minutes=5)
    assert slots(*row, team=team, taken=taken, day=day) == expected


def _booked(
    row: list[Service], team: tuple[TeamMember, ...], taken: frozenset[Cell], start: datetime
) -> tuple[UUID, ...]:
    """Return who would perform the services for a booking at that start; nobody if refused."""
    location = Location(HERE, UUID(int=8), "Mitte", "Europe/Berlin", "EUR", "DE")
    services = {each.service_id: each for each in row}
    members = {each.team_member_id: each for each in team}
    diary = Diary(location, services, members, {}, set(taken))
    lines = tuple(WantedLine(UUID(int=20), each.service_id, None) for each in row)
    wanted = WantedAppointment(UUID(int=30), start, lines)
    terms = Terms(LONG_AGO, online=True, pay_online=None)
    try:
        appointment = in_a_row(terms, wanted, diary, set())
    except Refusal:
        return ()
    return tuple(line.team_member_id for line in appointment.lines if line.team_member_id)
