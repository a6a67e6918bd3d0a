"""What membership and sales say shows in the calendar, in whatever order it comes."""

from uuid import uuid4

import pytest

from booking.queries import bookings, offers
from booking.queries.bookings import LookedAt
from contracts.booking import CancelAppointment, CancellationForm
from contracts.booking_views import AppointmentView
from web import Role

from .news import billed, planned, settled, start_failed
from .studio import MONDAY, Studio


async def shown(studio: Studio, appointment: AppointmentView) -> AppointmentView:
    """Return the appointment as the calendar of its day shows it."""
    at = await offers.location(studio.database, studio.location_id)
    assert at is not None
    day = await bookings.calendar(studio.database, at, LookedAt(MONDAY.date(), MONDAY.date()))
    return next(
        each for each in day.appointments if each.appointment_id == appointment.appointment_id
    )


@pytest.mark.rule("A3", "A6")
async def test_the_calendar_shows_debited_and_the_visit_status_stays(studio: Studio) -> None:
    appointment = await studio.appointment()
    assert (await shown(studio, appointment)).debit_status == "automatic_debiting"
    membership_id = uuid4()
    await studio.hear(settled(appointment, 1, membership_id), billed(appointment, 1, 0))
    after = await shown(studio, appointment)
    assert (after.debit_status, after.visit_status) == ("debited", "pending")
    assert (after.payment_status, after.owed.amount) == ("paid", 0)
    assert after.lines[0].membership_id == membership_id


@pytest.mark.rule("A3", "A16")
async def test_what_is_claimed_before_the_start_shows_no_plan_until_it_is_returned(
    studio: Studio,
) -> None:
    appointment, again = await studio.appointment(), uuid4()
    assert (await shown(studio, appointment)).lines[0].membership_id is not None
    await studio.hear(planned(appointment, 1, claimed=True, held=None))
    after = await shown(studio, appointment)
    assert (after.debit_status, after.lines[0].debit_status) == (None, None)
    assert after.lines[0].membership_id is None
    await studio.hear(planned(appointment, 2, claimed=False, held=again))
    after = await shown(studio, appointment)
    assert (after.debit_status, after.lines[0].membership_id) == ("automatic_debiting", again)


@pytest.mark.rule("A10", "A16")
async def test_what_was_undone_and_finds_no_session_again_names_no_membership(
    studio: Studio,
) -> None:
    appointment = await studio.appointment()
    await studio.hear(settled(appointment, 1, uuid4()))
    await studio.hear(planned(appointment, 2, claimed=False, held=None))
    after = await shown(studio, appointment)
    assert (after.debit_status, after.lines[0].membership_id) == ("automatic_debiting", None)


@pytest.mark.rule("A9", "A12")
async def test_the_calendar_shows_what_is_partly_paid_and_still_owed(studio: Studio) -> None:
    appointment = await studio.appointment()
    await studio.hear(billed(appointment, 1, 2_000))
    after = await shown(studio, appointment)
    assert (after.payment_status, after.owed.amount) == ("paid_partially", 2_000)


@pytest.mark.rule("A9", "A12")
async def test_a_first_bill_that_repeats_what_was_booked_is_no_change(studio: Studio) -> None:
    appointment = await studio.appointment()
    noted = "SELECT count(*) FROM calendar_changes WHERE appointment_id = $1"
    before = await studio.database.pool.fetchval(noted, appointment.appointment_id)
    await studio.hear(billed(appointment, 1, appointment.owed.amount))
    assert await studio.database.pool.fetchval(noted, appointment.appointment_id) == before
    assert await shown(studio, appointment) == appointment


async def test_what_is_older_than_known_is_ignored(studio: Studio) -> None:
    appointment = await studio.appointment()
    await studio.hear(settled(appointment, 2, uuid4()), billed(appointment, 3, 0))
    await studio.hear(settled(appointment, 1, None), billed(appointment, 2, 5_000))
    after = await shown(studio, appointment)
    assert (after.debit_status, after.payment_status) == ("debited", "paid")


async def test_several_changes_of_one_appointment_in_a_batch_end_with_the_newest(
    studio: Studio,
) -> None:
    appointment = await studio.appointment()
    newest = uuid4()
    await studio.hear(
        settled(appointment, 1, None),
        settled(appointment, 3, newest),
        settled(appointment, 2, None),
        billed(appointment, 2, 0),
        billed(appointment, 1, 5_000),
    )
    after = await shown(studio, appointment)
    assert (after.debit_status, after.lines[0].membership_id) == ("debited", newest)
    assert after.payment_status == "paid"


@pytest.mark.rule("A3", "A15")
@pytest.mark.parametrize("settled_first", [False, True])
async def test_a_start_that_met_an_error_shows_so_until_it_is_settled(
    studio: Studio, settled_first: bool
) -> None:
    appointment = await studio.appointment()
    if not settled_first:
        await studio.hear(start_failed(appointment))
        after = await shown(studio, appointment)
        assert (after.debit_status, after.debit_failure) == ("not_debited", "technical_error")
        assert after.lines[0].debit_status == "not_debited"
    await studio.hear(settled(appointment, 1, uuid4()))
    await studio.hear(start_failed(appointment))
    after = await shown(studio, appointment)
    assert (after.debit_status, after.debit_failure) == ("debited", None)


@pytest.mark.rule("A15")
@pytest.mark.parametrize("cancelled_first", [False, True])
async def test_a_cancelled_appointment_shows_no_error_of_its_start(
    studio: Studio, cancelled_first: bool
) -> None:
    appointment = await studio.appointment()
    command = CancelAppointment(
        appointment_id=appointment.appointment_id,
        location_id=studio.location_id,
        cancellation=CancellationForm(charge=False),
    )
    if not cancelled_first:
        await studio.hear(start_failed(appointment))
    await studio.done(Role.OPERATOR, command)
    await studio.hear(start_failed(appointment))
    after = await shown(studio, appointment)
    assert (after.debit_status, after.debit_failure) == (None, None)
    assert after.lines[0].debit_status is None


async def test_an_error_with_another_message_changes_no_appointment(studio: Studio) -> None:
    appointment = await studio.appointment()
    failed = start_failed(appointment)
    await studio.hear(
        failed.model_copy(update={"message_type": "booking.booking_accepted.v1"}),
        failed.model_copy(update={"message_subject": None}),
        failed.model_copy(update={"message_subject": uuid4()}),
    )
    assert await shown(studio, appointment) == appointment


@pytest.mark.rule("A2")
async def test_a_charged_cancel_keeps_showing_what_the_settlement_says(studio: Studio) -> None:
    appointment = await studio.appointment()
    command = CancelAppointment(
        appointment_id=appointment.appointment_id,
        location_id=studio.location_id,
        cancellation=CancellationForm(charge=True),
    )
    await studio.done(Role.OPERATOR, command)
    assert (await shown(studio, appointment)).debit_status == "automatic_debiting"
    await studio.hear(settled(appointment, 1, uuid4()))
    after = await shown(studio, appointment)
    assert (after.state, after.debit_status) == ("cancelled", "debited")


async def test_news_of_appointments_that_are_not_ours_are_passed_over(studio: Studio) -> None:
    appointment = await studio.appointment()
    stranger = appointment.model_copy(update={"appointment_id": uuid4()})
    await studio.hear(settled(stranger, 1, uuid4()), billed(stranger, 1, 0))
    assert await shown(studio, appointment) == appointment
