"""What the gateway looks up elsewhere before it asks, and puts together of several answers."""

from typing import Any
from uuid import uuid4

import pytest

from contracts.membership import ChangeMembershipType, CreateMembershipType, UndoDebit
from contracts.sales import MakeSale
from web.identity import Role

from .owner import Owner
from .public_edge import PublicEdge, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_chains_clock_is_the_least_of_the_four_services(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    edge = edge_of_owner
    owner.clocks = [f"2030-03-01T09:0{minute}:00Z" for minute in (3, 1, 2, 4)]
    async with edge.calling(await edge.key(Role.GATEWAY)) as caller:
        path = f"/v1/chains/{edge.chain_id}/clock"
        assert (await caller.get(path)).json()["now"] == "2030-03-01T09:01:00Z"
        owner.clocks = ["2030-03-01T09:00:00Z"] * 3
        problem_of(await caller.get(path), 404, "not-found")


class TestAMembershipType:
    def form(self, owner: Owner, **others: Any) -> dict[str, Any]:
        bucket = {
            "sessions": 10,
            "service_ids": [str(owner.service_id)],
            "category_ids": [str(owner.category_id)],
        }
        return {"name": "Ten", "price": 14000, "currency": "EUR", "buckets": [bucket]} | others

    async def test_covers_what_the_chain_has(self, edge_of_owner: PublicEdge, owner: Owner) -> None:
        edge = edge_of_owner
        owner.chain_of[edge.location_id] = edge.chain_id
        form = self.form(owner, location_ids=[str(edge.location_id)])
        path = f"/v1/chains/{edge.chain_id}/membership-types"
        async with edge.calling(await edge.key(Role.GATEWAY)) as caller:
            assert (await caller.post(path, json=form)).is_success
            assert (await caller.put(f"{path}/{uuid4()}", json=form)).is_success
        assert [type(each.body) for each in owner.heard] == [
            CreateMembershipType,
            ChangeMembershipType,
        ]

    @pytest.mark.rule("X4")
    async def test_of_what_the_chain_has_not_is_refused_with_every_field(
        self, edge_of_owner: PublicEdge, owner: Owner
    ) -> None:
        edge = edge_of_owner
        foreign = uuid4()
        owner.chain_of |= {edge.location_id: edge.chain_id, foreign: uuid4()}
        known = {"sessions": 1, "service_ids": [str(owner.service_id)]}
        unknown = {"service_ids": [str(uuid4())], "category_ids": [str(uuid4())]}
        locations = [str(edge.location_id), str(foreign), str(uuid4())]
        form = self.form(owner, buckets=[known, unknown], location_ids=locations)
        path = f"/v1/chains/{edge.chain_id}/membership-types"
        async with edge.calling(await edge.key(Role.GATEWAY)) as caller:
            for answer in (
                await caller.post(path, json=form),
                await caller.put(f"{path}/{uuid4()}", json=form),
            ):
                document = problem_of(answer, 400, "invalid-request")
                assert {error["field"] for error in document["errors"]} == {
                    "location_ids.1",
                    "location_ids.2",
                    "buckets.1.service_ids.0",
                    "buckets.1.category_ids.0",
                }
        assert not owner.heard


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("activation", "activates_on", "is_right"),
    [
        ("on_date", "2030-03-01", True),
        ("on_date", None, False),
        ("on_sale", None, True),
        ("on_sale", "2030-03-01", False),
        ("on_first_visit", "2030-03-01", False),
    ],
)
async def test_a_sale_names_the_date_exactly_when_the_membership_begins_on_one(
    edge_of_owner: PublicEdge,
    owner: Owner,
    activation: str,
    activates_on: str | None,
    is_right: bool,
) -> None:
    edge = edge_of_owner
    owner.chain_of[edge.location_id] = edge.chain_id
    owner.activation = activation
    line = {
        "kind": "membership",
        "membership_type_id": str(owner.membership_type_id),
        "activates_on": activates_on,
    }
    form = {"client_id": str(owner.client_id), "lines": [line]}
    async with edge.calling(await edge.key(Role.OPERATOR)) as operator:
        answer = await operator.post(f"/v1/locations/{edge.location_id}/sales", json=form)
    if is_right:
        assert isinstance(owner.heard[0].body, MakeSale)
        return
    document = problem_of(answer, 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == ["lines.0.activates_on"]
    assert not owner.heard


async def test_services_in_a_row_are_asked_for_in_their_order(edge_of_owner: PublicEdge) -> None:
    edge = edge_of_owner
    ids = [str(uuid4()) for _ in range(3)]
    path = f"/v1/locations/{edge.location_id}/free-dates"
    query = {"service_id": ids, "from": "2030-03-01", "to": "2030-05-02"}
    async with edge.platform() as platform:
        answer = (await platform.get(path, params=query)).json()
    assert answer["service_ids"] == ids
    assert answer["dates"] == ["2030-03-01", "2030-05-02"]


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2030-03-01", "2030-05-03", "to"),
        ("2030-03-01", "2030-02-28", "to"),
        ("today", "2030-03-01", "from"),
        (None, "2030-03-01", "from"),
    ],
)
async def test_free_dates_are_of_62_days_at_most(
    edge: PublicEdge, first: str | None, last: str, field: str
) -> None:
    path = f"/v1/locations/{edge.location_id}/free-dates"
    query = {"service_id": str(uuid4()), "to": last} | ({"from": first} if first else {})
    async with edge.platform() as platform:
        document = problem_of(await platform.get(path, params=query), 400, "invalid-request")
    assert [error["field"] for error in document["errors"]] == [field]


@pytest.mark.rule("A10")
async def test_undoing_a_debit_tells_membership_whose_appointment_it_is(
    edge_of_owner: PublicEdge, owner: Owner
) -> None:
    edge = edge_of_owner
    owner.chain_of[edge.location_id] = edge.chain_id
    appointment_id = uuid4()
    path = f"/v1/locations/{edge.location_id}/appointments/{appointment_id}/undo-debit"
    async with edge.calling(await edge.key(Role.OPERATOR)) as operator:
        assert (await operator.post(path, json={})).is_success
        owner.chain_of.clear()
        problem_of(await operator.post(path, json={}), 404, "not-found")
    [undo] = [each.body for each in owner.heard]
    assert isinstance(undo, UndoDebit)
    assert (undo.appointment_id, undo.client_id) == (appointment_id, owner.client_id)
    assert (undo.chain_id, undo.location_id) == (edge.chain_id, edge.location_id)
