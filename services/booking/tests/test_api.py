"""Questions over HTTP: the offer, free slots, bookings, the calendar, clients."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from web import Role

from .asking import Asking
from .changes import cancelling, moving
from .studio import MONDAY, Studio

DAY = str(MONDAY.date())


async def test_the_offer_is_read_with_any_key_of_the_location(
    studio: Studio, asking: Asking
) -> None:
    massage, yoga = await studio.service(membership_booking=True), await studio.service("group")
    anna, event = await studio.team_member(massage), await studio.event(yoga, capacity=7)
    for role in (Role.PLATFORM, Role.GATEWAY, Role.OPERATOR, Role.WIDGET, Role.READER):
        assert (await asking.get(f"/chains/{studio.chain_id}", role))["name"] == "Lotus"
        assert (await asking.here("", role))["time_zone"] == "Europe/Berlin"
        services = (await asking.here("/services", role))["services"]
        assert [each["name"] for each in services] == ["Massage", "Yoga"]
        assert (await asking.here(f"/services/{massage}", role))["membership_booking"]
        team = (await asking.here("/team-members", role))["team_members"]
        assert [each["team_member_id"] for each in team] == [str(anna)]
        [found] = (await asking.here("/events", role, date=DAY))["events"]
        assert found == await asking.here(f"/events/{event}", role)
        assert (found["capacity"], found["spots_taken"]) == (7, 0)


@pytest.mark.rule("X2")
async def test_free_slots_are_those_that_can_be_booked(studio: Studio, asking: Asking) -> None:
    massage = await studio.service()
    anna = await studio.team_member(massage)
    before = await asking.here("/free-slots", Role.WIDGET, service_id=massage, date=DAY)
    assert len(before["slots"]) == 12 * 11 + 1  # 8:00, 8:05 … 19:00
    await studio.booked(studio.submit(massage))
    after = await asking.here(
        "/free-slots", Role.WIDGET, service_id=massage, date=DAY, team_member_id=anna
    )
    taken = {each["start"] for each in before["slots"]} - {each["start"] for each in after["slots"]}
    instants = {datetime.fromisoformat(each) for each in taken}
    assert min(instants) == MONDAY - timedelta(minutes=55)
    assert max(instants) == MONDAY + timedelta(minutes=55)
    nobody = await asking.here("/free-slots", service_id=massage, date=DAY, team_member_id=uuid4())
    assert nobody["slots"] == []
    assert await asking.here("/free-slots", service_id=uuid4(), date=DAY) == "not-found"
    past = await asking.here("/free-slots", service_id=massage, date="2020-01-06")
    assert past["slots"] == []


async def test_the_calendar_shows_a_local_day_with_events_and_their_participants(
    studio: Studio, asking: Asking
) -> None:
    appointment = await studio.appointment()
    event = await studio.event(await studio.service("group"), capacity=7)
    spots = await studio.booked(studio.submit_spots(event, 2))
    day = await asking.here("/calendar", date=DAY)
    assert [each["appointment_id"] for each in day["appointments"]] == [
        str(appointment.appointment_id)
    ]
    assert day["appointments"][0]["client_name"] == "Ada"
    [shown] = day["events"]
    assert shown["event"]["spots_taken"] == 2
    assert [each["booking_id"] for each in shown["appointments"]] == [str(spots.booking_id)]
    assert (
        await asking.here(f"/appointments/{appointment.appointment_id}") == (day["appointments"][0])
    )
    booking = await asking.here(f"/bookings/{spots.booking_id}")
    assert booking == spots.model_dump(mode="json")
    empty = await asking.here("/calendar", date=str(MONDAY.date() + timedelta(days=1)))
    assert (empty["appointments"], empty["events"]) == ([], [])


async def test_what_was_cancelled_stays_on_its_day_when_its_event_moves(
    studio: Studio, asking: Asking
) -> None:
    event = await studio.event(await studio.service("group"), capacity=7)
    [cancelled] = (await studio.booked(studio.submit_spots(event, 2))).appointments
    await studio.done(Role.OPERATOR, cancelling(studio, cancelled))
    await studio.done(Role.OPERATOR, moving(studio, event, MONDAY + timedelta(days=1)))
    day = await asking.here("/calendar", date=DAY)
    [shown] = day["appointments"]
    assert (shown["appointment_id"], shown["state"]) == (str(cancelled.appointment_id), "cancelled")
    assert day["events"] == []


@pytest.mark.rule("G8")
async def test_clients_are_found_by_their_number_however_it_is_typed(
    studio: Studio, asking: Asking
) -> None:
    appointment = await studio.appointment()
    path = f"/chains/{studio.chain_id}/clients"
    for phone in ("030 901820", "+49 30 901820", " 4930901820"):
        [client] = (await asking.get(path, phone=phone))["clients"]
        assert client["client_id"] == str(appointment.client_id)
        assert client["phone"] == "+4930901820"
    assert (await asking.get(path, phone="030 901821"))["clients"] == []
    client = await asking.get(f"{path}/{appointment.client_id}", Role.GATEWAY)
    assert client["name"] == "Ada"


async def test_a_widgets_key_reads_neither_clients_nor_bookings(
    studio: Studio, asking: Asking
) -> None:
    appointment = await studio.appointment()
    paths = [
        f"/locations/{studio.location_id}/calendar?date={DAY}",
        f"/locations/{studio.location_id}/bookings/{appointment.booking_id}",
        f"/locations/{studio.location_id}/appointments/{appointment.appointment_id}",
        f"/chains/{studio.chain_id}/clients/{appointment.client_id}",
        f"/chains/{studio.chain_id}/clients?phone=030901820",
    ]
    for path in paths:
        assert await asking.get(path, Role.WIDGET) == "forbidden"


async def test_what_belongs_to_others_is_not_found_and_a_wrong_date_is_named(
    studio: Studio, asking: Asking
) -> None:
    appointment = await studio.appointment()
    stranger = studio.principal(Role.READER).model_copy(update={"chain_id": uuid4()})
    for path in ("", "/services", f"/appointments/{appointment.appointment_id}"):
        assert await asking.here(path, stranger) == "not-found"
    for path in (f"/chains/{studio.chain_id}", f"/chains/{studio.chain_id}/clients/{uuid4()}"):
        assert await asking.get(path, stranger) == "not-found"
    for path in (f"/services/{uuid4()}", f"/events/{uuid4()}", f"/bookings/{uuid4()}"):
        assert await asking.here(path) == "not-found"
    assert await asking.here("/calendar", date="tomorrow") == "invalid-request"
