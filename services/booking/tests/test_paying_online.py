"""Bookings that are paid online: who chooses, what waits for the payment, and for how long."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from booking import timers
from booking.queries import bookings, offers
from contracts.booking import BookingAccepted, BookingRefused
from contracts.booking_views import AppointmentView, BookingView
from contracts.membership import HoldSessions
from contracts.sales import PaymentFailed, PaymentReceived, RequestPayment
from web import Role

from .changes import asked_last, failed, let_pay_online, occupied, placed, received
from .studio import MONDAY, Studio


async def class_that_is_paid_or_booked(studio: Studio, policy: str = "optional") -> UUID:
    """Plan an event of a group service with both switches on (rule G3)."""
    await let_pay_online(studio, group=policy)
    yoga = await studio.service(
        "group", membership_booking=True, automatic_debiting=True, online_prepayment=True
    )
    return await studio.event(yoga, capacity=3)


async def waiting(studio: Studio) -> RequestPayment:
    """Book two spots that are to be paid online, and return what sales is asked."""
    event = await class_that_is_paid_or_booked(studio)
    [answer] = await studio.ask(Role.WIDGET, studio.submit_spots(event, 2, pay_online=True))
    assert (answer.state, answer.status) == ("done", 201)
    view = BookingView.model_validate(answer.result)
    assert view.state == "awaiting_payment"
    [asked] = await studio.said(RequestPayment)
    assert (view.payment_id, view.pay_until) == (asked.payment_id, asked.expires_at)
    return asked


async def state_of(studio: Studio) -> str:
    return await studio.database.pool.fetchval("SELECT state FROM bookings")


@pytest.mark.rule("G3")
@pytest.mark.parametrize("policy", ["optional", "mandatory"])
async def test_where_both_are_on_the_client_chooses_to_pay_or_to_book_with_a_membership(
    studio: Studio, policy: str
) -> None:
    event = await class_that_is_paid_or_booked(studio, policy)
    undecided = studio.submit_spots(event, phone_confirmed=True)
    assert await studio.refused(Role.GATEWAY, undecided) == ("invalid-request", "pay_online")
    by_membership = studio.submit_spots(event, phone_confirmed=True, pay_online=False)
    await studio.ask(Role.GATEWAY, by_membership)
    [line] = (await asked_last(studio)).appointments[0].lines
    assert (line.required, line.automatic_debiting) == (True, True)
    assert await studio.said(RequestPayment) == []
    await studio.ask(Role.WIDGET, studio.submit_spots(event, pay_online=True))
    assert len(await studio.said(RequestPayment)) == 1
    assert len(await studio.said(HoldSessions)) == 1


@pytest.mark.rule("G3", "A16")
async def test_a_group_prepayment_is_of_all_spots_and_no_membership_pays_them_too(
    studio: Studio,
) -> None:
    asked = await waiting(studio)
    assert (asked.amount.amount, [line.amount for line in asked.lines]) == (10_000, [5_000, 5_000])
    assert await studio.said(HoldSessions) == []
    await studio.hear(received(asked))
    [said] = await studio.said(BookingAccepted)
    lines = said.appointments[0].lines
    assert {(each.paid_online, each.automatic_debiting) for each in lines} == {(True, False)}
    view = await read_appointment(studio)
    assert (view.debit_status, view.booked_with_membership) == (None, False)
    assert (view.payment_status, view.owed.amount) == ("paid", 0)


async def read_appointment(studio: Studio) -> AppointmentView:
    """Read the only appointment."""
    at = await offers.location(studio.database, studio.location_id)
    assert at is not None
    appointment_id = await studio.database.pool.fetchval("SELECT appointment_id FROM appointments")
    view = await bookings.appointment(studio.database, at, appointment_id)
    assert view is not None
    return view


@pytest.mark.rule("G3", "G4")
async def test_what_is_mandatory_is_paid_what_is_optional_if_the_client_says_so_and_else_nothing(
    studio: Studio,
) -> None:
    await let_pay_online(studio, individual="mandatory", group="optional")
    massage = await studio.service(online_prepayment=True)
    await studio.team_member(massage)
    refused = await studio.refused(Role.WIDGET, studio.submit(massage, pay_online=False))
    assert refused == ("invalid-request", "pay_online")
    [answer] = await studio.ask(Role.WIDGET, studio.submit(massage))
    assert answer.result["state"] == "awaiting_payment"
    event = await studio.event(await studio.service("group", online_prepayment=True), capacity=9)
    for choice, state in ((None, "accepted"), (False, "accepted"), (True, "awaiting_payment")):
        command = studio.submit_spots(event, pay_online=choice)
        [answer] = await studio.ask(Role.WIDGET, command)
        assert answer.result["state"] == state
    for_nothing = await studio.event(await studio.service("group", price=0), capacity=9)
    refused = await studio.refused(Role.WIDGET, studio.submit_spots(for_nothing, pay_online=True))
    assert refused == ("invalid-request", "pay_online")


@pytest.mark.rule("G4")
async def test_in_the_back_office_nothing_is_paid_online_and_no_choice_is_asked(
    studio: Studio,
) -> None:
    event = await class_that_is_paid_or_booked(studio, "mandatory")
    await studio.ask(Role.OPERATOR, studio.submit_spots(event))
    [line] = (await asked_last(studio)).appointments[0].lines
    assert not line.required
    command = studio.submit_spots(event, pay_online=True)
    assert await studio.refused(Role.OPERATOR, command) == ("invalid-request", "pay_online")


async def test_sessions_are_held_before_the_rest_is_paid(studio: Studio) -> None:
    await let_pay_online(studio, individual="mandatory")
    massage = await studio.service(automatic_debiting=True)
    sauna = await studio.service(online_prepayment=True, automatic_debiting=True, minutes=30)
    await studio.team_member(massage, sauna)
    await studio.ask(Role.GATEWAY, studio.submit(massage, sauna, phone_confirmed=True))
    assert await studio.said(RequestPayment) == []
    held = placed(await asked_last(studio))
    await studio.hear(held)
    [asked] = await studio.said(RequestPayment)
    assert asked.amount.amount == 5_000
    await studio.hear(received(asked))
    view = await read_appointment(studio)
    assert [line.membership_id for line in view.lines] == [held.lines[0].membership_id, None]
    assert [line.debit_status for line in view.lines] == ["automatic_debiting", None]
    assert (view.payment_status, view.owed.amount) == ("paid_partially", 5_000)


@pytest.mark.rule("X7")
async def test_spots_that_are_not_paid_in_time_fall_free(studio: Studio) -> None:
    await waiting(studio)
    left = await studio.database.pool.fetchval("SELECT decide_by - now() FROM bookings")
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    await timers.refuse_due(studio.messaging)
    assert await state_of(studio) == "awaiting_payment"
    await studio.database.pool.execute("UPDATE bookings SET decide_by = now()")
    await timers.refuse_due(studio.messaging)
    assert (await state_of(studio), await occupied(studio)) == ("refused", (0, 0))
    [said] = await studio.said(BookingRefused)
    assert said.reason == "unpaid"


@pytest.mark.rule("X7")
async def test_a_payment_that_fails_refuses_the_booking(studio: Studio) -> None:
    await studio.hear(failed(await waiting(studio)))
    assert (await state_of(studio), await occupied(studio)) == ("refused", (0, 0))
    assert [each.reason for each in await studio.said(BookingRefused)] == ["unpaid"]


@pytest.mark.rule("X7")
@pytest.mark.parametrize("news", [received, failed])
async def test_a_payment_that_comes_late_changes_nothing(
    studio: Studio, news: Callable[[RequestPayment], PaymentReceived | PaymentFailed]
) -> None:
    asked = await waiting(studio)
    await studio.database.pool.execute("UPDATE bookings SET decide_by = now()")
    await timers.refuse_due(studio.messaging)
    await studio.hear(news(asked))
    assert (await state_of(studio), await occupied(studio)) == ("refused", (0, 0))
    assert await studio.said(BookingAccepted) == []
    assert len(await studio.said(BookingRefused)) == 1


@pytest.mark.rule("X3")
async def test_one_payment_is_asked_for_however_often_the_submission_comes(studio: Studio) -> None:
    event = await class_that_is_paid_or_booked(studio)
    record = studio.record(Role.WIDGET, studio.submit_spots(event, 2, pay_online=True))
    for _ in range(3):
        await studio.deliver([record])
    assert len(await studio.said(RequestPayment)) == 1
    assert await occupied(studio) == (0, 2)


@pytest.mark.rule("G8")
async def test_a_location_may_demand_a_confirmed_phone_for_every_online_booking(
    studio: Studio,
) -> None:
    await let_pay_online(studio, phone_confirmation=True)
    massage = await studio.service()
    await studio.team_member(massage)
    command = studio.submit(massage)
    for role in (Role.WIDGET, Role.GATEWAY):
        assert (await studio.refused(role, command))[0] == "phone-not-confirmed"
    await studio.booked(studio.submit(massage, phone_confirmed=True), Role.GATEWAY)
    await studio.booked(studio.submit(massage, start=MONDAY + timedelta(hours=1)))
    own = studio.submit(massage, start=MONDAY + timedelta(hours=2))
    [answer] = await studio.ask(studio.client(), own)
    assert answer.state == "done"
