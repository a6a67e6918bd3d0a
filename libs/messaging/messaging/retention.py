"""What is old enough to be forgotten."""

import asyncio
from typing import Final

import structlog

from messaging.failures import passes
from postgres import Database

_log = structlog.get_logger(__name__)

_EVERY: Final = 600.0  # seconds

# A published row is of use for a look at what happened. The inbox is kept: see its table.
_STATEMENTS: Final = (
    """
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE published_at < now() - interval '24 hours'
        ORDER BY id LIMIT 10000
    )
    """,
    """
    DELETE FROM operations WHERE command_id IN (
        SELECT command_id FROM operations WHERE concluded_at < now() - interval '72 hours'
        ORDER BY concluded_at LIMIT 10000
    )
    """,
)


async def keep_pruning(database: Database) -> None:
    """Forget what is old, a little at a time, for ever."""
    while True:
        await asyncio.sleep(_EVERY)
        try:
            for statement in _STATEMENTS:
                await database.pool.execute(statement)
        except Exception as error:
            if not passes(error):
                raise
            _log.warning("old rows could not be deleted", error=repr(error))
