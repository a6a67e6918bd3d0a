"""Follow the test clocks of sandbox chains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from clocks import Clocks
from messaging import Work
from sales.store import errands


@dataclass(frozen=True, slots=True)
class ClockSetting:
    """From `revision` on, a chain's clock is so much `ahead` of the database's."""

    chain_id: UUID
    revision: int
    ahead: timedelta


async def set_clocks(work: Work, clocks: Clocks, settings: Sequence[ClockSetting]) -> None:
    """Set clocks; payments that have expired by then are closed."""
    moved = [
        await clocks.set(work.transaction, each.chain_id, each.revision, each.ahead)
        for each in settings
    ]
    chain_ids = [each.chain_id for each in moved if each is not None]
    if chain_ids:
        await errands.shift(work.transaction, chain_ids)
