"""Accounts that others entered first: their passwords open nothing that is not theirs."""

import asyncio
from uuid import uuid4

import pytest

from gateway.staff import Grant, StaffRole, accounts, enrolment
from gateway.staff.accounts import StaffMember
from web.problems import ProblemError

from .public_edge import PublicEdge
from .test_staff import PASSWORD, browser, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

MALLORYS = "known to Mallory"
PLATFORM = Grant(role=StaffRole.PLATFORM)


def owner() -> Grant:
    """Return the role of an owner in a chain of its own."""
    return Grant(role=StaffRole.OWNER, chain_id=uuid4())


async def enrolled(edge: PublicEdge, email: str, password: str, grant: Grant) -> StaffMember:
    return await enrolment.enrol(edge.database, email, "Olivia", password, grant)


@pytest.mark.parametrize("grant", [owner(), PLATFORM], ids=["chain", "platform"])
async def test_whoever_entered_an_address_first_gets_no_role_by_it_elsewhere(
    edge: PublicEdge, grant: Grant
) -> None:
    email = f"{uuid4()}@lotus.example"
    await enrolled(edge, email, MALLORYS, owner())
    with pytest.raises(ProblemError) as refused:
        await enrolled(edge, email, PASSWORD, grant)
    assert [error.field for error in refused.value.problem.errors] == ["password"]
    async with browser(edge) as mallory:
        await sign_in(mallory, email, MALLORYS)
        assert (await mallory.get("/office/events")).status_code == 403


async def test_who_works_elsewhere_is_let_in_by_the_own_password(edge: PublicEdge) -> None:
    email, first, second = f"{uuid4()}@lotus.example", owner(), owner()
    one = await enrolled(edge, email, PASSWORD, first)
    other = await enrolled(edge, email.upper(), PASSWORD, second)
    assert (one.staff_id, one.email) == (other.staff_id, other.email)
    # By now both chains know each other's colleague: another role there needs no password.
    again = Grant(role=StaffRole.OPERATOR, chain_id=second.chain_id, location_id=uuid4())
    assert (await enrolled(edge, email, "any password", again)).staff_id == one.staff_id


async def test_an_account_without_any_role_is_nobodys_and_its_password_is_worth_nothing(
    edge: PublicEdge,
) -> None:
    email, first = f"{uuid4()}@lotus.example", owner()
    member = await enrolled(edge, email, MALLORYS, first)
    assert first.chain_id
    async with edge.database.transaction() as transaction:
        await accounts.withdraw(transaction, member.staff_id, first.chain_id)
    async with browser(edge) as mallory, browser(edge) as caller:
        await sign_in(mallory, email, MALLORYS)
        await enrolled(edge, email, PASSWORD, owner())
        assert (await mallory.get("/office/account")).status_code == 303
        assert (await sign_in(mallory, email, MALLORYS)).status_code == 403
        assert (await sign_in(caller, email, PASSWORD)).status_code == 303


async def test_two_who_enter_an_address_at_once_do_not_share_it(edge: PublicEdge) -> None:
    email = f"{uuid4()}@lotus.example"
    found = await asyncio.gather(
        enrolled(edge, email, MALLORYS, owner()),
        enrolled(edge, email, PASSWORD, owner()),
        return_exceptions=True,
    )
    assert sorted(isinstance(each, ProblemError) for each in found) == [False, True]


async def test_passwords_cannot_be_guessed_by_enrolling_either(edge: PublicEdge) -> None:
    email, grant = f"{uuid4()}@lotus.example", owner()
    await enrolled(edge, email, PASSWORD, owner())
    for number in range(10):
        with pytest.raises(ProblemError):
            await enrolled(edge, email, f"guess {number}", grant)
    with pytest.raises(ProblemError) as refused:
        await enrolled(edge, email, PASSWORD, grant)
    assert "wait" in refused.value.problem.errors[0].message
