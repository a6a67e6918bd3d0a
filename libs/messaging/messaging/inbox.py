"""The ids of requests and events that were handled."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from postgres import Transaction

# In the order of the ids, so that two replicas with the same ids wait for, not on, each other.
_CLAIM: Final = """
WITH fresh AS (
    INSERT INTO inbox (message_id)
    SELECT unnest($1::uuid[])
    ON CONFLICT DO NOTHING
    RETURNING message_id
)
SELECT now() AS now, ARRAY(SELECT message_id FROM fresh) AS fresh
"""


async def claim(
    transaction: Transaction, message_ids: Iterable[UUID]
) -> tuple[datetime, set[UUID]]:
    """Note these ids; return the database's clock and those that nobody had noted before."""
    row = await transaction.fetchrow(_CLAIM, sorted(set(message_ids)))
    assert row is not None
    return row["now"], set(row["fresh"])
