"""Events are moved, resized and called off, with all who take part in them (rule A10)."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    BookingAccepted,
    BookingRefused,
    CreateEvent,
    EventForm,
    RescheduleRefused,
)
from contracts.booking_views import AppointmentView, EventView
from contracts.sales import RequestPayment
from web import Role

from .changes import (
    asked_last,
    calling_off,
    let_pay_online,
    moving,
    occupied,
    placed,
    received,
    rescheduling,
    resizing,
)
from .studio import MONDAY, NOW, Studio
from .test_races import until_somebody_waits

TUESDAY = MONDAY + timedelta(days=1)


@pytest.mark.rule("A10", "A17")
async def test_moving_an_event_moves_all_its_starts_and_keeps_their_settings(
    studio: Studio,
) -> None:
    yoga = await studio.service("group", automatic_debiting=True, free_cancellation_hours=3)
    event = await studio.event(yoga, capacity=9)
    for number in range(3):
        await studio.booked(studio.submit_spots(event, 2, phone=f"030 90182{number}"))
    view = EventView.model_validate(
        await studio.done(Role.OPERATOR, moving(studio, event, TUESDAY))
    )
    assert (view.start, view.end, view.spots_taken) == (TUESDAY, TUESDAY + timedelta(hours=1), 6)
    said = await studio.said(AppointmentRescheduled)
    assert {each.appointment.start for each in said} == {TUESDAY}
    assert {(each.previous_start, each.rescheduled_at) for each in said} == {(MONDAY, NOW)}
    assert len({each.appointment_id for each in said}) == 3
    assert {each.appointment.revision for each in said} == {2}
    deadlines = await studio.database.pool.fetch(
        "SELECT DISTINCT free_cancellation_until FROM appointments"
    )
    assert [row[0] for row in deadlines] == [TUESDAY - timedelta(hours=3)]


@pytest.mark.rule("A10", "X2")
async def test_the_leader_of_a_moved_event_is_busy_at_its_new_time(studio: Studio) -> None:
    yoga, massage = await studio.service("group"), await studio.service()
    anna = await studio.team_member(massage)
    form = EventForm(service_id=yoga, start=MONDAY, capacity=9, team_member_id=anna)
    event = CreateEvent(event_id=uuid4(), location_id=studio.location_id, event=form)
    await studio.done(Role.OPERATOR, event)
    await studio.booked(studio.submit(massage, start=MONDAY + timedelta(hours=2)))
    busy = moving(studio, event.event_id, MONDAY + timedelta(hours=1, minutes=5))
    assert (await studio.refused(Role.OPERATOR, busy))[0] == "slot-taken"
    half_an_hour = moving(studio, event.event_id, MONDAY + timedelta(minutes=30))
    await studio.done(Role.OPERATOR, half_an_hour)
    assert (await occupied(studio))[0] == 24
    await studio.done(Role.OPERATOR, calling_off(studio, event.event_id))
    assert (await occupied(studio))[0] == 12


@pytest.mark.rule("A10", "X2")
async def test_the_leader_of_an_event_that_is_moved_twice_at_once_is_busy_at_the_last_time_only(
    studio: Studio,
) -> None:
    yoga = await studio.service("group")
    anna = await studio.team_member(await studio.service())
    form = EventForm(service_id=yoga, start=MONDAY, capacity=9, team_member_id=anna)
    event = CreateEvent(event_id=uuid4(), location_id=studio.location_id, event=form)
    await studio.done(Role.OPERATOR, event)
    first, second, third = (
        moving(studio, event.event_id, start)
        for start in (TUESDAY, MONDAY + timedelta(minutes=30), TUESDAY + timedelta(minutes=30))
    )
    await studio.ask(Role.OPERATOR, first, second, third)
    assert await occupied(studio) == (12, 0)
    await studio.done(Role.OPERATOR, moving(studio, event.event_id, MONDAY))
    await studio.done(Role.OPERATOR, calling_off(studio, event.event_id))
    assert await occupied(studio) == (0, 0)


@pytest.mark.rule("A10")
async def test_an_event_is_not_moved_after_it_began_nor_into_the_past(studio: Studio) -> None:
    event = await studio.event(await studio.service("group"), capacity=1)
    late = moving(studio, event, TUESDAY)
    assert await studio.refused(Role.OPERATOR, late, at=MONDAY) == (
        "conflict",
        "The event has begun.",
    )
    back = moving(studio, event, NOW)
    assert await studio.refused(Role.OPERATOR, back) == ("invalid-request", "start")
    foreign = studio.principal(Role.OPERATOR).model_copy(update={"location_id": uuid4()})
    for command in (late, resizing(studio, event, 9), calling_off(studio, event)):
        assert (await studio.refused(foreign, command))[0] == "not-found"
        assert (await studio.refused(studio.client(), command))[0] == "forbidden"


@pytest.mark.rule("A10", "X2")
async def test_a_capacity_below_the_spots_taken_is_refused_with_both_numbers(
    studio: Studio,
) -> None:
    event = await studio.event(await studio.service("group"), capacity=5)
    await studio.booked(studio.submit_spots(event, 3))
    assert await studio.refused(Role.OPERATOR, resizing(studio, event, 2)) == (
        "conflict",
        "3 spots are taken: the capacity cannot be 2.",
    )
    view = await studio.done(Role.OPERATOR, resizing(studio, event, 3))
    assert view["capacity"] == 3
    assert (await studio.refused(Role.OPERATOR, studio.submit_spots(event)))[0] == "event-full"


@pytest.mark.rule("A10")
async def test_calling_an_event_off_ends_every_booking_once_even_after_its_start(
    studio: Studio,
) -> None:
    event = await studio.event(await studio.service("group", automatic_debiting=True), capacity=9)
    for number in range(3):
        await studio.booked(studio.submit_spots(event, 2, phone=f"030 90182{number}"))
    command = calling_off(studio, event)
    [answer] = await studio.ask(Role.OPERATOR, command, at=MONDAY + timedelta(minutes=1))
    view = EventView.model_validate(answer.result)
    assert (view.cancelled, view.spots_taken) == (True, 0)
    said = await studio.said(AppointmentCancelled)
    assert len(said) == len({each.appointment_id for each in said}) == 3
    assert not any(each.charge for each in said)
    assert await occupied(studio) == (0, 0)
    for later in (command, studio.submit_spots(event), moving(studio, event, TUESDAY)):
        assert await studio.refused(Role.OPERATOR, later) == (
            "conflict",
            "The event is cancelled.",
        )


@pytest.mark.rule("A10", "X7")
async def test_what_is_undecided_or_unpaid_in_an_event_that_is_called_off_is_refused(
    studio: Studio,
) -> None:
    await let_pay_online(studio, group="optional")
    yoga = await studio.service("group", membership_booking=True, online_prepayment=True)
    event = await studio.event(yoga, capacity=9)
    by_membership = studio.submit_spots(event, phone_confirmed=True, pay_online=False)
    [undecided] = await studio.ask(Role.GATEWAY, by_membership)
    assert undecided.state == "pending"
    await studio.ask(Role.WIDGET, studio.submit_spots(event, pay_online=True))
    held, [payment] = placed(await asked_last(studio)), await studio.said(RequestPayment)
    await studio.done(Role.OPERATOR, calling_off(studio, event))
    await studio.hear(held, received(payment))
    said = await studio.said(BookingRefused)
    assert [each.reason for each in said] == ["event_cancelled", "event_cancelled"]
    assert await studio.said(BookingAccepted) == []
    assert await occupied(studio) == (0, 0)


@pytest.mark.rule("A10", "G11")
@pytest.mark.parametrize("change", ["move", "call off"])
async def test_new_times_into_and_out_of_a_changed_event_are_refused(
    studio: Studio, change: str
) -> None:
    yoga = await studio.service("group", automatic_debiting=True)
    here = await studio.event(yoga, capacity=9)
    there = await studio.event(yoga, capacity=9, start=TUESDAY)
    into, out = [
        (await studio.booked(studio.submit_spots(event, 2, phone=phone))).appointments[0]
        for event, phone in ((there, "030 901820"), (here, "030 901821"))
    ]
    await studio.ask(
        Role.OPERATOR,
        rescheduling(studio, into, event_id=here),
        rescheduling(studio, out, event_id=there),
    )
    assert await occupied(studio) == (0, 8)
    later = MONDAY + timedelta(hours=3)
    command = moving(studio, here, later) if change == "move" else calling_off(studio, here)
    await studio.done(Role.OPERATOR, command)
    reason = "event_moved" if change == "move" else "event_cancelled"
    assert [each.reason for each in await studio.said(RescheduleRefused)] == [reason, reason]
    assert await occupied(studio) == (0, 4 if change == "move" else 2)


@pytest.mark.rule("A10")
async def test_what_is_undecided_when_its_event_moves_stands_at_the_new_start(
    studio: Studio,
) -> None:
    event = await studio.event(await studio.service("group", automatic_debiting=True), capacity=1)
    await studio.ask(Role.OPERATOR, studio.submit_spots(event))
    asked = await asked_last(studio)
    await studio.done(Role.OPERATOR, moving(studio, event, TUESDAY))
    await studio.hear(placed(asked))
    [said] = await studio.said(BookingAccepted)
    assert (said.appointments[0].start, said.appointments[0].revision) == (TUESDAY, 2)
    assert await studio.said(AppointmentRescheduled) == []


@pytest.mark.rule("A10")
async def test_a_booking_that_joined_while_the_event_was_locked_is_cancelled_with_it(
    studio: Studio,
) -> None:
    event = await studio.event(await studio.service("group"), capacity=9)
    await studio.booked(studio.submit_spots(event))
    async with studio.database.transaction() as transaction:
        await transaction.execute(
            "SELECT 1 FROM events WHERE event_id = $1 FOR NO KEY UPDATE", event
        )
        joining = asyncio.create_task(studio.ask(Role.OPERATOR, studio.submit_spots(event, 2)))
        await until_somebody_waits(studio)
        ending = asyncio.create_task(studio.ask(Role.OPERATOR, calling_off(studio, event)))
        await until_somebody_waits(studio, count=2)
    [joined], [ended] = await asyncio.gather(joining, ending)
    assert (joined.state, ended.state) == ("done", "done")
    assert len(await studio.said(AppointmentCancelled)) == 2
    assert await occupied(studio) == (0, 0)
    view = AppointmentView.model_validate(joined.result["appointments"][0])
    state = "SELECT state FROM appointments WHERE appointment_id = $1"
    assert await studio.database.pool.fetchval(state, view.appointment_id) == "cancelled"
