"""Saying again what was said: for a subscriber, or a broker, that has lost it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from messaging.outbox import CHANNEL
from postgres import Database

_REPUBLISH: Final = """
WITH again AS (
    UPDATE outbox SET published_at = NULL
    WHERE published_at IS NOT NULL AND created_at >= $1 AND created_at < coalesce($2, now())
      AND topic = coalesce($3, topic)
    RETURNING topic
)
SELECT topic, count(*) AS messages FROM again GROUP BY topic ORDER BY topic
"""


async def republish(
    database: Database, *, since: datetime, until: datetime | None = None, topic: str | None = None
) -> Mapping[str, int]:
    """Have the relay publish again what was said from `since` on and before `until`.

    Both are aware; without `until` it is everything up to now, without a topic of all of them. The
    outbox keeps what it has published for 24 hours. The messages keep their ids and revisions, so
    that whoever has seen them ignores them. Returns how many there are of each topic.
    """
    async with database.transaction() as transaction:
        rows = await transaction.fetch(_REPUBLISH, since, until, topic)
        await transaction.execute("SELECT pg_notify($1, '')", CHANNEL)
    return {row["topic"]: row["messages"] for row in rows}
