"""Freezes that are over."""

from typing import Final
from uuid import UUID

from postgres import Transaction

# No local day begins more than 14 hours before it does in UTC; the index knows days only.
_OVER: Final = """
SELECT membership_id, chain_id FROM memberships
WHERE frozen_until <= (now() + interval '1 day')::date
    AND frozen_until::timestamp AT TIME ZONE time_zone <= now()
ORDER BY frozen_until LIMIT $1
"""
# The clocks of sandbox chains are ahead; there are none outside test mode.
_OVER_IN_SANDBOXES: Final = """
SELECT membership.membership_id, membership.chain_id
FROM test_clocks AS clock JOIN memberships AS membership USING (chain_id)
WHERE membership.frozen_until::timestamp AT TIME ZONE membership.time_zone <= now() + clock.ahead
LIMIT $1
"""


async def find_frozen_too_long(
    transaction: Transaction, *, sandboxes: bool, at_most: int
) -> dict[UUID, UUID]:
    """Return memberships, each with its chain, that are to be unfrozen by now."""
    rows = await transaction.fetch(_OVER, at_most)
    if sandboxes:
        rows += await transaction.fetch(_OVER_IN_SANDBOXES, at_most)
    return {row["membership_id"]: row["chain_id"] for row in rows}
