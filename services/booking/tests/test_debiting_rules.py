"""What a booking takes over of the settings for automatic debiting, and what people do with it."""

from datetime import timedelta
from typing import get_args

import pytest

from contracts.booking import AppointmentCancelled, SetVisitStatus, VisitStatusForm
from contracts.booking_views import AppointmentView
from contracts.values import VisitStatus
from web import Role

from .changes import cancelling
from .news import settled
from .studio import MONDAY, Studio

SECOND = timedelta(seconds=1)
HOURS = timedelta(hours=1)


async def booked(studio: Studio, kind: str, *, automatic: bool, hours: int) -> AppointmentView:
    service_id = await studio.service(
        kind, automatic_debiting=automatic, free_cancellation_hours=hours
    )
    await studio.team_member(service_id)
    if kind == "group":
        submission = studio.submit_spots(await studio.event(service_id, capacity=3))
    else:
        submission = studio.submit(service_id)
    return (await studio.booked(submission)).appointments[0]


@pytest.mark.rule("A1", "A3")
@pytest.mark.parametrize("kind", ["individual", "group"])
async def test_a_booking_takes_over_whether_it_is_debited_and_until_when_cancelling_is_free(
    studio: Studio, kind: str
) -> None:
    automatic = await booked(studio, kind, automatic=True, hours=3)
    assert automatic.debit_status == "automatic_debiting"
    assert automatic.free_cancellation_until == MONDAY - 3 * HOURS
    without = await booked(studio, kind, automatic=False, hours=24)
    assert without.debit_status is None
    assert without.free_cancellation_until == MONDAY - 24 * HOURS


@pytest.mark.rule("A2")
@pytest.mark.parametrize(
    ("hours", "deadline", "told"),
    [
        (0, MONDAY - timedelta(minutes=5), "2030-01-07T09:55+01:00"),
        (1, MONDAY - HOURS, "2030-01-07T09:00+01:00"),
    ],
)
async def test_the_deadline_counts_to_the_second_by_when_a_cancellation_was_sent(
    studio: Studio, hours: int, deadline: object, told: str
) -> None:
    appointment = await booked(studio, "individual", automatic=True, hours=hours)
    until = appointment.free_cancellation_until
    assert until == deadline
    command = cancelling(studio, appointment)
    name, detail = await studio.refused(studio.client(), command, at=until + SECOND)
    assert name == "cancellation-too-late"
    assert told in detail
    [answer] = await studio.ask(studio.client(), command, at=until)
    assert answer.state == "done"


@pytest.mark.rule("A2", "A10")
@pytest.mark.parametrize("after_the_start", [False, True])
@pytest.mark.parametrize("charge", [False, True])
async def test_an_operator_says_before_the_start_and_after_it_whether_sessions_are_kept(
    studio: Studio, *, after_the_start: bool, charge: bool
) -> None:
    appointment = await booked(studio, "individual", automatic=True, hours=2)
    at = MONDAY + SECOND if after_the_start else MONDAY - SECOND
    [answer] = await studio.ask(
        Role.OPERATOR, cancelling(studio, appointment, charge=charge), at=at
    )
    assert answer.state == "done"
    [said] = await studio.said(AppointmentCancelled)
    assert (said.charge, said.cancelled_at, said.appointment.start) == (charge, at, MONDAY)
    view = AppointmentView.model_validate(answer.result)
    assert view.debit_status == ("automatic_debiting" if charge else None)
    free = await studio.database.pool.fetchval("SELECT count(*) = 0 FROM slot_cells")
    assert free  # at once


@pytest.mark.rule("A6", "A7")
@pytest.mark.parametrize("visit_status", get_args(VisitStatus))
async def test_a_debit_comes_in_any_visit_status_which_it_leaves_as_people_set_it(
    studio: Studio, visit_status: VisitStatus
) -> None:
    appointment = await booked(studio, "individual", automatic=True, hours=0)
    command = SetVisitStatus(
        appointment_id=appointment.appointment_id,
        location_id=studio.location_id,
        status=VisitStatusForm(visit_status=visit_status),
    )
    before = AppointmentView.model_validate(await studio.done(Role.OPERATOR, command))
    assert (before.visit_status, before.debit_status) == (visit_status, "automatic_debiting")
    await studio.hear(settled(appointment, 1, appointment.lines[0].membership_id))
    row = await studio.database.pool.fetchrow("SELECT visit_status, debit_status FROM appointments")
    assert row is not None
    assert tuple(row) == (visit_status, "debited")
    after = AppointmentView.model_validate(await studio.done(Role.OPERATOR, command))
    assert after.debit_status == "debited"
