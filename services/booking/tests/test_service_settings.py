"""Services: their switch, settings that contradict each other, copies, policies, categories."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.booking import (
    CategoryForm,
    ChangeLocation,
    ChangeService,
    CreateCategory,
    CreateService,
    DuplicateForm,
    DuplicateService,
    LocationForm,
    ServiceForm,
)
from contracts.booking_views import ServiceView
from web import Role

from .studio import MONDAY, Studio

BOTH: dict[str, Any] = {"membership_booking": True, "online_prepayment": True}


def form(kind: str = "individual", **settings: object) -> ServiceForm:
    usual = {"name": "Massage", "kind": kind, "duration_minutes": 60, "price": 5_000}
    return ServiceForm.model_validate({**usual, **settings})


def creation(studio: Studio, kind: str = "individual", **settings: object) -> CreateService:
    service = form(kind, **settings)
    return CreateService(service_id=uuid4(), location_id=studio.location_id, service=service)


async def offered(studio: Studio, kind: str = "individual", **settings: object) -> ServiceView:
    answer = await studio.done(Role.OPERATOR, creation(studio, kind, **settings))
    return ServiceView.model_validate(answer)


def change(studio: Studio, service: ServiceView, **settings: object) -> ChangeService:
    return ChangeService(
        service_id=service.service_id,
        location_id=studio.location_id,
        service=form(service.kind, **settings),
    )


def duplication(studio: Studio, original: UUID, **copy: Any) -> DuplicateService:
    return DuplicateService(
        service_id=uuid4(),
        original_service_id=original,
        location_id=studio.location_id,
        duplicate=DuplicateForm(**copy),
    )


def policy(studio: Studio, individual: str = "off", group: str = "off") -> ChangeLocation:
    location = LocationForm.model_validate(
        {
            "name": "Mitte",
            "time_zone": "Europe/Berlin",
            "currency": "EUR",
            "region": "DE",
            "online_payment": {"individual": individual, "group": group},
        }
    )
    return ChangeLocation(location_id=studio.location_id, location=location)


async def services(studio: Studio) -> dict[UUID, tuple[bool, bool]]:
    """Return of each service whether it has the prepayment and whether the membership switch."""
    rows = await studio.database.pool.fetch(
        """
        SELECT service_id, online_prepayment, membership_booking FROM services
        WHERE location_id = $1
        """,
        studio.location_id,
    )
    return {row[0]: (row[1], row[2]) for row in rows}


@pytest.mark.rule("G1")
@pytest.mark.parametrize("kind", ["individual", "group"])
async def test_a_service_of_either_kind_has_one_switch_that_is_turned_on_and_off(
    studio: Studio, kind: str
) -> None:
    service = await offered(studio, kind)
    assert not service.membership_booking
    for on in (True, False):
        answer = await studio.done(Role.OPERATOR, change(studio, service, membership_booking=on))
        assert answer["membership_booking"] is on


@pytest.mark.rule("G2")
async def test_turning_on_the_second_of_both_settings_is_refused_with_both_names_and_the_way_out(
    studio: Studio,
) -> None:
    await studio.done(Role.OPERATOR, policy(studio, individual="optional"))
    refused = await studio.refused(Role.OPERATOR, creation(studio, **BOTH))
    for first in ("membership_booking", "online_prepayment"):
        one: dict[str, Any] = {first: True}
        service = await offered(studio, **one)
        assert await studio.refused(Role.OPERATOR, change(studio, service, **BOTH)) == refused
        assert (await services(studio))[service.service_id] != (True, True)
    name, detail = refused
    assert name == "settings-conflict"
    assert '"Prohibit online booking without a membership"' in detail
    assert '"Online prepayment"' in detail
    assert "/v1/locations/{location_id}/services/{service_id}/duplicates" in detail


@pytest.mark.rule("G2")
async def test_duplicating_a_service_is_one_action_that_gives_each_setting_a_service(
    studio: Studio,
) -> None:
    await studio.done(Role.OPERATOR, policy(studio, individual="mandatory"))
    prepaid = await offered(studio, online_prepayment=True, automatic_debiting=True)
    anna = await studio.team_member(prepaid.service_id)
    copy = ServiceView.model_validate(
        await studio.done(
            Role.OPERATOR,
            duplication(studio, prepaid.service_id, name="For members", membership_booking=True),
        )
    )
    assert (copy.name, copy.membership_booking, copy.online_payment) == ("For members", True, "off")
    assert (copy.price, copy.automatic_debiting) == (prepaid.price, True)
    assert prepaid.online_payment == "mandatory"
    booked = await studio.booked(studio.submit(copy.service_id))
    assert booked.appointments[0].lines[0].team_member_id == anna
    await studio.booked(studio.submit(prepaid.service_id, start=MONDAY + timedelta(hours=1)))


@pytest.mark.rule("G2")
async def test_a_copy_cannot_have_both_settings_either(studio: Studio) -> None:
    await studio.done(Role.OPERATOR, policy(studio, individual="optional"))
    prepaid = await offered(studio, online_prepayment=True)
    asked = duplication(studio, prepaid.service_id, **BOTH)
    assert (await studio.refused(Role.OPERATOR, asked))[0] == "settings-conflict"
    assert len(await services(studio)) == 1
    unknown = duplication(studio, uuid4())
    assert (await studio.refused(Role.OPERATOR, unknown))[0] == "not-found"


@pytest.mark.rule("G3")
async def test_a_group_service_has_both_settings_where_group_services_are_paid_online(
    studio: Studio,
) -> None:
    await studio.done(Role.OPERATOR, policy(studio, individual="mandatory", group="optional"))
    yoga = await offered(studio, "group", **BOTH)
    assert (yoga.membership_booking, yoga.online_payment) == (True, "optional")


@pytest.mark.rule("G4")
async def test_turning_on_prepayment_of_a_location_leaves_out_services_with_the_switch(
    studio: Studio,
) -> None:
    plain = (await offered(studio)).service_id
    switched = (await offered(studio, membership_booking=True)).service_id
    both = (await offered(studio, **BOTH)).service_id
    yoga = (await offered(studio, "group", membership_booking=True)).service_id
    await studio.done(Role.GATEWAY, policy(studio, individual="mandatory"))
    assert await services(studio) == {
        plain: (True, False),
        switched: (False, True),
        both: (False, True),
        yoga: (False, True),
    }
    await studio.ask(
        Role.OPERATOR,
        policy(studio),
        policy(studio, individual="optional", group="optional"),
    )
    assert (await services(studio))[yoga] == (True, True)
    assert (await services(studio))[switched] == (False, True)


@pytest.mark.rule("X5")
@pytest.mark.parametrize(("field", "value"), [("time_zone", "UTC"), ("currency", "USD")])
async def test_a_location_keeps_its_time_zone_and_currency(
    studio: Studio, field: str, value: str
) -> None:
    command = policy(studio)
    location = command.location.model_copy(update={field: value})
    command = command.model_copy(update={"location": location})
    assert await studio.refused(Role.GATEWAY, command) == ("invalid-request", field)


async def test_the_settings_of_a_location_are_replaced(studio: Studio) -> None:
    location = LocationForm.model_validate(
        {
            "name": "Wedding",
            "time_zone": "Europe/Berlin",
            "currency": "EUR",
            "region": "AT",
            "online_payment": {"individual": "optional", "group": "mandatory"},
            "phone_confirmation": True,
            "widget_theme": {"color": "#aa0044", "mode": "dark"},
        }
    )
    command = ChangeLocation(location_id=studio.location_id, location=location)
    answer = await studio.done(Role.OPERATOR, command)
    assert answer.items() >= location.model_dump(mode="json").items()
    unknown = location.model_copy(update={"region": "XX"})
    command = ChangeLocation(location_id=studio.location_id, location=unknown)
    assert await studio.refused(Role.OPERATOR, command) == ("invalid-request", "region")
    stranger = studio.principal(Role.OPERATOR).model_copy(update={"location_id": uuid4()})
    assert (await studio.refused(stranger, policy(studio)))[0] == "not-found"


async def test_a_service_is_in_a_category_of_its_chain(studio: Studio) -> None:
    body = CategoryForm(name="Bodywork")
    category = CreateCategory(category_id=uuid4(), chain_id=studio.chain_id, category=body)
    answer = await studio.done(Role.OPERATOR, category)
    assert answer == {
        "category_id": str(category.category_id),
        "chain_id": str(studio.chain_id),
        "name": "Bodywork",
    }
    service = await offered(studio, category_id=category.category_id)
    assert service.category_id == category.category_id
    assert (await studio.done(Role.OPERATOR, change(studio, service)))["category_id"] is None
    other = await Studio.open(studio.database)
    foreign = creation(other, category_id=category.category_id)
    assert (await studio.refused(Role.PLATFORM, foreign))[0] == "not-found"
    stranger = other.principal(Role.GATEWAY)
    elsewhere = category.model_copy(update={"category_id": uuid4()})
    assert (await studio.refused(stranger, elsewhere))[0] == "not-found"
