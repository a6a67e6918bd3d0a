"""Team members change and take time off; bookings made stay, and new ones find no slot."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.booking import (
    AddTimeOff,
    ChangeTeamMember,
    CreateEvent,
    EventForm,
    RemoveTimeOff,
    TeamMemberForm,
    TimeOffForm,
    WorkingHours,
)
from web import Role

from .studio import MONDAY, Studio


def absence(studio: Studio, who: UUID, start: datetime, end: datetime) -> AddTimeOff:
    return AddTimeOff(
        time_off_id=uuid4(),
        team_member_id=who,
        location_id=studio.location_id,
        time_off=TimeOffForm(start=start, end=end),
    )


def presence(studio: Studio, who: UUID, time_off_id: UUID) -> RemoveTimeOff:
    return RemoveTimeOff(
        time_off_id=time_off_id, team_member_id=who, location_id=studio.location_id
    )


def change(studio: Studio, who: UUID, **form: Any) -> ChangeTeamMember:
    usual = {"name": "Anna", "service_ids": (), "working_hours": ()}
    return ChangeTeamMember(
        team_member_id=who,
        location_id=studio.location_id,
        team_member=TeamMemberForm.model_validate({**usual, **form}),
    )


@pytest.mark.rule("X2")
async def test_during_time_off_nobody_new_is_booked_and_bookings_made_stay(
    studio: Studio,
) -> None:
    massage = await studio.service()
    anna = await studio.team_member(massage)
    booked = await studio.booked(studio.submit(massage))
    day_off = absence(
        studio, anna, MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=2, minutes=1)
    )
    answer = await studio.done(Role.OPERATOR, day_off)
    assert [each["time_off_id"] for each in answer["time_off"]] == [str(day_off.time_off_id)]
    for hours in (1, 2):  # the second ends what would be worked again
        asked = studio.submit(massage, start=MONDAY + timedelta(hours=hours))
        assert (await studio.refused(Role.OPERATOR, asked))[0] == "slot-taken"
    await studio.booked(studio.submit(massage, start=MONDAY + timedelta(hours=3)))
    rows = await studio.database.pool.fetch(
        "SELECT state FROM appointments WHERE booking_id = $1", booked.booking_id
    )
    assert [row["state"] for row in rows] == ["accepted"]
    back = await studio.done(Role.OPERATOR, presence(studio, anna, day_off.time_off_id))
    assert back["time_off"] == []
    await studio.booked(studio.submit(massage, start=MONDAY + timedelta(hours=1)))


async def test_time_off_of_one_batch_adds_up_and_is_listed_by_start(studio: Studio) -> None:
    anna = await studio.team_member()
    later = absence(studio, anna, MONDAY + timedelta(days=7), MONDAY + timedelta(days=8))
    sooner = absence(studio, anna, MONDAY, MONDAY + timedelta(days=1))
    _, answer = await studio.ask(Role.OPERATOR, later, sooner)
    listed = [each["time_off_id"] for each in answer.result["time_off"]]
    assert listed == [str(sooner.time_off_id), str(later.time_off_id)]
    kept = await studio.done(Role.OPERATOR, change(studio, anna, name="Anna B."))
    assert [each["time_off_id"] for each in kept["time_off"]] == listed


@pytest.mark.rule("X2")
async def test_who_has_time_off_leads_no_event(studio: Studio) -> None:
    yoga = await studio.service("group")
    anna = await studio.team_member(yoga)
    await studio.done(Role.OPERATOR, absence(studio, anna, MONDAY, MONDAY + timedelta(minutes=1)))
    form = EventForm(service_id=yoga, start=MONDAY, capacity=5, team_member_id=anna)
    event = CreateEvent(event_id=uuid4(), location_id=studio.location_id, event=form)
    assert (await studio.refused(Role.OPERATOR, event))[0] == "slot-taken"


async def test_a_changed_team_member_performs_and_works_what_is_said_last(studio: Studio) -> None:
    massage, facial = await studio.service(), await studio.service()
    anna = await studio.team_member(massage)
    mondays = (WorkingHours(weekday=1, opens=time(12), closes=time(13)),)
    answer = await studio.done(
        Role.OPERATOR,
        change(studio, anna, name="Anna B.", service_ids=(facial,), working_hours=mondays),
    )
    assert (answer["name"], answer["service_ids"]) == ("Anna B.", [str(facial)])
    for service, start in ((massage, MONDAY + timedelta(hours=2)), (facial, MONDAY)):
        asked = studio.submit(service, start=start)
        assert (await studio.refused(Role.OPERATOR, asked))[0] == "slot-taken"
    await studio.booked(studio.submit(facial, start=MONDAY + timedelta(hours=2)))


@pytest.mark.rule("X4")
async def test_what_is_not_of_the_location_is_not_found(studio: Studio) -> None:
    anna, other = await studio.team_member(), await Studio.open(studio.database)
    foreign = await other.service()
    for command in (
        change(studio, uuid4()),
        change(studio, anna, service_ids=(foreign,)),
        absence(studio, uuid4(), MONDAY, MONDAY + timedelta(hours=1)),
        presence(studio, anna, uuid4()),
    ):
        assert (await studio.refused(Role.OPERATOR, command))[0] == "not-found"
    stranger = other.principal(Role.OPERATOR)
    assert (await studio.refused(stranger, change(studio, anna)))[0] == "not-found"
