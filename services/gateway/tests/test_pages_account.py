"""A person's own account, in the hands of somebody who has found the session open."""

import pytest

from gateway.staff import audit

from .owner import Owner
from .public_edge import PublicEdge
from .test_staff import PASSWORD, browser, csrf_of, employed, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/office/account/password"


async def test_a_session_that_was_left_open_is_no_place_to_guess_the_password(
    edge: PublicEdge,
) -> None:
    email = await employed(edge)
    async with browser(edge) as found_open, browser(edge) as caller:
        await sign_in(found_open, email)
        form = {"csrf": await csrf_of(found_open), "new_password": "lotus opens at ten"}
        for number in range(10):
            answer = await found_open.post(PATH, data=form | {"password": f"guess {number}"})
            assert "This is not your password." in answer.text
        answer = await found_open.post(PATH, data=form | {"password": PASSWORD})
        assert answer.status_code == 400
        assert "Too many attempts" in answer.text
        assert (await sign_in(caller, email)).status_code == 303


async def test_another_password_is_noted_in_the_audit_list_of_the_chain(edge: PublicEdge) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        await sign_in(caller, email)
        form = {"csrf": await csrf_of(caller), "new_password": "lotus opens at ten"}
        await caller.post(PATH, data=form | {"password": "not mine"})
        await caller.post(PATH, data=form | {"password": PASSWORD})
    entries = await audit.listed(edge.database, edge.chain_id)
    noted = [(entry.action, entry.outcome) for entry in entries]
    assert noted == [("change password", "done"), ("change password", "refused")]
    assert not any(PASSWORD in f"{entry}" for entry in entries)


async def test_an_owner_cannot_remove_herself(edge_of_owner: PublicEdge, owner: Owner) -> None:
    edge = edge_of_owner
    owner.chain_of[edge.location_id] = edge.chain_id
    email = await employed(edge)
    find = "SELECT id FROM staff WHERE email = $1"
    staff_id = await edge.database.pool.fetchval(find, email)
    async with browser(edge) as caller:
        await sign_in(caller, email)
        path = f"/office/{edge.location_id}/staff/{staff_id}/remove"
        await caller.post(path, data={"csrf": await csrf_of(caller)})
        assert (await caller.get("/office/account")).status_code == 200


@pytest.mark.parametrize(
    "before",
    ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-03-02T10:00", "x", ""],
)
async def test_an_instant_that_is_none_shows_the_newest_actions(
    edge_of_owner: PublicEdge, owner: Owner, before: str
) -> None:
    edge = edge_of_owner
    owner.chain_of[edge.location_id] = edge.chain_id
    email = await employed(edge)
    async with browser(edge) as caller:
        await sign_in(caller, email)
        path = f"/office/{edge.location_id}/audit"
        assert (await caller.get(path, params={"before": before})).status_code == 200
