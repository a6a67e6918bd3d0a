"""What is old enough to be forgotten."""

import asyncio
from typing import Final

import structlog

from messaging.failures import passes
from postgres import Database

_log = structlog.get_logger(__name__)

_EVERY: Final = 600.0  # seconds
_AT_ONCE: Final = 10_000  # rows; their locks are held for a moment only

# A published row is of use for a look at what happened. The inbox is kept: see its table.
_STATEMENTS: Final = (
    """
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE published_at < now() - interval '24 hours'
        ORDER BY id LIMIT $1
    )
    """,
    """
    DELETE FROM operations WHERE command_id IN (
        SELECT command_id FROM operations WHERE concluded_at < now() - interval '72 hours'
        ORDER BY concluded_at LIMIT $1
    )
    """,
)


async def prune(database: Database, at_once: int = _AT_ONCE) -> None:
    """Forget what is old, `at_once` rows in a transaction."""
    for statement in _STATEMENTS:
        deleted = at_once
        while deleted == at_once:
            answer = await database.pool.execute(statement, at_once)
            deleted = int(answer.removeprefix("DELETE "))


async def keep_pruning(database: Database) -> None:
    """Forget what is old again and again, for ever."""
    while True:
        await asyncio.sleep(_EVERY)
        try:
            await prune(database)
        except Exception as error:
            if not passes(error):
                raise
            _log.warning("old rows could not be deleted", error=repr(error))
