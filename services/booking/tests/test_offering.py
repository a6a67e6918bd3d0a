"""Chains, locations, services, team members, events and clients are created."""

from datetime import time, timedelta
from uuid import uuid4

import pytest

from contracts.base import Command
from contracts.booking import (
    ChainForm,
    ChangeService,
    ClientForm,
    CreateChain,
    CreateEvent,
    CreateLocation,
    CreateService,
    CreateTeamMember,
    EventForm,
    LocationForm,
    RegisterClient,
    ServiceForm,
    TeamMemberForm,
    WorkingHours,
)
from web import Role

from .studio import MONDAY, Studio

GROUP = ServiceForm(name="Yoga", kind="group", duration_minutes=60, price=1_500)


def client(studio: Studio, phone: str, region: str | None = None) -> RegisterClient:
    form = ClientForm(name="Ada", phone=phone, region=region)
    return RegisterClient(client_id=uuid4(), chain_id=studio.chain_id, client=form)


def event(studio: Studio, **form: object) -> CreateEvent:
    return CreateEvent(
        event_id=uuid4(),
        location_id=studio.location_id,
        event=EventForm.model_validate({"start": MONDAY, "capacity": 5, **form}),
    )


@pytest.mark.rule("X4", "X5")
@pytest.mark.parametrize(("field", "value"), [("time_zone", "Mars/Olympus"), ("region", "XX")])
async def test_a_location_has_a_zone_and_a_phone_region_that_exist(
    studio: Studio, field: str, value: str
) -> None:
    form = LocationForm.model_validate(
        {"name": "Nord", "currency": "EUR", "region": "DE", field: value}
    )
    command = CreateLocation(location_id=uuid4(), chain_id=studio.chain_id, location=form)
    assert await studio.refused(Role.GATEWAY, command) == ("invalid-request", field)


async def test_a_service_keeps_its_kind(studio: Studio) -> None:
    service_id = await studio.service()
    command = ChangeService(service_id=service_id, location_id=studio.location_id, service=GROUP)
    assert await studio.refused(Role.OPERATOR, command) == ("invalid-request", "kind")


async def test_team_members_and_events_know_the_services_of_their_location_alone(
    studio: Studio,
) -> None:
    hours = (WorkingHours(weekday=1, opens=time(8), closes=time(12)),)
    form = TeamMemberForm(name="Anna", service_ids=(uuid4(),), working_hours=hours)
    command = CreateTeamMember(
        team_member_id=uuid4(), location_id=studio.location_id, team_member=form
    )
    assert (await studio.refused(Role.OPERATOR, command))[0] == "not-found"
    foreign = event(studio, service_id=uuid4())
    assert (await studio.refused(Role.OPERATOR, foreign))[0] == "not-found"
    individual = event(studio, service_id=await studio.service())
    assert await studio.refused(Role.OPERATOR, individual) == ("invalid-request", "service_id")


@pytest.mark.rule("X2")
async def test_who_leads_an_event_is_busy_meanwhile(studio: Studio) -> None:
    yoga, massage = await studio.service("group"), await studio.service()
    anna = await studio.team_member(yoga, massage)
    await studio.done(Role.OPERATOR, event(studio, service_id=yoga, team_member_id=anna))
    overlapping = MONDAY + timedelta(minutes=30)
    again = event(studio, service_id=yoga, team_member_id=anna, start=overlapping)
    assert (await studio.refused(Role.OPERATOR, again))[0] == "slot-taken"
    booking = studio.submit(massage, start=overlapping)
    assert (await studio.refused(Role.OPERATOR, booking))[0] == "slot-taken"


@pytest.mark.rule("G8")
async def test_a_number_belongs_to_one_client_of_the_chain_and_the_refusal_names_nobody(
    studio: Studio,
) -> None:
    first, second = await studio.ask(
        Role.OPERATOR, client(studio, "030 901820"), client(studio, "+49 30 901820")
    )
    assert first.result["phone"] == "+4930901820"
    assert second.problem is not None
    assert (second.problem.status, "Ada" in second.problem.detail) == (409, False)
    assert (await studio.refused(Role.OPERATOR, client(studio, "0049 30 90 18 20")))[
        0
    ] == "conflict"
    british = await studio.done(Role.OPERATOR, client(studio, "020 7946 0018", "GB"))
    assert british["phone"] == "+442079460018"
    nonsense = await studio.refused(Role.OPERATOR, client(studio, "call me"))
    assert nonsense == ("invalid-request", "phone")


async def test_everybody_does_what_their_role_includes_and_no_more(studio: Studio) -> None:
    chain = CreateChain(chain_id=uuid4(), chain=ChainForm(name="Another"))
    service = CreateService(service_id=uuid4(), location_id=studio.location_id, service=GROUP)
    form = LocationForm(name="Nord", currency="EUR", region="DE")
    location = CreateLocation(location_id=uuid4(), chain_id=studio.chain_id, location=form)
    forbidden: list[tuple[Role, Command]] = [
        (Role.GATEWAY, chain),
        (Role.OPERATOR, location),
        (Role.WIDGET, service),
        (Role.READER, service),
        (Role.WIDGET, client(studio, "030 901820")),
    ]
    for role, command in forbidden:
        assert (await studio.refused(role, command))[0] == "forbidden"


async def test_rows_of_another_chain_do_not_exist(studio: Studio) -> None:
    stranger = studio.principal(Role.GATEWAY).model_copy(update={"chain_id": uuid4()})
    form = LocationForm(name="Nord", currency="EUR", region="DE")
    commands: list[Command] = [
        CreateLocation(location_id=uuid4(), chain_id=studio.chain_id, location=form),
        CreateService(service_id=uuid4(), location_id=studio.location_id, service=GROUP),
        client(studio, "030 901820"),
    ]
    for command in commands:
        assert (await studio.refused(stranger, command))[0] == "not-found"
