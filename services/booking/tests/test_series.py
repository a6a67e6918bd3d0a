"""Series of events: the same local time on every date, all or none."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from contracts.booking import CreateEventSeries, EventSeriesForm
from contracts.booking_views import EventView
from web import Role

from .studio import Studio

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = tuple(range(1, 8))


def series(studio: Studio, service_id: UUID, **form: Any) -> CreateEventSeries:
    usual = {
        "service_id": service_id,
        "first_date": date(2030, 1, 7),
        "last_date": date(2030, 1, 20),
        "weekdays": (1, 3),
        "time": time(18, 30),
        "capacity": 12,
    }
    return CreateEventSeries(
        series_id=uuid4(),
        location_id=studio.location_id,
        series=EventSeriesForm.model_validate({**usual, **form}),
    )


async def planned(studio: Studio, command: CreateEventSeries) -> list[EventView]:
    answer = await studio.done(Role.OPERATOR, command)
    return [EventView.model_validate(each) for each in answer["events"]]


def local(event: EventView) -> str:
    return f"{event.start.astimezone(BERLIN):%m-%d %H:%M}"


async def test_a_series_has_an_event_on_each_of_its_weekdays_but_the_excepted_dates(
    studio: Studio,
) -> None:
    yoga = await studio.service("group")
    command = series(studio, yoga, except_dates=(date(2030, 1, 9),))
    events = await planned(studio, command)
    assert [local(each) for each in events] == ["01-07 18:30", "01-14 18:30", "01-16 18:30"]
    assert {each.series_id for each in events} == {command.series_id}
    assert {(each.capacity, each.spots_taken, each.cancelled) for each in events} == {
        (12, 0, False)
    }
    booking = await studio.booked(studio.submit_spots(events[1].event_id, 2))
    assert booking.appointments[0].start == events[1].start


@pytest.mark.rule("X5")
async def test_a_series_keeps_its_local_time_when_the_clock_is_changed(studio: Studio) -> None:
    yoga = await studio.service("group")
    spring = series(
        studio,
        yoga,
        first_date=date(2030, 3, 29),
        last_date=date(2030, 4, 1),
        weekdays=EVERY_DAY,
        time=time(2, 30),
    )
    events = await planned(studio, spring)
    assert [local(each) for each in events] == [
        "03-29 02:30",
        "03-30 02:30",
        "03-31 03:30",  # 2:30 does not exist
        "04-01 02:30",
    ]
    autumn = series(
        studio,
        yoga,
        first_date=date(2030, 10, 26),
        last_date=date(2030, 10, 28),
        weekdays=EVERY_DAY,
        time=time(2, 30),
    )
    starts = [each.start for each in await planned(studio, autumn)]
    assert starts == [
        datetime(2030, 10, 26, 0, 30, tzinfo=UTC),
        datetime(2030, 10, 27, 0, 30, tzinfo=UTC),  # the first of two
        datetime(2030, 10, 28, 1, 30, tzinfo=UTC),
    ]


@pytest.mark.rule("X5")
async def test_an_event_at_midnight_belongs_to_the_date_that_begins(studio: Studio) -> None:
    yoga = await studio.service("group")
    [event] = await planned(
        studio,
        series(studio, yoga, last_date=date(2030, 1, 7), weekdays=(1,), time=time(0)),
    )
    assert event.start == datetime(2030, 1, 6, 23, tzinfo=UTC)


@pytest.mark.rule("X2")
async def test_a_series_whose_leader_is_busy_once_is_not_planned_at_all(studio: Studio) -> None:
    yoga, massage = await studio.service("group"), await studio.service()
    anna = await studio.team_member(yoga, massage)
    third = datetime(2030, 1, 14, 18, tzinfo=BERLIN)
    await studio.booked(studio.submit(massage, start=third))
    refused = await studio.refused(Role.OPERATOR, series(studio, yoga, team_member_id=anna))
    assert refused[0] == "slot-taken"
    assert "2030-01-14T18:30" in refused[1]
    assert await studio.database.pool.fetchval("SELECT count(*) FROM events") == 0
    refused_again, planned_alone = await studio.ask(
        Role.OPERATOR,
        series(studio, yoga, team_member_id=anna),
        series(studio, yoga, team_member_id=anna, last_date=date(2030, 1, 7)),
    )
    assert (refused_again.state, planned_alone.state) == ("refused", "done")


@pytest.mark.rule("X2")
async def test_who_leads_a_series_is_busy_on_each_date_and_of_two_series_one_is_planned(
    studio: Studio,
) -> None:
    yoga, massage = await studio.service("group"), await studio.service()
    anna = await studio.team_member(yoga, massage)
    answers = await studio.ask(
        Role.OPERATOR,
        series(studio, yoga, team_member_id=anna),
        series(studio, yoga, team_member_id=anna, time=time(19)),
    )
    assert [each.state for each in answers] == ["done", "refused"]
    for day in (7, 9, 14, 16):
        asked = studio.submit(massage, start=datetime(2030, 1, day, 18, tzinfo=BERLIN))
        assert (await studio.refused(Role.OPERATOR, asked))[0] == "slot-taken"


@pytest.mark.rule("X4")
async def test_a_series_needs_dates_a_group_service_and_a_whole_second(studio: Studio) -> None:
    yoga, massage = await studio.service("group"), await studio.service()
    tuesday = date(2030, 1, 8)
    nothing = series(studio, yoga, first_date=tuesday, last_date=tuesday)
    assert await studio.refused(Role.OPERATOR, nothing) == ("invalid-request", "weekdays")
    individual = series(studio, massage)
    assert await studio.refused(Role.OPERATOR, individual) == ("invalid-request", "service_id")
    fraction = series(studio, yoga, time=time(18, 30, 0, 1))
    assert await studio.refused(Role.OPERATOR, fraction) == ("invalid-request", "time")
    for day, field in ((date.min, "first_date"), (date(2999, 12, 31), "last_date")):
        around = series(studio, yoga, first_date=day, last_date=day + timedelta(days=1))
        assert await studio.refused(Role.OPERATOR, around) == ("invalid-request", field)
    for unknown in (series(studio, uuid4()), series(studio, yoga, team_member_id=uuid4())):
        assert (await studio.refused(Role.OPERATOR, unknown))[0] == "not-found"


async def test_a_year_of_events_is_planned_at_once(studio: Studio) -> None:
    yoga = await studio.service("group")
    command = series(
        studio,
        yoga,
        last_date=date(2030, 1, 7) + timedelta(days=366),
        weekdays=EVERY_DAY,
        team_member_id=await studio.team_member(yoga),
    )
    assert len(await planned(studio, command)) == 367
