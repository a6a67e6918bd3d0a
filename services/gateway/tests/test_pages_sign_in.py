"""Signing in, as attackers try it: guesses all at once, shutting others out, and odd forms."""

import asyncio
from uuid import uuid4

import pytest

from gateway.staff import Grant, StaffRole, enrolment

from .public_edge import PublicEdge
from .test_staff import PASSWORD, browser, employed, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_guesses_that_come_all_at_once_are_counted_like_any(edge: PublicEdge) -> None:
    email = await employed(edge)

    async def guess(number: int) -> str:
        async with browser(edge, f"10.3.0.{number}") as guesser:
            return (await sign_in(guesser, email, f"guess {number}")).text

    answers = await asyncio.gather(*(guess(number) for number in range(25)))
    assert sum("This is not the right email" in each for each in answers) <= 10


async def test_who_has_signed_in_here_before_is_not_shut_out_by_guesses_elsewhere(
    edge: PublicEdge,
) -> None:
    email, colleague = await employed(edge), await employed(edge)
    async with browser(edge) as caller, browser(edge) as desk:
        await sign_in(caller, email)
        await sign_in(desk, colleague)
        for number in range(10):
            async with browser(edge, f"10.4.0.{number}") as guesser:
                await sign_in(guesser, email, f"guess {number}")
        assert (await sign_in(caller, email)).status_code == 303
        assert "Too many attempts" in (await sign_in(desk, email)).text
        for number in range(10):
            assert "not the right" in (await sign_in(caller, email, f"guess {number}")).text
        assert "Too many attempts" in (await sign_in(caller, email)).text


async def test_what_says_that_a_browser_was_here_cannot_be_made_up(edge: PublicEdge) -> None:
    email = await employed(edge)
    for number in range(11):
        async with browser(edge, f"10.5.0.{number}") as guesser:
            guesser.cookies.set("punchcard_browser", f"{number}.{'0' * 64}")
            answer = await sign_in(guesser, email, f"guess {number}")
    assert "Too many attempts" in answer.text  # pyright: ignore[reportPossiblyUnboundVariable]


async def test_however_an_address_is_written_its_tries_are_counted_together(
    edge: PublicEdge,
) -> None:
    email = await employed(edge)
    found = await edge.database.pool.fetchval("SELECT lower('İ') = 'i'")
    spelled = email.replace("i", "İ") if found else email.upper()
    for number in range(10):
        async with browser(edge, f"10.6.0.{number}") as guesser:
            await sign_in(guesser, spelled if number % 2 else email, f"guess {number}")
    async with browser(edge, "10.6.1.1") as caller:
        assert "Too many attempts" in (await sign_in(caller, email)).text
        assert "Too many attempts" in (await sign_in(caller, spelled)).text


async def test_a_right_password_takes_none_of_the_tries(edge: PublicEdge) -> None:
    email = await employed(edge)
    for number in range(12):
        async with browser(edge, f"10.7.0.{number}") as caller:
            assert (await sign_in(caller, email)).status_code == 303


@pytest.mark.parametrize("path", ["//[", "http://[", "/officer", "/office/\u202e", "/office\\x"])
async def test_a_path_that_is_none_leads_to_the_start(edge: PublicEdge, path: str) -> None:
    email = await employed(edge)
    async with browser(edge) as caller:
        shown = await caller.get("/office/sign-in", params={"next": path})
        assert (shown.status_code, path in shown.text) == (200, False)
        assert (await sign_in(caller, email, next=path)).headers["location"] == "/office"


async def test_a_form_with_a_character_that_cannot_be_stored_is_refused_in_a_page(
    edge: PublicEdge,
) -> None:
    async with browser(edge) as caller:
        answer = await sign_in(caller, "a\0b@lotus.example", PASSWORD)
        assert answer.status_code == 400
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("origin", ["http://[", "null", "", "localhost", "http://localhost@evil"])
async def test_whatever_origin_is_said_other_than_the_own_is_foreign(
    edge: PublicEdge, origin: str
) -> None:
    async with browser(edge) as caller:
        form = {"email": f"{uuid4()}@lotus.example", "password": PASSWORD}
        answer = await caller.post("/office/sign-in", data=form, headers={"Origin": origin})
        assert answer.status_code == 403
        assert "another site" in answer.text


async def test_every_character_of_a_password_counts(edge: PublicEdge) -> None:
    email, password = f"{uuid4()}@lotus.example", "  lotus opens at nine "
    grant = Grant(role=StaffRole.OWNER, chain_id=edge.chain_id)
    await enrolment.enrol(edge.database, email, "Olivia", password, grant)
    async with browser(edge) as caller:
        assert (await sign_in(caller, email, password.strip())).status_code == 403
        assert (await sign_in(caller, email, password)).status_code == 303
