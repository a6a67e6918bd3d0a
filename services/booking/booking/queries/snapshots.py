"""One state of the database for all statements of an answer."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from postgres import Database, Transaction


@asynccontextmanager
async def snapshot(database: Database) -> AsyncGenerator[Transaction]:
    """Begin a transaction that only reads, and sees one committed state throughout."""
    async with (
        database.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield connection
