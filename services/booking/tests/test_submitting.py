"""Bookings are submitted: slots, spots, the gate and the client."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.booking import BookingAccepted
from contracts.membership import HoldSessions
from web import Role

from .studio import MONDAY, NOW, Studio


@pytest.mark.rule("X6", "A3")
async def test_a_booking_that_no_membership_pays_is_accepted_at_once(studio: Studio) -> None:
    massage = await studio.service()
    anna = await studio.team_member(massage)
    booking = await studio.booked(studio.submit(massage))
    [appointment] = booking.appointments
    assert booking.state == appointment.state == "accepted"
    assert appointment.lines[0].team_member_id == anna
    assert (appointment.debit_status, appointment.payment_status) == (None, "unpaid")
    assert appointment.owed.amount == 5_000
    [said] = await studio.said(BookingAccepted)
    assert said.appointments[0].visit_id == appointment.visit_id
    assert await studio.said(HoldSessions) == []


@pytest.mark.rule("X2")
async def test_a_slot_is_given_once_even_within_one_batch(studio: Studio) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    first, second, third = await studio.ask(
        Role.OPERATOR,
        studio.submit(massage),
        studio.submit(massage, start=MONDAY + timedelta(minutes=59), phone="030 901821"),
        studio.submit(massage, start=MONDAY + timedelta(minutes=60), phone="030 901822"),
    )
    assert [first.state, second.state, third.state] == ["done", "refused", "done"]
    assert second.problem is not None
    assert second.problem.type == "/problems/slot-taken"
    clients = await studio.database.pool.fetch("SELECT phone FROM clients ORDER BY phone")
    assert [row["phone"] for row in clients] == ["+4930901820", "+4930901822"]


@pytest.mark.rule("X2")
async def test_without_a_team_member_any_free_one_is_taken(studio: Studio) -> None:
    massage = await studio.service()
    team = {await studio.team_member(massage) for _ in range(2)}
    bookings = [await studio.booked(studio.submit(massage)) for _ in range(2)]
    assert {each.appointments[0].lines[0].team_member_id for each in bookings} == team
    assert (await studio.refused(Role.WIDGET, studio.submit(massage)))[0] == "slot-taken"


@pytest.mark.rule("X2")
async def test_an_event_is_never_filled_past_its_capacity(studio: Studio) -> None:
    yoga = await studio.service("group")
    event = await studio.event(yoga, capacity=3)
    answers = await studio.ask(
        Role.OPERATOR, studio.submit_spots(event, 2), studio.submit_spots(event, 2)
    )
    assert [each.state for each in answers] == ["done", "refused"]
    assert await studio.refused(Role.OPERATOR, studio.submit_spots(event, 2)) == (
        "event-full",
        "1 of 3 spots are free.",
    )
    await studio.booked(studio.submit_spots(event))
    taken = await studio.database.pool.fetchval("SELECT spots_taken FROM events")
    assert taken == 3


@pytest.mark.rule("G8")
async def test_numbers_are_compared_in_e164_form_however_they_were_typed(studio: Studio) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    typed = ["030 901820", "+49 (30) 90-18-20", "0049 30 901820"]
    bookings = [
        await studio.booked(
            studio.submit(massage, start=MONDAY + timedelta(hours=hour), phone=phone)
        )
        for hour, phone in enumerate(typed)
    ]
    assert len({booking.client_id for booking in bookings}) == 1
    assert len({booking.appointments[0].visit_id for booking in bookings}) == 1


@pytest.mark.rule("G1", "G4")
@pytest.mark.parametrize(
    ("role", "phone_confirmed", "required"),
    [(Role.GATEWAY, True, True), (Role.OPERATOR, False, False)],
)
async def test_online_the_gate_demands_a_membership_and_in_the_back_office_it_only_asks(
    studio: Studio, role: Role, phone_confirmed: bool, required: bool
) -> None:
    massage = await studio.service(membership_booking=True)
    await studio.team_member(massage)
    command = studio.submit(massage, phone_confirmed=phone_confirmed)
    [answer] = await studio.ask(role, command)
    assert answer.state == "pending"
    [asked] = await studio.said(HoldSessions)
    assert asked.submitted_at == NOW
    assert [line.required for line in asked.appointments[0].lines] == [required]
    assert await studio.said(BookingAccepted) == []


@pytest.mark.rule("G8")
async def test_a_membership_booking_needs_a_confirmed_phone_that_a_gateway_vouches_for(
    studio: Studio,
) -> None:
    massage = await studio.service(membership_booking=True)
    debited = await studio.service(automatic_debiting=True)
    await studio.team_member(massage, debited)
    yoga = await studio.event(await studio.service("group", membership_booking=True), capacity=1)
    for role in (Role.GATEWAY, Role.WIDGET):
        for command in (
            studio.submit(massage), studio.submit_spots(yoga), studio.submit(debited),
        ):  # fmt: skip
            assert (await studio.refused(role, command))[0] == "phone-not-confirmed"
    vouched = studio.submit(massage, phone_confirmed=True)
    assert (await studio.refused(Role.WIDGET, vouched))[0] == "forbidden"
    assert await studio.database.pool.fetchval("SELECT count(*) FROM clients") == 0


@pytest.mark.rule("X6")
async def test_of_several_services_those_alone_ask_for_sessions_that_a_membership_pays(
    studio: Studio,
) -> None:
    massage, sauna = await studio.service(automatic_debiting=True), await studio.service(minutes=30)
    await studio.team_member(massage, sauna)
    await studio.ask(Role.GATEWAY, studio.submit(sauna, massage, phone_confirmed=True))
    [asked] = await studio.said(HoldSessions)
    [line] = asked.appointments[0].lines
    assert (line.ordinal, line.service_id, line.required) == (1, massage, False)


@pytest.mark.rule("X4")
async def test_bad_input_says_which_field_is_wrong_and_changes_nothing(studio: Studio) -> None:
    massage, yoga = await studio.service(), await studio.service("group")
    other = await studio.team_member()
    before = await studio.database.pool.fetchval("SELECT count(*) FROM outbox")
    wrong = {
        "phone": studio.submit(massage, phone="not a number"),
        "appointments.0.start": studio.submit(massage, start=NOW),
        "appointments.0.lines.0.service_id": studio.submit(yoga),
        "appointments.0.lines.0.team_member_id": studio.submit(massage, team_member_id=other),
    }
    for field, command in wrong.items():
        assert await studio.refused(Role.OPERATOR, command) == ("invalid-request", field)
    for unknown in (studio.submit(uuid4()), studio.submit_spots(uuid4())):
        assert (await studio.refused(Role.OPERATOR, unknown))[0] == "not-found"
    said = await studio.database.pool.fetch(
        "SELECT topic FROM outbox ORDER BY id OFFSET $1", before
    )
    assert {row["topic"] for row in said} == {"replies"}
    for table in ("bookings", "clients", "slot_cells"):
        assert await studio.database.pool.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_foreign_location_is_not_found_and_a_stranger_is_turned_away(
    studio: Studio,
) -> None:
    massage = await studio.service()
    stranger = studio.principal(Role.OPERATOR).model_copy(update={"chain_id": uuid4()})
    assert (await studio.refused(stranger, studio.submit(massage)))[0] == "not-found"
    assert (await studio.refused(Role.READER, studio.submit(massage)))[0] == "forbidden"
    late = studio.record(Role.OPERATOR, studio.submit(massage), NOW)
    late.timestamp += 120_000  # the token was for another time
    await studio.deliver([late])
    refused = await studio.database.pool.fetchval(
        "SELECT problem ->> 'type' FROM operations ORDER BY created_at DESC LIMIT 1"
    )
    assert refused == "/problems/unauthenticated"
