"""Questions about the catalogue over HTTP: what the widget needs, free slots and dates, clocks."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.booking import (
    AddTimeOff,
    CategoryForm,
    ChangeLocation,
    CreateCategory,
    CreateEventSeries,
    CreateLocation,
    EventSeriesForm,
    LocationForm,
    TimeOffForm,
)
from web import Role

from .asking import Asking
from .studio import MONDAY, Studio

DAY = str(MONDAY.date())


def between(first: str, last: str) -> dict[str, Any]:
    return {"from": first, "to": last}


def change(studio: Studio, **settings: object) -> ChangeLocation:
    usual = {"name": "Mitte", "time_zone": "Europe/Berlin", "currency": "EUR", "region": "DE"}
    form = LocationForm.model_validate({**usual, **settings})
    return ChangeLocation(location_id=studio.location_id, location=form)


@pytest.mark.rule("G1", "G9")
@pytest.mark.parametrize("role", [Role.WIDGET, Role.GATEWAY])
async def test_whoever_books_online_reads_the_switch_of_a_service_and_the_colour_of_its_label(
    studio: Studio, asking: Asking, role: Role
) -> None:
    plain, switched = await studio.service(), await studio.service(membership_booking=True)
    yoga = await studio.service("group", membership_booking=True)
    theme = {"color": "#aa0044", "mode": "dark"}
    await studio.done(Role.OPERATOR, change(studio, widget_theme=theme))
    assert (await asking.here("", role))["widget_theme"] == theme
    listed = (await asking.here("/services", role))["services"]
    assert {UUID(each["service_id"]): each["membership_booking"] for each in listed} == {
        plain: False,
        switched: True,
        yoga: True,
    }


async def test_a_service_tells_what_the_policy_makes_of_its_prepayment(
    studio: Studio, asking: Asking
) -> None:
    yoga = await studio.service("group")
    for group, expected in (("mandatory", (True, "mandatory")), ("off", (True, "off"))):
        await studio.done(Role.OPERATOR, change(studio, online_payment={"group": group}))
        service = await asking.here(f"/services/{yoga}", Role.WIDGET)
        assert (service["online_prepayment"], service["online_payment"]) == expected


async def test_categories_are_listed_by_name(studio: Studio, asking: Asking) -> None:
    for name in ("Yoga", "Massage"):
        command = CreateCategory(
            category_id=uuid4(), chain_id=studio.chain_id, category=CategoryForm(name=name)
        )
        await studio.done(Role.GATEWAY, command)
    path = f"/chains/{studio.chain_id}/categories"
    listed = (await asking.get(path, Role.WIDGET))["categories"]
    assert [each["name"] for each in listed] == ["Massage", "Yoga"]
    other = await Studio.open(studio.database)
    assert await asking.get(path, other.principal(Role.GATEWAY)) == "not-found"
    assert await asking.get(f"/chains/{uuid4()}/categories", Role.PLATFORM) == "not-found"


async def test_the_locations_of_a_chain_are_listed_by_name_and_an_operators_is_its_own(
    studio: Studio, asking: Asking
) -> None:
    other = await Studio.open(studio.database)
    sibling = CreateLocation(
        location_id=uuid4(),
        chain_id=studio.chain_id,
        location=LocationForm(
            name="Aachen", time_zone="Europe/Berlin", currency="EUR", region="DE"
        ),
    )
    await studio.done(Role.GATEWAY, sibling)
    path = f"/chains/{studio.chain_id}/locations"
    for role in (Role.PLATFORM, Role.GATEWAY, Role.READER):
        listed = (await asking.get(path, role))["locations"]
        ids = [UUID(each["location_id"]) for each in listed]
        assert ids == [sibling.location_id, studio.location_id]
        assert listed[1] == await asking.here("", role)
    [own] = (await asking.get(path, Role.OPERATOR))["locations"]
    assert own["location_id"] == str(studio.location_id)
    assert await asking.get(path, Role.WIDGET) == "forbidden"
    assert await asking.get(path, other.principal(Role.GATEWAY)) == "not-found"
    assert await asking.get(f"/chains/{uuid4()}/locations", Role.PLATFORM) == "not-found"


async def test_the_services_of_a_chain_are_those_of_all_its_locations(
    studio: Studio, asking: Asking
) -> None:
    other = await Studio.open(studio.database)
    here, elsewhere = await studio.service(), await other.service()
    path = f"/chains/{studio.chain_id}/services"
    for role in (Role.PLATFORM, Role.GATEWAY, Role.OPERATOR, Role.READER):
        listed = (await asking.get(path, role))["services"]
        assert [each["service_id"] for each in listed] == [str(here)]
    assert await asking.get(path, Role.WIDGET) == "forbidden"
    stranger = other.principal(Role.GATEWAY)
    assert await asking.get(path, stranger) == "not-found"
    theirs = await asking.get(f"/chains/{other.chain_id}/services", stranger)
    assert [each["service_id"] for each in theirs["services"]] == [str(elsewhere)]


@pytest.mark.rule("X2")
async def test_free_slots_of_services_in_a_row_can_be_booked_as_they_are_listed(
    studio: Studio, asking: Asking
) -> None:
    massage, facial = await studio.service(), await studio.service(minutes=30)
    anna, ben = await studio.team_member(massage), await studio.team_member(facial)
    await studio.booked(studio.submit(facial, start=MONDAY + timedelta(hours=1)))
    row: dict[str, Any] = {"service_id": [str(massage), str(facial)], "date": DAY}
    found = await asking.here("/free-slots", Role.WIDGET, **row)
    assert found["service_ids"] == row["service_id"]
    assert {tuple(each["team_member_ids"]) for each in found["slots"]} == {(str(anna), str(ben))}
    starts = [datetime.fromisoformat(each["start"]) for each in found["slots"]]
    assert MONDAY not in starts  # the facial would begin when Ben is busy
    assert MONDAY + timedelta(minutes=30) in starts
    await studio.booked(studio.submit(massage, facial, start=MONDAY + timedelta(minutes=30)))
    nobody = await asking.here("/free-slots", **row, team_member_id=str(anna))
    assert nobody["slots"] == []
    unknown = await asking.here("/free-slots", service_id=[massage, uuid4()], date=DAY)
    assert unknown == "not-found"


async def test_free_slots_and_dates_leave_time_off_out(studio: Studio, asking: Asking) -> None:
    massage = await studio.service()
    anna = await studio.team_member(massage)
    command = AddTimeOff(
        time_off_id=uuid4(),
        team_member_id=anna,
        location_id=studio.location_id,
        time_off=TimeOffForm(
            start=MONDAY - timedelta(hours=10), end=MONDAY + timedelta(hours=24 + 2)
        ),
    )
    await studio.done(Role.OPERATOR, command)
    [shown] = (await asking.here("/team-members"))["team_members"]
    assert [each["time_off_id"] for each in shown["time_off"]] == [str(command.time_off_id)]
    for anybody in (Role.WIDGET, studio.client()):  # who sees free slots, and not why
        [shown] = (await asking.here("/team-members", anybody))["team_members"]
        assert shown["time_off"] == []
    empty = await asking.here("/free-slots", service_id=massage, date=DAY)
    assert empty["slots"] == []
    dates = await asking.here(
        "/free-dates", Role.WIDGET, service_id=massage, **between("2030-01-06", "2030-01-09")
    )
    assert dates["dates"] == ["2030-01-06", "2030-01-08", "2030-01-09"]
    tuesday = await asking.here("/free-slots", service_id=massage, date="2030-01-08")
    first = datetime.fromisoformat(tuesday["slots"][0]["start"])
    assert first == MONDAY + timedelta(hours=24 + 2)


async def test_free_dates_are_those_with_a_slot_for_all_services(
    studio: Studio, asking: Asking
) -> None:
    massage, yoga = await studio.service(minutes=12 * 60), await studio.service("group")
    anna = await studio.team_member(massage)
    await studio.booked(studio.submit(massage, start=MONDAY - timedelta(hours=2)))
    week = between("2030-01-06", "2030-01-08")
    found = await asking.here("/free-dates", service_id=massage, team_member_id=anna, **week)
    assert found["dates"] == ["2030-01-06", "2030-01-08"]
    assert found["service_ids"] == [str(massage)]
    for services in ([massage, massage], [yoga]):
        none = await asking.here("/free-dates", service_id=services, **week)
        assert none["dates"] == []
    past = between("2020-01-06", "2020-01-08")
    assert (await asking.here("/free-dates", service_id=massage, **past))["dates"] == []


@pytest.mark.rule("X4")
async def test_free_dates_and_slots_are_asked_for_in_moderation(
    studio: Studio, asking: Asking
) -> None:
    massage = await studio.service()
    for first, last in (("2030-01-02", "2030-01-01"), ("2030-01-01", "2030-03-04")):
        answer = await asking.here("/free-dates", service_id=massage, **between(first, last))
        assert answer == "invalid-request"
    most = between("2030-01-01", "2030-03-03")
    assert (await asking.here("/free-dates", service_id=massage, **most))["dates"] == []
    many = [massage] * 21
    assert await asking.here("/free-slots", service_id=many, date=DAY) == "invalid-request"
    assert await asking.here("/free-dates", service_id=many, **most) == "invalid-request"
    assert await asking.here("/free-dates", service_id=massage) == "invalid-request"


@pytest.mark.rule("X4")
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_dates_at_the_ends_of_the_calendar_are_refused(
    studio: Studio, asking: Asking, day: str
) -> None:
    massage = await studio.service()
    for path in ("/events", "/calendar"):
        assert await asking.here(path, date=day) == "invalid-request"
    assert await asking.here("/free-slots", service_id=massage, date=day) == "invalid-request"
    answer = await asking.here("/free-dates", service_id=massage, **between(day, day))
    assert answer == "invalid-request"


async def test_an_event_tells_its_series(studio: Studio, asking: Asking) -> None:
    yoga = await studio.service("group")
    form = EventSeriesForm.model_validate(
        {
            "service_id": yoga,
            "first_date": MONDAY.date(),
            "last_date": date(2030, 1, 8),
            "weekdays": (1, 2),
            "time": "18:30",
            "capacity": 9,
        }
    )
    command = CreateEventSeries(series_id=uuid4(), location_id=studio.location_id, series=form)
    await studio.done(Role.OPERATOR, command)
    for day in (DAY, "2030-01-08"):
        [event] = (await asking.here("/events", Role.WIDGET, date=day))["events"]
        assert (event["series_id"], event["cancelled"]) == (str(command.series_id), False)
    single = await studio.event(yoga, capacity=5)
    assert (await asking.here(f"/events/{single}"))["series_id"] is None


async def test_events_are_listed_by_start_from_one_local_date_until_another(
    studio: Studio, asking: Asking
) -> None:
    yoga = await studio.service("group")
    starts = [timedelta(days=30), timedelta(days=31), timedelta(days=-1), timedelta(0)]
    before, after = timedelta(hours=-10, minutes=-1), timedelta(hours=13, minutes=59)
    planned = {
        start: str(await studio.event(yoga, capacity=5, start=MONDAY + start))
        for start in [*starts, before, after]
    }

    async def listed(**query: object) -> list[timedelta]:
        found = await asking.here("/events", Role.WIDGET, **query)
        by_id = {event: start for start, event in planned.items()}
        return [by_id[each["event_id"]] for each in found["events"]]

    today = [timedelta(0), after]
    assert await listed(date=DAY) == await listed(date=DAY, until=DAY) == today
    assert await listed(date="2030-01-06", until=DAY) == [timedelta(days=-1), before, *today]
    assert await listed(date=DAY, until="2030-02-06") == [*today, timedelta(days=30)]


@pytest.mark.rule("X4")
@pytest.mark.parametrize("until", ["2030-01-06", "2030-02-07", "9999-12-31", "soon"])
async def test_events_are_asked_for_in_moderation(asking: Asking, until: str) -> None:
    assert await asking.here("/events", date=DAY, until=until) == "invalid-request"


async def test_the_clock_of_a_chain_is_told(studio: Studio, asking: Asking) -> None:
    clock = await asking.get(f"/chains/{studio.chain_id}/clock", Role.OPERATOR)
    assert (clock["revision"], clock["offset_seconds"]) == (0, 0)
    assert await asking.get(f"/chains/{uuid4()}/clock", Role.PLATFORM) == "not-found"
