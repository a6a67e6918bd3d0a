"""Staff: accounts, sessions that end, guesses that have to wait, and the list of what was done."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from contracts.problems import NOT_FOUND, SERVICE_UNAVAILABLE
from gateway.staff import Grant, Place, Sessions, StaffRole, audit, audited, enrolment
from web.problems import ProblemError

from .public_edge import PublicEdge

PASSWORD = "lotus opens at nine"
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def employed(edge: PublicEdge, role: StaffRole = StaffRole.OWNER) -> str:
    """Give somebody an account; return the email address."""
    email = f"Olivia-{uuid4()}@lotus.example"
    place = None if role is StaffRole.OWNER else edge.location_id
    grant = Grant(role=role, chain_id=edge.chain_id, location_id=place)
    await enrolment.enrol(edge.database, email, "Olivia", PASSWORD, grant)
    return email


@asynccontextmanager
async def browser(edge: PublicEdge, host: str = "127.0.0.1") -> AsyncGenerator[httpx.AsyncClient]:
    """Return a caller that keeps cookies; `host` is the address that it calls from."""
    app: Any = edge.app
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as caller:
        yield caller


async def sign_in(
    caller: httpx.AsyncClient, email: str, password: str = PASSWORD, **other: Any
) -> httpx.Response:
    form = {"email": email, "password": password} | other
    return await caller.post("/office/sign-in", data=form)


async def csrf_of(caller: httpx.AsyncClient) -> str:
    page = await caller.get("/office/account")
    [found] = set(re.findall(r'name="csrf" value="(\w+)"', page.text))
    return found


async def test_a_password_opens_a_session_however_the_address_is_written(edge: PublicEdge) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        answer = await sign_in(caller, f" {email.upper()} ")
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert (await caller.get("/office/account")).status_code == 200


async def test_the_cookie_of_a_public_host_travels_encrypted_alone(edge: PublicEdge) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        answer = await caller.post(
            "https://punchcard.example/office/sign-in", data={"email": email, "password": PASSWORD}
        )
        assert "Secure" in answer.headers["set-cookie"]


async def test_neither_a_password_nor_a_session_can_be_read_in_the_database(
    edge: PublicEdge,
) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        await sign_in(caller, email)
        token = caller.cookies["punchcard_session"]
    kept = await edge.database.pool.fetch(
        "SELECT staff::text AS row FROM staff UNION ALL SELECT staff_sessions::text"
        " FROM staff_sessions"
    )
    assert kept
    assert not any(PASSWORD in row["row"] or token in row["row"] for row in kept)
    assert any("$argon2id$" in row["row"] for row in kept)


async def test_an_unknown_address_is_refused_as_a_wrong_password_is(edge: PublicEdge) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        wrong = await sign_in(caller, email, "lotus opens at ten")
        unknown = await sign_in(caller, f"nobody-{email}")
        assert wrong.status_code == unknown.status_code == 403
        assert "This is not the right email address and password." in wrong.text
        assert wrong.text == unknown.text.replace(f"nobody-{email}", email)
        assert "punchcard_session" not in caller.cookies


async def test_who_guesses_at_an_address_has_to_wait(edge: PublicEdge) -> None:
    email, other = await employed(edge), await employed(edge)
    for number in range(10):
        async with browser(edge, f"10.1.0.{number}") as guesser:
            assert (await sign_in(guesser, email, f"guess {number}")).status_code == 403
    async with browser(edge, "10.2.0.1") as caller:
        answer = await sign_in(caller, email)
        assert answer.status_code == 403
        assert "Too many attempts" in answer.text
        assert (await sign_in(caller, other)).status_code == 303


async def test_a_sign_in_leads_back_and_never_elsewhere(edge: PublicEdge) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        answer = await sign_in(caller, email, next="/office/account")
        assert answer.headers["location"] == "/office/account"
        for elsewhere in ("https://evil.example/office", "//evil.example/office", "/\\evil", "/v1"):
            answer = await sign_in(caller, email, next=elsewhere)
            assert answer.headers["location"] == "/office"


async def test_signing_in_again_is_another_session_and_signing_out_ends_one(
    edge: PublicEdge,
) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        await sign_in(caller, email)
        first = caller.cookies["punchcard_session"]
        await sign_in(caller, email)
        second = caller.cookies["punchcard_session"]
        assert first != second
        await caller.post("/office/sign-out", data={"csrf": await csrf_of(caller)})
        sessions = Sessions(edge.database)
        assert await sessions.find(second) is None
        assert await sessions.find(first) is not None


async def test_a_session_ends_when_nothing_is_asked_in_it_or_after_a_week(
    edge: PublicEdge,
) -> None:
    member = await enrolment.enrol(
        edge.database,
        f"{uuid4()}@lotus.example",
        "Olivia",
        PASSWORD,
        Grant(role=StaffRole.OWNER, chain_id=edge.chain_id),
    )
    sessions = Sessions(edge.database)
    for column, age in (("last_seen_at", "13 hours"), ("created_at", "8 days")):
        token = await sessions.open(member.staff_id)
        assert await sessions.find(token) is not None
        await edge.database.pool.execute(
            f"UPDATE staff_sessions SET {column} = now() - interval '{age}' WHERE staff_id = $1",
            member.staff_id,
        )
        assert await sessions.find(token) is None


async def test_another_password_ends_every_session(edge: PublicEdge) -> None:
    email = await employed(edge)
    async with browser(edge) as caller, browser(edge) as elsewhere:
        await sign_in(caller, email)
        await sign_in(elsewhere, email)
        form = {"csrf": await csrf_of(caller), "password": PASSWORD}
        refused = await caller.post(
            "/office/account/password", data=form | {"new_password": "short"}
        )
        assert refused.status_code == 400
        assert "10 to 200 characters" in refused.text
        wrong = form | {"password": "not mine", "new_password": "lotus opens at ten"}
        assert (await caller.post("/office/account/password", data=wrong)).status_code == 400
        done = form | {"new_password": "lotus opens at ten"}
        assert (await caller.post("/office/account/password", data=done)).status_code == 303
        assert (await elsewhere.get("/office/account")).status_code == 303
        assert (await sign_in(caller, email)).status_code == 403
        assert (await sign_in(caller, email, "lotus opens at ten")).status_code == 303


async def test_a_role_that_is_withdrawn_ends_the_sessions(edge: PublicEdge) -> None:
    email = await employed(edge)

    async with browser(edge) as caller, edge.platform() as platform:
        await sign_in(caller, email)
        path = f"/v1/chains/{edge.chain_id}/staff"
        [member] = (await platform.get(path)).json()["staff"]
        assert (await platform.delete(f"{path}/{member['staff_id']}")).status_code == 204
        assert (await platform.delete(f"{path}/{member['staff_id']}")).status_code == 404
        assert (await caller.get("/office/account")).status_code == 303
        assert (await platform.get(path)).json() == {"staff": []}


async def test_a_second_role_keeps_the_password_and_the_name(edge: PublicEdge) -> None:
    email = await employed(edge)
    given = Grant(role=StaffRole.OPERATOR, chain_id=edge.chain_id, location_id=uuid4())
    await enrolment.enrol(edge.database, email.lower(), "Mallory", "another password", given)
    async with browser(edge) as caller:
        assert (await sign_in(caller, email, "another password")).status_code == 403
        await sign_in(caller, email)
        assert "Olivia" in (await caller.get("/office/account")).text


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["origin", "fetch-site"],
)
async def test_forms_of_other_sites_are_refused_the_sign_in_among_them(
    edge: PublicEdge, headers: dict[str, str]
) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        form = {"email": email, "password": PASSWORD}
        assert (await caller.post("/office/sign-in", data=form, headers=headers)).status_code == 403
        await sign_in(caller, email)
        form, path = {"csrf": await csrf_of(caller)}, "/office/sign-out"
        assert (await caller.post(path, data=form, headers=headers)).status_code == 403
        assert (await caller.post(path, data={"csrf": "0" * 64})).status_code == 403
        assert (await caller.post(path)).status_code == 403
        assert (await caller.get("/office/account")).status_code == 200


async def test_an_action_is_noted_before_it_is_tried_and_what_became_of_it_after(
    edge: PublicEdge,
) -> None:
    place = Place(edge.chain_id, edge.location_id)
    member = await enrolment.enrol(
        edge.database,
        f"{uuid4()}@lotus.example",
        "Olivia",
        PASSWORD,
        Grant(role=StaffRole.OWNER, chain_id=edge.chain_id),
    )

    async def outcomes() -> list[str]:
        entries = await audit.listed(edge.database, edge.chain_id)
        return [entry.outcome for entry in entries]

    async with audited(edge.database, "add", "/a", by=member.staff_id, at=place):
        assert await outcomes() == ["begun"]
    assert await outcomes() == ["done"]
    refusal = ProblemError(NOT_FOUND.problem("There is no such thing."))
    with pytest.raises(ProblemError):
        async with audited(edge.database, "add", "/b", by=member.staff_id, at=place):
            raise refusal
    unknown = ProblemError(SERVICE_UNAVAILABLE.problem("Nobody answers."))
    with pytest.raises(ProblemError):
        async with audited(edge.database, "add", "/c", by=member.staff_id, at=place):
            raise unknown
    assert await outcomes() == ["begun", "refused", "done"]
    newest, *_ = await audit.listed(edge.database, edge.chain_id, staff_id=member.staff_id)
    assert (newest.staff_name, newest.action, newest.subject) == ("Olivia", "add", "/c")
    assert await audit.listed(edge.database, UUID(int=0)) == []


async def test_who_ran_the_platform_is_let_in_no_more(edge: PublicEdge) -> None:
    email = f"petra-{uuid4()}@punchcard.example"
    path = "/v1/platform-staff"
    async with browser(edge) as caller, edge.platform() as platform:
        form = {"email": email, "name": "Petra", "password": PASSWORD}
        petra = (await platform.post(path, json=form)).json()["staff_id"]
        await sign_in(caller, email)
        assert (await caller.get("/office/events")).status_code == 200
        assert petra in [one["staff_id"] for one in (await platform.get(path)).json()["staff"]]
        assert (await platform.delete(f"{path}/{petra}")).status_code == 204
        assert (await platform.delete(f"{path}/{petra}")).status_code == 404
        assert (await caller.get("/office/events")).status_code == 303
        assert petra not in [one["staff_id"] for one in (await platform.get(path)).json()["staff"]]
