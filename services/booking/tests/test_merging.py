"""Merging services: switches and hours, old ids in every form and question, what is booked."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.booking import (
    AppointmentRescheduled,
    BookingAccepted,
    ChangeService,
    CreateEventSeries,
    CreateTeamMember,
    DuplicateForm,
    DuplicateService,
    EventSeriesForm,
    MergeForm,
    MergeServices,
    ServicesMerged,
    TeamMemberForm,
)
from contracts.booking_views import AppointmentView, BookingView, EventList, ServiceView
from web import Role

from .asking import Asking
from .changes import asked_last, let_pay_online, placed, repeating, rescheduling
from .studio import MONDAY, Studio, held

HOUR = timedelta(hours=1)


def merging(studio: Studio, into: UUID, *service_ids: UUID) -> MergeServices:
    return MergeServices(
        service_id=into,
        location_id=studio.location_id,
        merge=MergeForm(service_ids=service_ids),
    )


async def merged(studio: Studio, into: UUID, *service_ids: UUID) -> ServiceView:
    answer = await studio.done(Role.GATEWAY, merging(studio, into, *service_ids))
    return ServiceView.model_validate(answer)


async def of_booking(studio: Studio, asking: Asking, view: BookingView) -> AppointmentView:
    path = f"/locations/{studio.location_id}/bookings/{view.booking_id}"
    return BookingView.model_validate(await asking.get(path)).appointments[0]


@pytest.mark.rule("A11")
@pytest.mark.parametrize("kind", ["individual", "group"])
async def test_a_merged_service_has_automatic_debiting_on_if_one_of_them_had_it(
    studio: Studio, kind: str
) -> None:
    with_it, without, plain = [
        await studio.service(kind, automatic_debiting=on) for on in (True, False, False)
    ]
    assert not (await merged(studio, plain, without)).automatic_debiting
    assert (await merged(studio, plain, with_it)).automatic_debiting


@pytest.mark.rule("A17")
async def test_a_merged_service_has_the_smallest_of_the_numbers_of_hours(studio: Studio) -> None:
    day, two, six = [await studio.service(free_cancellation_hours=hours) for hours in (24, 2, 6)]
    assert (await merged(studio, day, two, six)).free_cancellation_hours == 2


@pytest.mark.rule("A17", "G2")
async def test_a_merge_that_puts_the_two_settings_together_is_refused_and_changes_nothing(
    studio: Studio, asking: Asking
) -> None:
    await let_pay_online(studio, individual="optional")
    gated = await studio.service(membership_booking=True)
    prepaid = await studio.service(online_prepayment=True)
    name, detail = await studio.refused(Role.GATEWAY, merging(studio, prepaid, gated))
    assert name == "settings-conflict"
    assert '"Online prepayment"' in detail
    for service_id in (gated, prepaid):
        found = await asking.get(f"/locations/{studio.location_id}/services/{service_id}")
        assert found["service_id"] == str(service_id)
    assert not await studio.said(ServicesMerged)


@pytest.mark.rule("A11", "G3")
async def test_merged_group_services_may_have_both_settings(studio: Studio) -> None:
    await let_pay_online(studio, group="optional")
    gated = await studio.service("group", membership_booking=True)
    prepaid = await studio.service("group", online_prepayment=True)
    result = await merged(studio, prepaid, gated)
    assert result.membership_booking
    assert result.online_prepayment


@pytest.mark.rule("A11")
async def test_services_are_merged_at_chain_level_and_only_with_their_like(studio: Studio) -> None:
    one, other = await studio.service(), await studio.service()
    group = await studio.service("group")
    command = merging(studio, one, other)
    assert (await studio.refused(Role.OPERATOR, command))[0] == "forbidden"
    assert await studio.refused(Role.GATEWAY, merging(studio, one, group)) == (
        "invalid-request",
        "service_ids",
    )
    assert (await studio.refused(Role.GATEWAY, merging(studio, one, uuid4())))[0] == "not-found"
    assert (await studio.refused(Role.GATEWAY, merging(studio, one, one)))[0] == "conflict"
    await merged(studio, one, other)
    assert (await studio.refused(Role.GATEWAY, command))[0] == "conflict"


@pytest.mark.rule("A11", "A17")
async def test_whoever_keeps_ids_of_services_hears_what_all_the_old_ones_mean(
    studio: Studio,
) -> None:
    first, second, third = [await studio.service() for _ in range(3)]
    await merged(studio, second, first)
    await merged(studio, third, first)  # an old id is as good as the new one
    told = await studio.said(ServicesMerged)
    assert [(each.service_id, set(each.merged_service_ids)) for each in told] == [
        (second, {first}),
        (third, {first, second}),
    ]


@pytest.mark.rule("A11", "A17")
async def test_one_batch_may_merge_what_it_has_merged(studio: Studio, asking: Asking) -> None:
    first, second, third = [await studio.service() for _ in range(3)]
    commands = merging(studio, second, first), merging(studio, third, second)
    answers = await studio.ask(Role.GATEWAY, *commands)
    assert [answer.state for answer in answers] == ["done", "done"]
    for service_id in (first, second):
        found = await asking.get(f"/locations/{studio.location_id}/services/{service_id}")
        assert found["service_id"] == str(third)


@pytest.mark.rule("A17")
async def test_lists_show_the_merged_service_alone_and_old_ids_find_it(
    studio: Studio, asking: Asking
) -> None:
    old, new = await studio.service(), await studio.service(minutes=30)
    member = await studio.team_member(old)
    await merged(studio, new, old)
    here = f"/locations/{studio.location_id}"
    for listed in (f"{here}/services", f"/chains/{studio.chain_id}/services"):
        services = (await asking.get(listed, Role.GATEWAY))["services"]
        assert [each["service_id"] for each in services] == [str(new)]
    assert (await asking.get(f"{here}/services/{old}"))["service_id"] == str(new)
    [team_member] = (await asking.get(f"{here}/team-members"))["team_members"]
    assert team_member["team_member_id"] == str(member)
    assert team_member["service_ids"] == [str(new)]
    day = MONDAY.date()
    for service_id in (old, new):
        slots = await asking.get(f"{here}/free-slots", service_id=service_id, date=day)
        assert slots["slots"][0]["team_member_ids"] == [str(member)]
        query: dict[str, Any] = {"service_id": service_id, "from": day, "to": day}
        assert (await asking.get(f"{here}/free-dates", **query))["dates"] == [str(day)]


@pytest.mark.rule("A17")
@pytest.mark.parametrize("by_name", [False, True])
async def test_a_booking_under_an_old_id_is_one_of_the_merged_service(
    studio: Studio, *, by_name: bool
) -> None:
    old, new = await studio.service(price=1_000), await studio.service(price=9_000)
    performers = [await studio.team_member(old), await studio.team_member(new)]
    await merged(studio, new, old)
    booked: list[UUID | None] = []
    for member in performers:
        submission = studio.submit(old, team_member_id=member if by_name else None)
        [line] = (await studio.booked(submission)).appointments[0].lines
        assert (line.service_id, line.price.amount) == (new, 9_000)
        booked.append(line.team_member_id)
    assert set(booked) == set(performers)  # both perform it, and nobody twice at once
    refused = await studio.refused(Role.OPERATOR, studio.submit(old))
    assert refused[0] == "slot-taken"


@pytest.mark.rule("A17")
async def test_every_form_takes_an_old_id_for_the_merged_service(studio: Studio) -> None:
    old, new = await studio.service("group"), await studio.service("group")
    member = await studio.team_member(old)
    await merged(studio, new, old)
    event = await studio.event(old, capacity=5)
    [line] = (await studio.booked(studio.submit_spots(event))).appointments[0].lines
    assert line.service_id == new
    series = EventSeriesForm(
        service_id=old,
        first_date=date(2030, 1, 8),
        last_date=date(2030, 1, 9),
        weekdays=(2, 3),
        time=time(18),
        capacity=5,
    )
    command = CreateEventSeries(series_id=uuid4(), location_id=studio.location_id, series=series)
    events = EventList.model_validate(await studio.done(Role.OPERATOR, command)).events
    assert {each.service_id for each in events} == {new}
    form = TeamMemberForm(name="Ben", service_ids=(old,), working_hours=())
    hired = CreateTeamMember(
        team_member_id=uuid4(), location_id=studio.location_id, team_member=form
    )
    assert (await studio.done(Role.OPERATOR, hired))["service_ids"] == [str(new)]
    copy = DuplicateService(
        service_id=uuid4(),
        original_service_id=old,
        location_id=studio.location_id,
        duplicate=DuplicateForm(name="Copy"),
    )
    await studio.done(Role.OPERATOR, copy)
    performed = await studio.database.pool.fetchval(
        "SELECT service_ids FROM team_members WHERE team_member_id = $1", member
    )
    assert copy.service_id in performed


@pytest.mark.rule("A17")
async def test_changing_an_old_service_changes_the_merged_one(
    studio: Studio, asking: Asking
) -> None:
    old, new = await studio.service(), await studio.service()
    await merged(studio, new, old)
    change: dict[str, Any] = {
        "service_id": old,
        "location_id": studio.location_id,
        "service": {"name": "Shiatsu", "kind": "individual", "duration_minutes": 30, "price": 1},
    }
    answer = await studio.done(Role.OPERATOR, ChangeService.model_validate(change))
    assert answer["service_id"] == str(new)
    found = await asking.get(f"/locations/{studio.location_id}/services/{new}")
    assert found["name"] == "Shiatsu"


@pytest.mark.rule("A11", "A17")
async def test_what_is_booked_keeps_its_settings_and_shows_the_merged_service(
    studio: Studio, asking: Asking
) -> None:
    old = await studio.service(price=1_000, free_cancellation_hours=24)
    new = await studio.service(price=9_000, automatic_debiting=True)
    await studio.team_member(old)
    booking = await studio.booked(studio.submit(old))
    await merged(studio, new, old)
    shown = await of_booking(studio, asking, booking)
    [line] = shown.lines
    assert (line.service_id, line.price.amount, line.debit_status) == (new, 1_000, None)
    assert shown.free_cancellation_until == MONDAY - 24 * HOUR


@pytest.mark.rule("A11", "A17")
async def test_what_is_not_decided_yet_is_accepted_for_the_merged_service(studio: Studio) -> None:
    old, new = await studio.service(automatic_debiting=True), await studio.service()
    await studio.team_member(old)
    await studio.ask(Role.OPERATOR, studio.submit(old))
    await merged(studio, new, old)
    await studio.hear(held(await asked_last(studio)))
    [accepted] = await studio.said(BookingAccepted)
    [line] = accepted.appointments[0].lines
    assert (line.service_id, line.automatic_debiting) == (new, True)


@pytest.mark.rule("A11", "G11")
async def test_a_new_time_that_waits_is_one_of_the_merged_service(studio: Studio) -> None:
    old, new = await studio.service(automatic_debiting=True), await studio.service()
    await studio.team_member(old)
    booking = await studio.booked(studio.submit(old))
    command = rescheduling(studio, booking.appointments[0], MONDAY + HOUR)
    await studio.ask(Role.OPERATOR, command)
    await merged(studio, new, old)
    await studio.hear(placed(await asked_last(studio)))
    [told] = await studio.said(AppointmentRescheduled)
    assert told.appointment.lines[0].service_id == new


@pytest.mark.rule("A17", "G11")
async def test_rescheduling_and_repeating_take_the_settings_of_the_merged_service(
    studio: Studio,
) -> None:
    old = await studio.service(price=1_000)
    new = await studio.service(price=9_000, minutes=30)
    await studio.team_member(old)
    booking = await studio.booked(studio.submit(old))
    await merged(studio, new, old)
    [before] = booking.appointments
    moved = AppointmentView.model_validate(
        await studio.done(Role.OPERATOR, rescheduling(studio, before, MONDAY + HOUR))
    )
    again = BookingView.model_validate(
        await studio.done(
            Role.OPERATOR, repeating(studio, before, MONDAY + 2 * HOUR, team_member_id="any")
        )
    )
    for appointment in (moved, *again.appointments):
        assert appointment.lines[0].service_id == new
        assert appointment.owed.amount == 9_000
        assert appointment.end - appointment.start == HOUR / 2


@pytest.mark.rule("A11", "A17")
async def test_events_of_merged_services_are_all_of_one_service(
    studio: Studio, asking: Asking
) -> None:
    old, new = await studio.service("group"), await studio.service("group")
    await studio.team_member(old)
    of_old = await studio.event(old, capacity=5)
    of_new = await studio.event(new, capacity=5, start=MONDAY + HOUR)
    before = await studio.booked(studio.submit_spots(of_old))
    await merged(studio, new, old)
    answer = await studio.done(
        Role.OPERATOR, rescheduling(studio, before.appointments[0], event_id=of_new)
    )
    assert AppointmentView.model_validate(answer).event_id == of_new
    after = await studio.booked(studio.submit_spots(of_old, phone="030 901821"))
    assert after.appointments[0].lines[0].service_id == new
    listed = await asking.get(f"/locations/{studio.location_id}/events", date=MONDAY.date())
    assert {each["service_id"] for each in listed["events"]} == {str(new)}


@pytest.mark.rule("A11", "A17")
async def test_sessions_are_asked_for_with_the_services_that_were_merged(studio: Studio) -> None:
    left, old, older = [await studio.service(membership_booking=True) for _ in range(3)]
    await studio.team_member(left, old, older)
    await merged(studio, old, older)
    await merged(studio, left, old)
    await studio.ask(studio.client(), studio.submit(older))
    [line] = (await asked_last(studio)).appointments[0].lines
    assert (line.service_id, line.merged_service_ids) == (left, tuple(sorted((old, older))))
