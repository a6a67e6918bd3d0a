"""Appointments get another time, or are had again, under the settings as they are now (G11)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from booking import timers
from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    ChangeService,
    RescheduleRefused,
    ServiceForm,
)
from contracts.booking_views import AppointmentView, BookingView
from contracts.membership import HoldMoved, HoldPlaced, HoldRefused, HoldReleased, HoldSessions
from contracts.problems import MEMBERSHIP_REFUSAL
from contracts.sales import RequestPayment
from messaging import Operation, operation
from web import Role

from .changes import (
    asked_last,
    cancelling,
    let_pay_online,
    not_placed,
    occupied,
    placed,
    received,
    repeating,
    rescheduling,
)
from .news import billed, settled
from .studio import MONDAY, Studio

TUESDAY = MONDAY + timedelta(days=1)


async def massage(studio: Studio, *, role: Role = Role.OPERATOR) -> AppointmentView:
    """Book a massage that nothing but money pays."""
    service_id = await studio.service(free_cancellation_hours=2)
    await studio.team_member(service_id)
    return (await studio.booked(studio.submit(service_id), role)).appointments[0]


async def answer_to(studio: Studio, command_id: UUID) -> Operation:
    found = await operation(studio.database, command_id)
    assert found is not None
    return found


async def waiting(studio: Studio) -> tuple[AppointmentView, UUID, HoldSessions]:
    """Ask for a new time that a membership must carry; return who asked and what was asked."""
    appointment = await studio.appointment()
    [answer] = await studio.ask(Role.GATEWAY, rescheduling(studio, appointment, TUESDAY))
    assert answer.state == "pending"
    asked = await asked_last(studio)
    assert asked.reschedule_id is not None
    return appointment, answer.command_id, asked


@pytest.mark.rule("G11", "X2")
async def test_what_no_membership_pays_has_its_new_time_at_once_and_the_old_slot_is_free(
    studio: Studio,
) -> None:
    appointment = await massage(studio, role=Role.WIDGET)
    in_time = MONDAY - timedelta(hours=2)
    command = rescheduling(studio, appointment, TUESDAY)
    [answer] = await studio.ask(studio.client(), command, at=in_time)
    view = AppointmentView.model_validate(answer.result)
    assert (view.start, view.end) == (TUESDAY, TUESDAY + timedelta(hours=1))
    assert view.free_cancellation_until == TUESDAY - timedelta(hours=2)
    [said] = await studio.said(AppointmentRescheduled)
    assert (said.appointment.revision, said.previous_start) == (2, MONDAY)
    assert (said.rescheduled_at, said.previous_visit_id) == (in_time, appointment.visit_id)
    assert said.appointment.visit_id == view.visit_id != appointment.visit_id
    assert [line.line_id for line in said.appointment.lines] == [appointment.lines[0].line_id]
    assert await occupied(studio) == (12, 0)
    await studio.booked(studio.submit(appointment.lines[0].service_id))


@pytest.mark.rule("G11")
async def test_its_own_slot_counts_as_free_for_an_appointment_that_moves_by_half_an_hour(
    studio: Studio,
) -> None:
    appointment = await massage(studio)
    command = rescheduling(studio, appointment, MONDAY + timedelta(minutes=30))
    await studio.done(Role.OPERATOR, command)
    assert await occupied(studio) == (12, 0)
    other = studio.submit(appointment.lines[0].service_id, phone="030 901821")
    assert (await studio.refused(Role.OPERATOR, other))[0] == "slot-taken"


@pytest.mark.rule("G11", "A2")
async def test_a_client_reschedules_until_the_deadline_for_cancelling_and_nobody_after_the_start(
    studio: Studio,
) -> None:
    appointment = await massage(studio)
    command = rescheduling(studio, appointment, TUESDAY)
    late = MONDAY - timedelta(hours=1)
    for online in (Role.GATEWAY, studio.client()):
        assert await studio.refused(online, command, at=late) == (
            "rescheduling-too-late",
            "Rescheduling was possible until 2030-01-07T08:00+01:00 (Europe/Berlin).",
        )
    refused = await studio.refused(Role.OPERATOR, command, at=MONDAY)
    assert refused == ("conflict", "The appointment has begun.")
    [answer] = await studio.ask(Role.OPERATOR, command, at=late)
    assert answer.state == "done"


@pytest.mark.rule("G11")
async def test_until_membership_has_answered_the_old_time_stays_in_force_and_both_slots_are_taken(
    studio: Studio,
) -> None:
    appointment, command_id, asked = await waiting(studio)
    [moved] = asked.appointments
    assert (moved.appointment_id, moved.revision) == (appointment.appointment_id, 2)
    assert (moved.start, asked.booking_id) == (TUESDAY, appointment.booking_id)
    assert await occupied(studio) == (24, 0)
    again = rescheduling(studio, appointment, TUESDAY + timedelta(hours=2))
    assert (await studio.refused(Role.OPERATOR, again))[0] == "conflict"
    assert await studio.said(AppointmentRescheduled) == []
    carrier = uuid4()
    await studio.hear(placed(asked, carrier))
    view = AppointmentView.model_validate((await answer_to(studio, command_id)).result)
    assert (view.start, view.debit_status) == (TUESDAY, "automatic_debiting")
    assert view.lines[0].membership_id == carrier
    assert await occupied(studio) == (12, 0)
    assert len(await studio.said(AppointmentRescheduled)) == 1


@pytest.mark.rule("G7", "G11")
async def test_a_refused_new_time_leaves_everything_as_it_was_in_the_agreed_words(
    studio: Studio,
) -> None:
    appointment, command_id, asked = await waiting(studio)
    await studio.hear(not_placed(asked))
    problem = (await answer_to(studio, command_id)).problem
    assert problem is not None
    assert problem.detail == MEMBERSHIP_REFUSAL
    assert problem.detail == (
        "Sorry, but it appears that your membership is either not suitable or has expired."
    )
    assert [each["reason"] for each in problem.reasons] == ["used_up"]
    [said] = await studio.said(RescheduleRefused)
    assert (said.reschedule_id, said.revision) == (asked.reschedule_id, 2)
    assert said.reason == "no_suitable_membership"
    assert await occupied(studio) == (12, 0)
    cancelled = await studio.done(Role.OPERATOR, cancelling(studio, appointment))
    assert AppointmentView.model_validate(cancelled).start == MONDAY


@pytest.mark.rule("X7")
@pytest.mark.parametrize("answer", [placed, not_placed])
async def test_an_undecided_new_time_is_refused_as_timed_out_and_a_late_answer_changes_nothing(
    studio: Studio, answer: Callable[[HoldSessions], HoldPlaced | HoldRefused]
) -> None:
    _, command_id, asked = await waiting(studio)
    await timers.refuse_due(studio.messaging)
    assert await studio.said(RescheduleRefused) == []
    await studio.database.pool.execute("UPDATE reschedules SET decide_by = now()")
    await timers.refuse_due(studio.messaging)
    await studio.hear(answer(asked))
    [said] = await studio.said(RescheduleRefused)
    assert said.reason == "timed_out"
    problem = (await answer_to(studio, command_id)).problem
    assert problem is not None
    assert problem.type == "/problems/booking-timed-out"
    assert await studio.said(AppointmentRescheduled) == []
    assert await occupied(studio) == (12, 0)


@pytest.mark.rule("G11")
async def test_a_cancel_meanwhile_ends_the_appointment_and_refuses_its_new_time(
    studio: Studio,
) -> None:
    appointment, command_id, asked = await waiting(studio)
    await studio.done(Role.OPERATOR, cancelling(studio, appointment))
    assert (await studio.said(RescheduleRefused))[0].reason == "cancelled"
    assert len(await studio.said(AppointmentCancelled)) == 1
    problem = (await answer_to(studio, command_id)).problem
    assert problem is not None
    assert problem.type == "/problems/conflict"
    await studio.hear(placed(asked))
    assert await studio.said(AppointmentRescheduled) == []
    assert await occupied(studio) == (0, 0)


@pytest.mark.rule("G11", "A17", "G10")
async def test_a_new_time_has_the_settings_that_the_service_has_now(studio: Studio) -> None:
    appointment = await massage(studio)
    form = ServiceForm(
        name="Deep massage",
        kind="individual",
        duration_minutes=30,
        price=9_000,
        membership_booking=True,
        automatic_debiting=True,
        free_cancellation_hours=24,
    )
    service_id = appointment.lines[0].service_id
    changed = ChangeService(service_id=service_id, location_id=studio.location_id, service=form)
    await studio.done(Role.OPERATOR, changed)
    await studio.ask(Role.GATEWAY, rescheduling(studio, appointment, TUESDAY))
    asked = await asked_last(studio)
    assert [line.required for line in asked.appointments[0].lines] == [True]
    await studio.hear(placed(asked))
    [said] = await studio.said(AppointmentRescheduled)
    [line] = said.appointment.lines
    assert (line.price.amount, line.automatic_debiting) == (9_000, True)
    assert said.appointment.end == TUESDAY + timedelta(minutes=30)
    view = AppointmentView.model_validate(
        await studio.done(Role.OPERATOR, cancelling(studio, appointment, charge=True))
    )
    assert view.free_cancellation_until == TUESDAY - timedelta(hours=24)
    assert view.booked_with_membership
    assert view.lines[0].service_name == "Deep massage"


@pytest.mark.rule("A15")
async def test_the_debit_of_a_start_that_is_void_says_nothing_of_the_new_one(
    studio: Studio,
) -> None:
    appointment, _, asked = await waiting(studio)
    early = settled(appointment, 1, uuid4())
    await studio.hear(early)
    await studio.hear(placed(asked))
    given_back = early.model_copy(update={"revision": 2, "outcome": "reversed", "lines": ()})
    for late in (early.model_copy(update={"revision": 3}), given_back):
        await studio.hear(late)
        rows = await studio.database.pool.fetch("SELECT debit_status FROM appointments")
        assert [row["debit_status"] for row in rows] == ["automatic_debiting"]


@pytest.mark.rule("A2", "A15")
@pytest.mark.parametrize("heard_first", [False, True])
async def test_what_is_cancelled_with_charge_at_its_new_time_is_debited_then_whatever_was_void(
    studio: Studio, heard_first: bool
) -> None:
    appointment, _, asked = await waiting(studio)
    await studio.hear(placed(asked))
    early = settled(appointment, 1, uuid4())
    given_back = early.model_copy(update={"revision": 2, "outcome": "reversed", "lines": ()})
    if heard_first:
        await studio.hear(early, given_back)
    await studio.done(Role.OPERATOR, cancelling(studio, appointment, charge=True))
    await studio.hear(early, given_back)
    rows = await studio.database.pool.fetch("SELECT state, debit_status, charged FROM appointments")
    assert [tuple(row) for row in rows] == [("cancelled", "automatic_debiting", True)]


@pytest.mark.rule("A9", "G11")
async def test_a_moved_appointment_follows_the_bill_of_its_new_visit_alone(
    studio: Studio,
) -> None:
    appointment = await massage(studio)
    await studio.hear(billed(appointment, 7, 1_000))
    result = await studio.done(Role.OPERATOR, rescheduling(studio, appointment, TUESDAY))
    moved = AppointmentView.model_validate(result)
    assert moved.owed.amount == 5_000
    await studio.hear(billed(appointment, 8, 0), billed(moved, 1, 2_000))
    assert await studio.database.pool.fetchval("SELECT owed FROM appointments") == 2_000


@pytest.mark.rule("A9", "G11")
async def test_what_was_paid_stays_so_when_an_appointment_moves_within_its_visit(
    studio: Studio,
) -> None:
    appointment = await massage(studio)
    await studio.hear(billed(appointment, 7, 0))
    later = rescheduling(studio, appointment, MONDAY + timedelta(hours=3))
    moved = AppointmentView.model_validate(await studio.done(Role.OPERATOR, later))
    assert moved.visit_id == appointment.visit_id
    assert (moved.owed.amount, moved.payment_status) == (0, "paid")


@pytest.mark.rule("X2", "G11")
async def test_spots_are_moved_to_another_event_of_the_same_service(studio: Studio) -> None:
    yoga = await studio.service("group")
    monday = await studio.event(yoga, capacity=2)
    tuesday = await studio.event(yoga, capacity=2, start=TUESDAY)
    full = await studio.event(yoga, capacity=1, start=TUESDAY)
    other = await studio.event(await studio.service("group"), capacity=9, start=TUESDAY)
    [appointment] = (await studio.booked(studio.submit_spots(monday, 2))).appointments
    for wrong in (
        rescheduling(studio, appointment, event_id=other),
        rescheduling(studio, appointment, event_id=monday),
        rescheduling(studio, appointment, TUESDAY),
    ):
        assert await studio.refused(Role.OPERATOR, wrong) == ("invalid-request", "event_id")
    too_full = rescheduling(studio, appointment, event_id=full)
    assert (await studio.refused(Role.OPERATOR, too_full))[0] == "event-full"
    view = AppointmentView.model_validate(
        await studio.done(Role.OPERATOR, rescheduling(studio, appointment, event_id=tuesday))
    )
    assert (view.event_id, view.start, len(view.lines)) == (tuesday, TUESDAY, 2)
    taken = await studio.database.pool.fetch("SELECT event_id, spots_taken FROM events")
    assert {row[0]: row[1] for row in taken if row[1]} == {tuesday: 2}


@pytest.mark.rule("A16", "G11")
async def test_what_was_paid_online_stays_paid_at_its_price(studio: Studio) -> None:
    await let_pay_online(studio, individual="mandatory")
    service_id = await studio.service(online_prepayment=True)
    await studio.team_member(service_id)
    [answer] = await studio.ask(Role.WIDGET, studio.submit(service_id))
    [appointment] = BookingView.model_validate(answer.result).appointments
    await studio.hear(received((await studio.said(RequestPayment))[0]))
    form = ServiceForm(name="Dearer", kind="individual", duration_minutes=60, price=9_999)
    changed = ChangeService(service_id=service_id, location_id=studio.location_id, service=form)
    await studio.done(Role.OPERATOR, changed)
    await studio.done(studio.client(), rescheduling(studio, appointment, TUESDAY))
    [said] = await studio.said(AppointmentRescheduled)
    [line] = said.appointment.lines
    assert (line.paid_online, line.price.amount) == (True, 5_000)
    assert len(await studio.said(RequestPayment)) == 1


@pytest.mark.rule("G11", "A17")
async def test_a_repeat_is_a_new_booking_of_the_same_client_under_todays_settings(
    studio: Studio,
) -> None:
    appointment = await massage(studio)
    form = ServiceForm(
        name="Massage", kind="individual", duration_minutes=60, price=1, membership_booking=True
    )
    service_id = appointment.lines[0].service_id
    changed = ChangeService(service_id=service_id, location_id=studio.location_id, service=form)
    await studio.done(Role.OPERATOR, changed)
    command = repeating(studio, appointment, TUESDAY, team_member_id="any")
    [answer] = await studio.ask(studio.client(), command)
    assert answer.state == "pending"
    asked = await asked_last(studio)
    assert asked.client_id == appointment.client_id
    assert [line.required for line in asked.appointments[0].lines] == [True]
    await studio.hear(placed(asked))
    view = BookingView.model_validate((await answer_to(studio, answer.command_id)).result)
    assert view.booking_id == command.booking_id
    assert view.appointments[0].booked_with_membership
    assert (view.appointments[0].start, view.appointments[0].lines[0].price.amount) == (TUESDAY, 1)
    wrong = repeating(studio, appointment, event_id=uuid4())
    assert await studio.refused(Role.GATEWAY, wrong) == ("invalid-request", "start")
    assert await occupied(studio) == (24, 0)


@pytest.mark.rule("G3", "G11")
async def test_a_repeat_of_spots_asks_for_the_choice_anew(studio: Studio) -> None:
    await let_pay_online(studio, group="optional")
    yoga = await studio.service("group", membership_booking=True, online_prepayment=True)
    monday = await studio.event(yoga, capacity=2)
    tuesday = await studio.event(yoga, capacity=2, start=TUESDAY)
    [appointment] = (await studio.booked(studio.submit_spots(monday, 2))).appointments
    refused = await studio.refused(
        studio.client(), repeating(studio, appointment, event_id=tuesday)
    )
    assert refused == ("invalid-request", "pay_online")
    paid = repeating(studio, appointment, event_id=tuesday, pay_online=True)
    [answer] = await studio.ask(studio.client(), paid)
    assert answer.result["state"] == "awaiting_payment"
    assert await occupied(studio) == (0, 4)


@pytest.mark.rule("G6", "X6")
async def test_a_hold_that_moves_or_ends_is_shown_until_the_line_is_settled(
    studio: Studio,
) -> None:
    appointment = await studio.appointment()
    [line], mover = appointment.lines, uuid4()
    moved = HoldMoved(
        line_id=line.line_id,
        appointment_id=appointment.appointment_id,
        booking_id=appointment.booking_id,
        location_id=studio.location_id,
        client_id=appointment.client_id,
        membership_id=mover,
    )
    released = HoldReleased(**moved.model_dump(), reason="visit_passed")
    shown = "SELECT membership_id, hold_released FROM appointment_lines"
    await studio.hear(moved)
    assert tuple(await studio.database.pool.fetchrow(shown) or ()) == (mover, False)
    await studio.hear(released)
    assert tuple(await studio.database.pool.fetchrow(shown) or ()) == (None, True)
    payer = uuid4()
    await studio.hear(moved, settled(appointment, 1, payer))
    await studio.hear(moved, released)
    assert tuple(await studio.database.pool.fetchrow(shown) or ()) == (payer, False)


@pytest.mark.rule("G11", "X7")
@pytest.mark.parametrize("first", ["cancel", "hold"])
async def test_a_reschedule_and_a_cancel_race_for_one_outcome(studio: Studio, first: str) -> None:
    appointment, _, asked = await waiting(studio)
    racing = [
        studio.ask(Role.OPERATOR, cancelling(studio, appointment)),
        studio.hear(placed(asked)),
    ]
    await asyncio.gather(*(racing if first == "cancel" else reversed(racing)))
    [cancelled] = await studio.said(AppointmentCancelled)
    rescheduled = await studio.said(AppointmentRescheduled)
    refused = await studio.said(RescheduleRefused)
    assert len(rescheduled) + len(refused) == 1
    assert cancelled.appointment.revision == (3 if rescheduled else 2)
    assert await occupied(studio) == (0, 0)
