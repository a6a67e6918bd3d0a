"""Holds of visits that have passed, and that nobody debited."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from postgres import Transaction

_PASSED: Final = """
SELECT client_id FROM holds
WHERE state = 'held' AND NOT automatic_debiting AND starts_at < now() - $1::interval
ORDER BY starts_at LIMIT $2
"""
# The clocks of sandbox chains are ahead; there are none outside test mode.
_PASSED_IN_SANDBOXES: Final = """
SELECT hold.client_id
FROM test_clocks AS clock
JOIN memberships USING (chain_id)
JOIN buckets USING (membership_id)
JOIN holds AS hold USING (bucket_id)
WHERE hold.state = 'held' AND NOT hold.automatic_debiting
    AND hold.starts_at < now() + clock.ahead - $1::interval
LIMIT $2
"""


async def find_passed(
    transaction: Transaction, kept: timedelta, *, sandboxes: bool, at_most: int
) -> set[UUID]:
    """Return clients with holds by hand whose visit began longer ago than holds are `kept`."""
    rows = await transaction.fetch(_PASSED, kept, at_most)
    if sandboxes:
        rows += await transaction.fetch(_PASSED_IN_SANDBOXES, kept, at_most)
    return {row["client_id"] for row in rows}
