"""Sessions of who has signed in: a random token in a cookie, of which only a hash is kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from gateway.staff.accounts import Grant
from gateway.staff.roles import StaffRole
from postgres import Database

SESSION_HOURS: Final = 12
"""How long a session lasts without anything being asked in it; a week in all."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with an open session."""

    staff_id: UUID
    name: str
    email: str
    grants: tuple[Grant, ...]
    token: str

    @property
    def csrf(self) -> str:
        """What every form of this session carries: no other site can know it."""
        return hmac.new(self.token.encode(), b"csrf", hashlib.sha256).hexdigest()

    def role_in(self, chain_id: UUID, location_id: UUID) -> StaffRole | None:
        """Return what this person is at a location of a chain, if anything."""
        roles = [
            grant.role
            for grant in self.grants
            if grant.chain_id == chain_id and grant.location_id in {None, location_id}
        ]
        return max(roles, key=lambda role: role.includes(StaffRole.OWNER), default=None)

    @property
    def runs_the_platform(self) -> bool:
        """Whether this person runs the installation."""
        return any(grant.role is StaffRole.PLATFORM for grant in self.grants)


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, staff_id: UUID) -> str:
        """Open a session, and return its token; those of this person that have expired go."""
        token = secrets.token_urlsafe(32)
        async with self._database.transaction() as transaction:
            await transaction.execute(
                """
                DELETE FROM staff_sessions WHERE staff_id = $1
                AND (last_seen_at < now() - make_interval(hours => $2)
                     OR created_at < now() - interval '7 days')
                """,
                staff_id,
                SESSION_HOURS,
            )
            await transaction.execute(
                "INSERT INTO staff_sessions (token_hash, staff_id) VALUES ($1, $2)",
                _hash(token),
                staff_id,
            )
        return token

    async def find(self, token: str, *, is_used: bool = True) -> SignedIn | None:
        """Return whose session this is, unless it has ended; to be used is what it lives of."""
        rows = await self._database.pool.fetch(
            """
            SELECT staff.id, name, email, role, chain_id, location_id,
                   last_seen_at < now() - interval '5 minutes' AS to_be_seen
            FROM staff_sessions
            JOIN staff ON staff.id = staff_sessions.staff_id
            LEFT JOIN staff_roles ON staff_roles.staff_id = staff.id
            WHERE token_hash = $1 AND last_seen_at > now() - make_interval(hours => $2)
            AND staff_sessions.created_at > now() - interval '7 days'
            ORDER BY chain_id, location_id
            """,
            _hash(token),
            SESSION_HOURS,
        )
        if not rows:
            return None
        if is_used and rows[0]["to_be_seen"]:
            await self._database.pool.execute(
                "UPDATE staff_sessions SET last_seen_at = now() WHERE token_hash = $1",
                _hash(token),
            )
        grants = tuple(
            Grant(role=row["role"], chain_id=row["chain_id"], location_id=row["location_id"])
            for row in rows
            if row["role"] is not None
        )
        return SignedIn(rows[0]["id"], rows[0]["name"], rows[0]["email"], grants, token)

    async def close(self, token: str) -> None:
        """End a session."""
        await self._database.pool.execute(
            "DELETE FROM staff_sessions WHERE token_hash = $1", _hash(token)
        )


def _hash(token: str) -> bytes:
    # 256 random bits cannot be guessed: no slow hash is needed.
    return hashlib.sha256(token.encode()).digest()
