"""The internal HTTP API, asked by several principals."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import pytest

from clocks import Clocks
from membership import api
from messaging import operation
from web import Principal, Role, service_app
from web.identity import sign

from .studio import Studio, start_of


@pytest.fixture
async def http(studio: Studio) -> AsyncGenerator[httpx.AsyncClient, None]:
    async def ready() -> bool:
        return True

    app: Any = service_app(
        route_handlers=api.ROUTES,
        verify_key=studio.keys.verify_key,
        ready=ready,
        find_operation=partial(operation, studio.database),
        given={"database": studio.database, "clocks": Clocks(enabled=True)},
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://membership") as http:
        yield http


def as_(studio: Studio, principal: Principal | None = None) -> dict[str, str]:
    token = sign(principal or studio.operator, studio.keys.signing_key, datetime.now(UTC))
    return {"Authorization": f"Bearer {token}"}


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
    widget = as_(studio, studio.principal(Role.WIDGET))
    stranger = as_(studio, studio.principal(Role.GATEWAY, chain_id=uuid4()))
    for address in (settlement, f"/memberships/{membership_id}"):
        assert (await http.get(address, headers=reader)).status_code == 200
        assert (await http.get(address, headers=widget)).status_code == 403
        assert (await http.get(address, headers=stranger)).status_code == 404
        assert (await http.get(address)).status_code == 401
