"""Appointments are cancelled, and their visit status is set by people."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.booking import (
    AppointmentCancelled,
    CancelAppointment,
    CancellationForm,
    ChangeService,
    ServiceForm,
    SetVisitStatus,
    VisitStatusChanged,
    VisitStatusForm,
)
from contracts.booking_views import AppointmentView
from web import Role

from .studio import MONDAY, NOW, Studio


def cancelling(studio: Studio, appointment_id: UUID, *, charge: bool = False) -> CancelAppointment:
    return CancelAppointment(
        appointment_id=appointment_id,
        location_id=studio.location_id,
        cancellation=CancellationForm(charge=charge),
    )


@pytest.mark.rule("A2")
async def test_a_client_cancels_in_time_and_the_slot_is_free_at_once(studio: Studio) -> None:
    appointment = await studio.appointment(free_cancellation_hours=2)
    in_time = MONDAY - timedelta(hours=2)
    command = cancelling(studio, appointment.appointment_id)
    [answer] = await studio.ask(Role.GATEWAY, command, at=in_time)
    view = AppointmentView.model_validate(answer.result)
    assert (view.state, view.debit_status) == ("cancelled", None)
    [said] = await studio.said(AppointmentCancelled)
    assert (said.appointment.revision, said.cancelled_at, said.charge) == (2, in_time, False)
    await studio.booked(studio.submit(appointment.lines[0].service_id))
    assert (await studio.refused(Role.OPERATOR, command))[0] == "conflict"


@pytest.mark.rule("A2")
async def test_later_the_client_is_told_the_deadline_and_an_operator_can_still_cancel(
    studio: Studio,
) -> None:
    appointment = await studio.appointment(free_cancellation_hours=2)
    command = cancelling(studio, appointment.appointment_id)
    late = MONDAY - timedelta(hours=1)
    assert await studio.refused(Role.GATEWAY, command, at=late) == (
        "cancellation-too-late",
        "Cancelling was possible until 2030-01-07T08:00+01:00 (Europe/Berlin).",
    )
    charged = cancelling(studio, appointment.appointment_id, charge=True)
    [answer] = await studio.ask(Role.OPERATOR, charged, at=late)
    assert answer.result["debit_status"] == "automatic_debiting"
    [said] = await studio.said(AppointmentCancelled)
    assert said.charge


@pytest.mark.rule("A17")
async def test_a_booking_lives_by_the_settings_that_it_was_made_with(studio: Studio) -> None:
    appointment = await studio.appointment()
    form = ServiceForm(
        name="Dearer", kind="individual", duration_minutes=60, price=9, free_cancellation_hours=99
    )
    service_id = appointment.lines[0].service_id
    changed = ChangeService(service_id=service_id, location_id=studio.location_id, service=form)
    await studio.done(Role.OPERATOR, changed)
    command = cancelling(studio, appointment.appointment_id)
    [answer] = await studio.ask(Role.GATEWAY, command, at=MONDAY - timedelta(minutes=5))
    assert answer.state == "done"
    [said] = await studio.said(AppointmentCancelled)
    [line] = said.appointment.lines
    assert (line.price.amount, line.automatic_debiting) == (5_000, True)


@pytest.mark.rule("X2")
async def test_cancelled_spots_of_an_event_are_free_again(studio: Studio) -> None:
    event = await studio.event(await studio.service("group"), capacity=2)
    booking = await studio.booked(studio.submit_spots(event, 2))
    assert (await studio.refused(Role.OPERATOR, studio.submit_spots(event)))[0] == "event-full"
    command = cancelling(studio, booking.appointments[0].appointment_id)
    await studio.done(Role.OPERATOR, command)
    await studio.booked(studio.submit_spots(event, 2))


@pytest.mark.rule("A6", "A7")
async def test_setting_the_visit_status_is_said_and_leaves_debiting_on(studio: Studio) -> None:
    appointment = await studio.appointment()
    command = SetVisitStatus(
        appointment_id=appointment.appointment_id,
        location_id=studio.location_id,
        status=VisitStatusForm(visit_status="no_show"),
    )
    view = AppointmentView.model_validate(await studio.done(Role.OPERATOR, command))
    assert (view.visit_status, view.debit_status) == ("no_show", "automatic_debiting")
    [said] = await studio.said(VisitStatusChanged)
    assert (said.visit_status, said.status_revision) == ("no_show", 1)


async def test_what_is_not_theirs_is_refused_to_strangers_and_widgets(studio: Studio) -> None:
    appointment = await studio.appointment()
    command = cancelling(studio, appointment.appointment_id)
    stranger = studio.principal(Role.OPERATOR).model_copy(update={"location_id": uuid4()})
    assert (await studio.refused(stranger, command))[0] == "not-found"
    assert (await studio.refused(Role.WIDGET, command))[0] == "forbidden"
    elsewhere = command.model_copy(update={"location_id": uuid4()})
    assert (await studio.refused(Role.OPERATOR, elsewhere))[0] == "not-found"
    charged = cancelling(studio, appointment.appointment_id, charge=True)
    assert (await studio.refused(Role.GATEWAY, charged, at=NOW))[0] == "forbidden"
