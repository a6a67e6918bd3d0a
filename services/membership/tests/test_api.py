"""The internal HTTP API, asked by several principals."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from contracts import booking
from contracts.membership import HeldLine, HoldPlaced, HoldSessions
from contracts.membership_views import HoldPlan
from web import Role

from .studio import Studio, as_, hold_of, moved, start_of


async def test_membership_types_are_listed_and_shown(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    type_id = await studio.membership_type(sessions=None)
    address = f"/chains/{studio.chain_id}/membership-types"
    listed = (await http.get(address, headers=as_(studio))).json()
    assert [one["membership_type_id"] for one in listed["membership_types"]] == [str(type_id)]
    shown = (await http.get(f"{address}/{type_id}", headers=as_(studio))).json()
    assert shown["buckets"] == [
        {"sessions": None, "service_ids": [str(studio.service_id)], "category_ids": []}
    ]
    assert (await http.get(f"{address}/{uuid4()}", headers=as_(studio))).status_code == 404


@pytest.mark.rule("A5", "S4")
async def test_a_client_sees_own_and_shared_memberships_in_one_order(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna, ben = uuid4(), uuid4()
    lasting = await studio.membership(ben)
    shared = await studio.membership(anna, validity={"count": 1, "unit": "months"})
    own = await studio.membership(ben, validity={"count": 1, "unit": "months"})
    await studio.share(shared, ben)
    answer = await http.get(f"/clients/{ben}/memberships", headers=as_(studio))
    listed = [one["membership_id"] for one in answer.json()["memberships"]]
    assert listed == [str(own), str(shared), str(lasting)]
    answer = await http.get(f"/clients/{anna}/memberships", headers=as_(studio))
    assert [one["owner_client_id"] for one in answer.json()["memberships"]] == [str(anna)]


async def test_a_membership_and_a_settlement_are_shown_to_those_who_may_see_them(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna)
    plan = studio.appointment(anna)
    await studio.hear(start_of(plan))
    settlement = f"/appointments/{plan.appointment_id}/settlement"
    shown = (await http.get(settlement, headers=as_(studio))).json()
    assert (shown["outcome"], shown["lines"][0]["membership_id"]) == ("debited", str(membership_id))
    reader = as_(studio, studio.principal(Role.READER))
    public = [as_(studio, studio.principal(role)) for role in (Role.WIDGET, Role.CLIENT)]
    stranger = as_(studio, studio.principal(Role.GATEWAY, chain_id=uuid4()))
    for address in (settlement, f"/memberships/{membership_id}"):
        assert (await http.get(address, headers=reader)).status_code == 200
        for anybody in public:
            assert (await http.get(address, headers=anybody)).status_code == 403
        assert (await http.get(address, headers=stranger)).status_code == 404
        assert (await http.get(address)).status_code == 401


@pytest.mark.rule("G7")
async def test_a_plan_tells_what_a_hold_would_do_and_changes_nothing(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna = uuid4()
    membership_id = await studio.membership(anna, sessions=1)
    asked = hold_of(studio.appointment(anna))
    tables = ("holds", "buckets", "clients", "outbox")
    before = [await studio.database.pool.fetch(f"SELECT * FROM {table}") for table in tables]
    plan = await planned(http, asked, as_(studio, studio.principal(Role.WIDGET)))
    line_id = asked.appointments[0].lines[0].line_id
    assert plan.lines == (HeldLine(line_id=line_id, membership_id=membership_id),)
    assert (plan.moved, plan.refused) == ((), False)
    assert plan.names == {membership_id: "Yoga"}
    after = [await studio.database.pool.fetch(f"SELECT * FROM {table}") for table in tables]
    assert before == after
    await studio.hear(asked)
    (placed,) = await studio.said(HoldPlaced)
    assert placed.lines == plan.lines, "the real thing does the same"


@pytest.mark.rule("G7", "G11")
async def test_a_plan_that_would_be_refused_tells_the_reasons(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna = uuid4()
    await studio.membership(anna, sessions=1)
    first = studio.appointment(anna)
    await studio.hear(hold_of(first))
    plan = await planned(http, hold_of(studio.appointment(anna)), as_(studio))
    assert plan.refused
    assert [(why.rule, why.reason) for why in plan.reasons] == [("G5", "not_enough_sessions")]
    assert not (await planned(http, hold_of(moved(first), uuid4()), as_(studio))).refused
    stranger = await planned(http, hold_of(studio.appointment(uuid4())), as_(studio))
    assert [why.reason for why in stranger.reasons] == ["no_membership"]


@pytest.mark.rule("G6")
async def test_a_plan_names_the_holds_that_would_move(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna, massage = uuid4(), uuid4()
    await studio.membership(
        anna,
        buckets=[{"sessions": 1, "service_ids": [studio.service_id, massage]}],
        validity={"count": 1, "unit": "months"},
    )
    yoga = await studio.membership(anna, sessions=1)
    first, other = studio.appointment(anna), studio.appointment(anna)
    await studio.hear(hold_of(first))
    line = other.lines[0].model_copy(update={"service_id": massage})
    asked = hold_of(other.model_copy(update={"lines": (line,)}))
    plan = await planned(http, asked, as_(studio))
    assert plan.moved == (HeldLine(line_id=first.lines[0].line_id, membership_id=yoga),)


async def planned(
    http: httpx.AsyncClient, asked: HoldSessions, headers: dict[str, str]
) -> HoldPlan:
    answer = await http.post("/hold-plans", json=asked.model_dump(mode="json"), headers=headers)
    assert answer.status_code == 200, answer.text
    return HoldPlan.model_validate(answer.json())


async def test_a_plan_is_for_those_who_reach_the_location(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    asked = hold_of(studio.appointment(uuid4())).model_dump(mode="json")
    stranger = as_(studio, studio.principal(Role.GATEWAY, chain_id=uuid4()))
    assert (await http.post("/hold-plans", json=asked, headers=stranger)).status_code == 404
    assert (await http.post("/hold-plans", json=asked)).status_code == 401
    assert (await http.post("/hold-plans", json={}, headers=as_(studio))).status_code == 400


async def test_the_clock_of_a_chain_is_shown(studio: Studio, http: httpx.AsyncClient) -> None:
    address = f"/chains/{studio.chain_id}/clock"
    shown = (await http.get(address, headers=as_(studio))).json()
    assert (shown["revision"], shown["offset_seconds"]) == (0, 0)
    await studio.hear(
        booking.TestClockSet(chain_id=studio.chain_id, revision=1, offset_seconds=86_400)
    )
    shown = (await http.get(address, headers=as_(studio))).json()
    assert (shown["revision"], shown["offset_seconds"]) == (1, 86_400)
    assert datetime.fromisoformat(shown["now"]) > datetime.now(UTC) + timedelta(hours=23)
    stranger = as_(studio, studio.principal(Role.GATEWAY, chain_id=uuid4()))
    assert (await http.get(address, headers=stranger)).status_code == 404


@pytest.mark.rule("A5", "A14")
async def test_an_explanation_is_for_those_who_reach_the_location(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    anna = uuid4()
    await studio.membership(anna)
    plan = studio.appointment(anna)
    address = f"/appointments/{plan.appointment_id}/explanation"
    assert (await http.get(address, headers=as_(studio))).status_code == 404
    await studio.hear(start_of(plan))
    explained = (await http.get(address, headers=as_(studio))).json()
    assert (explained["outcome"], explained["lines"][0]["outcome"]) == ("debited", "debited")
    for role, chain_id, status in ((Role.WIDGET, None, 403), (Role.GATEWAY, uuid4(), 404)):
        principal = studio.principal(role, chain_id=chain_id)
        assert (await http.get(address, headers=as_(studio, principal))).status_code == status
