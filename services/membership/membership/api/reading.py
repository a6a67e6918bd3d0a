"""Who may read what, and how it is read at one instant."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from contracts.problems import FORBIDDEN
from postgres import Database, Transaction
from web import Principal, ProblemError, Role


def require_insight(principal: Principal) -> None:
    """Refuse clients and the publishable key, which anybody has: memberships are not for all."""
    if principal.role in {Role.WIDGET, Role.CLIENT}:
        raise ProblemError(FORBIDDEN.problem(f"The role {principal.role} may not read this."))


@asynccontextmanager
async def snapshot(database: Database) -> AsyncGenerator[Transaction, None]:
    """Read everything as it is at one instant."""
    async with (
        database.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield connection
