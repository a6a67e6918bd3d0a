"""Giving people of the back office an account, and a role."""

from hashlib import sha256
from typing import Final
from uuid import UUID, uuid4

from gateway.staff import accounts, attempts, passwords
from gateway.staff.accounts import Grant, StaffMember
from postgres import Database, Transaction
from web.problems import ProblemError, invalid_field

_NOT_THEIRS: Final = (
    "Who has this email address signs in elsewhere already. Type the password that they have there,"
    " or take another address."
)
_WAIT: Final = "Too many wrong passwords. Please wait a quarter of an hour."


async def enrol(
    database: Database, email: str, name: str, password: str, given: Grant
) -> StaffMember:
    """Give a role to who has this address, with an account if there is none.

    Anybody who may enrol people could have entered an address first, and know its password: so an
    account that others made gets a role here only by its own password, or `ProblemError`. One that
    has no role anywhere any more gets the password that is given now.
    """
    proved = await _proved(database, email, password, given)
    password_hash = await passwords.hash_of(password)
    async with database.transaction() as transaction:
        if not await accounts.enter(transaction, uuid4(), email, name, password_hash):
            await _take_over(transaction, email, password_hash, given, proved=proved)
        staff_id: UUID = await transaction.fetchval(
            "SELECT id FROM staff WHERE lower(email) = lower($1)", email
        )
        await accounts.grant(transaction, staff_id, given)
        row = await transaction.fetchrow(
            "SELECT id AS staff_id, email, name, created_at FROM staff WHERE id = $1",
            staff_id,
        )
    return StaffMember(grants=(given,), **dict(row or {}))


async def _proved(database: Database, email: str, password: str, given: Grant) -> str | None:
    """Return the hash of the account's own password, if it has to be this one, and is."""
    async with database.transaction() as transaction:
        account = await accounts.standing(transaction, email, given.chain_id)
    if account is None or account.is_free or account.is_here:
        return None
    subject, caller = (
        sha256(f"enrolment/{one}".encode()).digest() for one in (account.staff_id, given.chain_id)
    )
    attempt = await attempts.begun(database, subject, caller)
    if attempt is None:
        raise invalid_field("password", _WAIT)
    if not await passwords.fits(account.password_hash, password):
        raise _not_theirs()
    await attempts.forgiven(database, attempt)
    return account.password_hash


async def _take_over(
    transaction: Transaction, email: str, password_hash: str, given: Grant, *, proved: str | None
) -> None:
    """Let an account that there is be given the role; it may have become another's meanwhile."""
    account = await accounts.standing(transaction, email, given.chain_id)
    assert account is not None
    if account.is_free:
        await accounts.change_password(transaction, account.staff_id, password_hash)
    elif not account.is_here and account.password_hash != proved:
        raise _not_theirs()


def _not_theirs() -> ProblemError:
    return invalid_field("password", _NOT_THEIRS)
