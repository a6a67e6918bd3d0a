"""By when what waits must be decided; kept as the instants of the database's clock."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from postgres import Transaction

_MOVE: Final = """
UPDATE bookings AS b SET decide_by = b.decide_by - $2::interval
FROM locations AS location
WHERE location.chain_id = $1 AND b.location_id = location.location_id AND b.state = 'requested'
"""


async def move(transaction: Transaction, chain_id: UUID, by: timedelta) -> None:
    """Let everything that waits in a chain be due so much earlier, for its clock was moved."""
    await transaction.execute(_MOVE, chain_id, by)
