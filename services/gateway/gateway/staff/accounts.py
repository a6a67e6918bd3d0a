"""Accounts of staff in the gateway's own database."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from contracts.base import Value
from gateway.staff.roles import StaffRole
from postgres import Database, Transaction


class Grant(Value):
    """A role at a place: of an owner the chain, of the others a location."""

    role: StaffRole
    chain_id: UUID | None = None
    location_id: UUID | None = None


class StaffMember(Value):
    """A person of the back office, as others see them."""

    staff_id: UUID
    email: str
    name: str
    grants: tuple[Grant, ...]
    created_at: datetime


class StaffList(Value):
    """Who works in a chain, by name."""

    staff: tuple[StaffMember, ...]


class Known(NamedTuple):
    """What is looked up when somebody signs in."""

    staff_id: UUID
    email: str
    password_hash: str


async def known(database: Database, email: str) -> Known | None:
    """Return the account of this address, if there is one that works."""
    row = await database.pool.fetchrow(
        "SELECT id, email, password_hash FROM staff WHERE lower(email) = lower($1)",
        email,
    )
    return None if row is None else Known(*row)


async def password_hash_of(database: Database, staff_id: UUID) -> str | None:
    """Return what is kept of a person's password."""
    return await database.pool.fetchval("SELECT password_hash FROM staff WHERE id = $1", staff_id)


class Standing(NamedTuple):
    """An account: whether it has no role anywhere, and whether it has one in a chain."""

    staff_id: UUID
    password_hash: str
    is_free: bool
    is_here: bool


async def standing(transaction: Transaction, email: str, chain_id: UUID | None) -> Standing | None:
    """Return the account of an address, which nobody else changes until the transaction ends.

    Without a chain, what is asked for is a role of the platform.
    """
    account = await transaction.fetchrow(
        "SELECT id, password_hash FROM staff WHERE lower(email) = lower($1) FOR UPDATE", email
    )
    if account is None:
        return None
    roles = await transaction.fetchrow(
        """
        SELECT count(*) = 0 AS is_free,
               count(*) FILTER (WHERE chain_id IS NOT DISTINCT FROM $2) > 0 AS is_here
        FROM staff_roles WHERE staff_id = $1
        """,
        account["id"],
        chain_id,
    )
    return Standing(*account, *(roles or ()))


async def enter(
    transaction: Transaction, staff_id: UUID, email: str, name: str, password_hash: str
) -> bool:
    """Enter an account; return whether it is new, else there is one with this address."""
    entered = await transaction.fetchval(
        """
        INSERT INTO staff (id, email, name, password_hash) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        staff_id,
        email,
        name,
        password_hash,
    )
    return entered is not None


async def grant(transaction: Transaction, staff_id: UUID, given: Grant) -> None:
    """Give a role at a place, instead of the one that was held there."""
    await transaction.execute(
        """
        INSERT INTO staff_roles (staff_id, role, chain_id, location_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (staff_id, coalesce(location_id, chain_id, staff_id))
        DO UPDATE SET role = excluded.role, granted_at = now()
        """,
        staff_id,
        given.role.value,
        given.chain_id,
        given.location_id,
    )


async def withdraw(transaction: Transaction, staff_id: UUID, chain_id: UUID | None) -> bool:
    """Take all roles in a chain from a person, and end the sessions; return whether there were.

    The role that is in no chain is the platform's.
    """
    taken = await transaction.fetch(
        "DELETE FROM staff_roles WHERE staff_id = $1 AND chain_id IS NOT DISTINCT FROM $2"
        " RETURNING staff_id",
        staff_id,
        chain_id,
    )
    await transaction.execute("DELETE FROM staff_sessions WHERE staff_id = $1", staff_id)
    return bool(taken)


async def change_password(transaction: Transaction, staff_id: UUID, password_hash: str) -> None:
    """Keep another password, and end all sessions that were opened with the old one."""
    await transaction.execute(
        "UPDATE staff SET password_hash = $2 WHERE id = $1", staff_id, password_hash
    )
    await transaction.execute("DELETE FROM staff_sessions WHERE staff_id = $1", staff_id)


async def of_chain(database: Database, chain_id: UUID | None) -> Sequence[StaffMember]:
    """Return who has a role in a chain, by name, with the roles in this chain.

    In no chain are those who run the platform.
    """
    rows = await database.pool.fetch(
        """
        SELECT staff.id AS staff_id, email, name, created_at,
               array_agg(role ORDER BY location_id) AS roles,
               array_agg(location_id ORDER BY location_id) AS locations
        FROM staff JOIN staff_roles ON staff_id = staff.id
        WHERE chain_id IS NOT DISTINCT FROM $1 GROUP BY staff.id ORDER BY name, staff.id
        """,
        chain_id,
    )
    return [
        StaffMember(
            grants=tuple(
                Grant(role=role, chain_id=chain_id, location_id=location)
                for role, location in zip(row["roles"], row["locations"], strict=True)
            ),
            **{name: row[name] for name in StaffMember.model_fields if name != "grants"},
        )
        for row in rows
    ]
