"""Issued memberships over HTTP: who may ask, and what is wrong with a question."""

from uuid import UUID, uuid4

import httpx
import pytest

from web import Role

from .life import adjusting, removing
from .studio import Studio, as_, hold_of, start_of


async def shared_membership(studio: Studio, ben: UUID) -> UUID:
    membership_id = await studio.membership(uuid4())
    await studio.share(membership_id, ben)
    await studio.hear(start_of(studio.appointment(ben)), hold_of(studio.appointment(ben)))
    return membership_id


async def test_uses_history_and_removal_are_for_those_who_reach_the_chain(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    ben = uuid4()
    membership_id = await shared_membership(studio, ben)
    reader = as_(studio, studio.principal(Role.READER))
    stranger = as_(studio, studio.principal(Role.GATEWAY, chain_id=uuid4()))
    public = [as_(studio, studio.principal(role)) for role in (Role.WIDGET, Role.CLIENT)]
    for path in ("uses", "changes", f"shared-clients/{ben}/removal"):
        address = f"/memberships/{membership_id}/{path}"
        assert (await http.get(address, headers=reader)).status_code == 200
        assert (await http.get(address, headers=stranger)).status_code == 404
        for anybody in public:
            assert (await http.get(address, headers=anybody)).status_code == 403
        assert (await http.get(address)).status_code == 401
        unknown = address.replace(str(membership_id), str(uuid4()))
        assert (await http.get(unknown, headers=reader)).status_code == 404
    listed = f"/chains/{studio.chain_id}/memberships"
    assert (await http.get(listed, headers=reader)).status_code == 200
    assert (await http.get(listed, headers=stranger)).status_code == 404
    for anybody in public:
        assert (await http.get(listed, headers=anybody)).status_code == 403


async def test_uses_and_history_are_read_page_by_page(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    ben = uuid4()
    membership_id = await shared_membership(studio, ben)
    await studio.hear(start_of(studio.appointment(ben)))
    for path, rows in (("uses", 2), ("changes", 2)):
        address = f"/memberships/{membership_id}/{path}"
        first = (await http.get(address, params={"limit": 1}, headers=as_(studio))).json()
        last = (
            await http.get(
                address, params={"limit": 1, "cursor": first["next_cursor"]}, headers=as_(studio)
            )
        ).json()
        assert last["next_cursor"] is None
        assert len(first[path] + last[path]) == rows
        assert first[path] != last[path]


@pytest.mark.rule("S2")
async def test_a_removal_is_asked_for_a_client_who_shares_it(
    studio: Studio, http: httpx.AsyncClient
) -> None:
    ben = uuid4()
    membership_id = await shared_membership(studio, ben)
    address = f"/memberships/{membership_id}/shared-clients/{ben}/removal"
    plan = (await http.get(address, headers=as_(studio))).json()
    (hold,) = plan["holds"]
    assert (hold["service_id"], hold["moves_to"]) == (str(studio.service_id), None)
    await studio.ask(removing(studio, membership_id, ben))
    assert (await http.get(address, headers=as_(studio))).status_code == 404


@pytest.mark.rule("X4")
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"cursor": "nowhere"}, "cursor"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"status": "lost"}, "status"),
        ({"client_id": "Ben"}, "client_id"),
        ({"expires_from": "soon"}, "expires_from"),
        ({"name": "\0"}, "name"),
    ],
)
async def test_what_is_wrong_with_a_search_is_named(
    studio: Studio, http: httpx.AsyncClient, query: dict[str, str], field: str
) -> None:
    address = f"/chains/{studio.chain_id}/memberships"
    refused = await http.get(address, params=query, headers=as_(studio))
    assert refused.status_code == 400, refused.text
    assert [error["field"].partition(".")[0] for error in refused.json()["errors"]] == [field]


async def test_a_search_names_several_clients(studio: Studio, http: httpx.AsyncClient) -> None:
    anna, ben, carl = uuid4(), uuid4(), uuid4()
    ids = [await studio.membership(client) for client in (anna, ben, carl)]
    await studio.ask(adjusting(studio, ids[0], -8))
    address = f"/chains/{studio.chain_id}/memberships"
    wanted = {"client_id": [str(anna), str(ben)]}
    found = (await http.get(address, params=wanted, headers=as_(studio))).json()["memberships"]
    assert [one["membership_id"] for one in found] == [str(ids[1]), str(ids[0])]
    query = wanted | {"status": ["used_up"]}
    found = (await http.get(address, params=query, headers=as_(studio))).json()["memberships"]
    assert [one["membership_id"] for one in found] == [str(ids[0])]
