"""What is seen from outside of the flow: it is told when nothing flows, too."""

import asyncio
from typing import Final

from messaging.failures import passes
from messaging.metrics import DATABASE_REACHABLE, OPEN_DEAD_LETTERS, UNPUBLISHED_SECONDS
from postgres import Database

_EVERY: Final = 5.0  # seconds
_ANSWER: Final = 5.0
_COUNTS: Final = """
SELECT (SELECT count(*) FROM dead_letters WHERE state = 'open') AS open_dead_letters,
       coalesce((SELECT extract(epoch FROM now() - created_at)::float8
                 FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 1), 0) AS unpublished
"""


async def keep_counting(database: Database) -> None:
    """Look at the database again and again, for ever; say so when it does not answer."""
    while True:
        try:
            async with asyncio.timeout(_ANSWER):
                row = await database.pool.fetchrow(_COUNTS)
        except Exception as error:
            if not passes(error):
                raise
            DATABASE_REACHABLE.set(0)
        else:
            assert row is not None
            DATABASE_REACHABLE.set(1)
            OPEN_DEAD_LETTERS.set(row["open_dead_letters"])
            UNPUBLISHED_SECONDS.set(row["unpublished"])
        await asyncio.sleep(_EVERY)
