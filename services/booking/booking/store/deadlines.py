"""By when what waits must be decided; kept as the instants of the database's clock."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from postgres import Transaction

_MOVE: Final = """
WITH moved_bookings AS (
    UPDATE bookings AS b SET decide_by = b.decide_by - $2::interval
    FROM locations AS location
    WHERE location.chain_id = $1 AND b.location_id = location.location_id
        AND b.state IN ('requested', 'awaiting_payment')
)
UPDATE reschedules AS reschedule SET decide_by = reschedule.decide_by - $2::interval
FROM bookings AS b JOIN locations AS location USING (location_id)
WHERE location.chain_id = $1 AND b.booking_id = reschedule.booking_id
"""
# Nobody is waited for, so the order of the two does not matter.
_CLAIM_BOOKINGS: Final = """
SELECT booking_id FROM bookings
WHERE state IN ('requested', 'awaiting_payment') AND decide_by <= now()
ORDER BY decide_by LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
"""
_CLAIM_RESCHEDULES: Final = """
SELECT b.booking_id FROM reschedules AS reschedule JOIN bookings AS b USING (booking_id)
WHERE reschedule.decide_by <= now()
ORDER BY reschedule.decide_by LIMIT $1 FOR NO KEY UPDATE OF b SKIP LOCKED
"""
_NEXT_DUE: Final = """
SELECT least(
    (SELECT min(decide_by) FROM bookings WHERE state IN ('requested', 'awaiting_payment')),
    (SELECT min(decide_by) FROM reschedules)
)
"""


async def move(transaction: Transaction, chain_id: UUID, by: timedelta) -> None:
    """Let everything that waits in a chain be due so much earlier, for its clock was moved."""
    await transaction.execute(_MOVE, chain_id, by)


async def claim_due(transaction: Transaction, *, at_most: int) -> set[UUID]:
    """Lock bookings in which something is due, and that no other replica has locked."""
    rows = await transaction.fetch(_CLAIM_BOOKINGS, at_most)
    rows += await transaction.fetch(_CLAIM_RESCHEDULES, at_most)
    return {row["booking_id"] for row in rows}


async def next_due(transaction: Transaction) -> datetime | None:
    """Return when the next thing is due, None when nothing waits."""
    return await transaction.fetchval(_NEXT_DUE)
