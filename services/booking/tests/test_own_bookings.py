"""What a client who has confirmed a phone may see and do, and what a booking would be."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.base import derive_id
from contracts.booking import BookingForm, ClientForm, RegisterClient
from contracts.booking_views import BookingPlan, MyBookings
from contracts.membership import HoldSessions
from web import Role

from .asking import Asking
from .changes import (
    asked_last,
    cancelling,
    let_pay_online,
    not_placed,
    placed,
    repeating,
    rescheduling,
)
from .studio import MONDAY, Studio

ADA, BEN = "+4930901820", "+4930901821"


@pytest.mark.rule("G10", "G8")
async def test_my_bookings_are_the_clients_own_with_the_tag_of_what_a_membership_pays(
    studio: Studio, asking: Asking
) -> None:
    massage = await studio.service(membership_booking=True)
    await studio.team_member(massage)
    for hours in range(2):
        start = MONDAY + timedelta(hours=hours)
        await studio.ask(studio.client(ADA), studio.submit(massage, start=start))
        await studio.hear(placed(await asked_last(studio)))
    await studio.ask(studio.client(BEN), studio.submit(
        massage, start=MONDAY + timedelta(hours=2), phone=BEN))  # fmt: skip
    await studio.hear(not_placed(await asked_last(studio)))
    mine = MyBookings.model_validate(await asking.here("/my-bookings", studio.client(ADA)))
    starts = [each.start for each in mine.appointments]
    assert starts == [MONDAY + timedelta(hours=1), MONDAY]
    assert all(each.booked_with_membership for each in mine.appointments)
    assert {each.client_id for each in mine.appointments} == {mine.client_id}
    bens = MyBookings.model_validate(await asking.here("/my-bookings", studio.client(BEN)))
    assert bens.appointments == ()
    nobody = await asking.here("/my-bookings", studio.client("+4930901899"))
    assert nobody == {"client_id": None, "appointments": []}
    for role in (Role.OPERATOR, Role.GATEWAY, Role.WIDGET):
        assert await asking.here("/my-bookings", role) == "forbidden"


@pytest.mark.rule("G8")
async def test_what_is_somebody_elses_is_not_found_by_a_client(
    studio: Studio, asking: Asking
) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    booking = await studio.booked(studio.submit(massage))
    [appointment] = booking.appointments
    ada, ben = studio.client(ADA), studio.client(BEN)
    tuesday = MONDAY + timedelta(days=1)
    paths = (
        f"/bookings/{booking.booking_id}",
        f"/appointments/{appointment.appointment_id}",
    )
    for path in paths:
        assert await asking.here(path, ben) == "not-found"
        assert (await asking.here(path, ada))["client_id"] == str(booking.client_id)
    for command in (
        cancelling(studio, appointment),
        rescheduling(studio, appointment, tuesday),
        repeating(studio, appointment, tuesday),
    ):
        assert (await studio.refused(ben, command))[0] == "not-found"
    assert await asking.here("/calendar", ada, date="2030-01-07") == "forbidden"
    client = f"/chains/{studio.chain_id}/clients/{booking.client_id}"
    assert await asking.get(client, ada) == "forbidden"
    charged = cancelling(studio, appointment, charge=True)
    assert (await studio.refused(ada, charged))[0] == "forbidden"
    await studio.done(ada, cancelling(studio, appointment))


@pytest.mark.rule("G8")
async def test_a_number_that_moves_to_somebody_else_takes_no_bookings_with_it(
    studio: Studio, asking: Asking
) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    booking = await studio.booked(studio.submit(massage))
    await studio.database.pool.execute("UPDATE clients SET phone = $1", BEN)
    path = f"/bookings/{booking.booking_id}"
    assert await asking.here(path, studio.client(ADA)) == "not-found"
    assert (await asking.here(path, studio.client(BEN)))["state"] == "accepted"


@pytest.mark.rule("G8")
async def test_a_client_books_with_the_confirmed_number_alone_however_it_is_typed(
    studio: Studio,
) -> None:
    massage = await studio.service(membership_booking=True)
    await studio.team_member(massage)
    other = studio.submit(massage, phone=BEN, phone_confirmed=True)
    assert (await studio.refused(studio.client(ADA), other))[0] == "phone-not-confirmed"
    [answer] = await studio.ask(studio.client(ADA), studio.submit(massage, phone="030/90 18 20"))
    assert answer.state == "pending"
    [line] = (await asked_last(studio)).appointments[0].lines
    assert line.required


@pytest.mark.rule("G8")
async def test_whoever_has_not_confirmed_a_number_does_not_learn_whose_it_is(
    studio: Studio, asking: Asking
) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    known = await studio.booked(studio.submit(massage))
    tuesday = studio.submit(massage, start=MONDAY + timedelta(days=1)).booking
    guess = tuesday.model_copy(update={"name": "Mallory"})
    plan = await asking.plan(guess, Role.WIDGET)
    assert plan.booking.client_id != known.client_id
    assert plan.booking.appointments[0].client_name == "Mallory"
    own = await asking.plan(guess, studio.client(ADA))
    assert own.booking.client_id == known.client_id
    assert own.booking.appointments[0].client_name == "Ada"


@pytest.mark.rule("G8")
async def test_nobody_sees_from_the_ids_of_a_booking_whether_its_number_was_known(
    studio: Studio,
) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    known = await studio.done(
        Role.OPERATOR,
        RegisterClient(
            client_id=derive_id(uuid4(), "create", "client"),
            chain_id=studio.chain_id,
            client=ClientForm(name="Ada", phone=ADA),
        ),
    )
    of_ada = studio.submit(massage, phone=ADA)
    of_somebody_new = studio.submit(massage, start=MONDAY + timedelta(hours=2), phone=BEN)
    ids: list[UUID] = []
    for command in (of_ada, of_somebody_new):
        booking = await studio.booked(command, Role.WIDGET)
        assert booking.client_id != derive_id(command.booking_id, "client")
        ids.append(booking.client_id)
    assert ids[0] == UUID(known["client_id"])
    assert {each.version for each in ids} == {5}


@pytest.mark.rule("G1", "G3", "X4")
async def test_a_plan_says_what_a_submission_would_take_and_changes_nothing(
    studio: Studio, asking: Asking
) -> None:
    await let_pay_online(studio, group="optional")
    massage = await studio.service(membership_booking=True, automatic_debiting=True)
    anna = await studio.team_member(massage)
    yoga = await studio.service("group", membership_booking=True, online_prepayment=True)
    event = await studio.event(yoga, capacity=1)
    before = await counts(studio)
    plan: BookingPlan = await asking.plan(studio.submit(massage).booking, studio.client())
    assert plan.booking.state == "requested"
    assert plan.booking.appointments[0].lines[0].team_member_id == anna
    assert plan.hold is not None
    assert plan.hold.client_id == plan.booking.client_id
    [line] = plan.hold.appointments[0].lines
    assert (line.required, line.line_id) == (True, plan.booking.appointments[0].lines[0].line_id)
    paid = await asking.plan(studio.submit_spots(event, pay_online=True).booking, Role.WIDGET)
    assert (paid.booking.state, paid.to_pay.amount, paid.hold) == ("awaiting_payment", 5_000, None)
    assert await asking.plan(studio.submit_spots(event).booking, Role.WIDGET) == (
        "invalid-request",
        "pay_online",
    )
    too_many = studio.submit_spots(event, 2, pay_online=True).booking
    assert (await asking.plan(too_many, Role.WIDGET))[0] == "event-full"
    unknown = studio.submit(uuid4()).booking
    assert (await asking.plan(unknown, Role.GATEWAY))[0] == "not-found"
    assert (await asking.plan(unknown, Role.READER))[0] == "forbidden"
    assert await counts(studio) == before
    assert await studio.said(HoldSessions) == []
    accepted: BookingForm = studio.submit_spots(await free_event(studio)).booking
    assert (await asking.plan(accepted, Role.WIDGET)).booking.state == "accepted"


async def free_event(studio: Studio) -> UUID:
    return await studio.event(await studio.service("group"), capacity=1)


async def counts(studio: Studio) -> list[int]:
    return [
        await studio.database.pool.fetchval(f"SELECT count(*) FROM {table}")
        for table in ("bookings", "clients", "slot_cells", "outbox")
    ]
