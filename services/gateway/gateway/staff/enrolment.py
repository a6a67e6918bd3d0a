"""Giving people of the back office an account, and a role."""

from uuid import UUID, uuid4

from gateway.staff import accounts, passwords
from gateway.staff.accounts import Grant, StaffMember
from postgres import Database


async def enrol(
    database: Database, email: str, name: str, password: str, given: Grant
) -> StaffMember:
    """Give a role to who has this address, with an account if there is none.

    Nobody learns by it whether there was one, and nobody changes another's password with it.
    """
    password_hash = await passwords.hash_of(password)
    async with database.transaction() as transaction:
        await accounts.enter(transaction, uuid4(), email, name, password_hash)
        staff_id: UUID = await transaction.fetchval(
            "SELECT id FROM staff WHERE lower(email) = lower($1)", email
        )
        await accounts.grant(transaction, staff_id, given)
        row = await transaction.fetchrow(
            "SELECT id AS staff_id, email, name, created_at, deactivated_at FROM staff"
            " WHERE id = $1",
            staff_id,
        )
    return StaffMember(grants=(given,), **dict(row or {}))
