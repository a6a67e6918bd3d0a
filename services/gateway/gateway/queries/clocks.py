"""The clock of a chain, which four services keep."""

import asyncio
from typing import Final
from uuid import UUID

from contracts.booking_views import TestClockView
from gateway.queries.reading import Reading
from gateway.settings import ServiceName
from web.problems import not_found

_KEEPERS: Final[tuple[ServiceName, ...]] = ("booking", "membership", "scheduler", "sales")


async def clock_of(chain_id: UUID, reading: Reading) -> TestClockView:
    """Return the clock that is the furthest behind: what it says has come for every service."""
    path = f"/chains/{chain_id}/clock"
    clocks = await asyncio.gather(
        *(reading.found(keeper, path, TestClockView) for keeper in _KEEPERS)
    )
    known = [clock for clock in clocks if clock is not None]
    if len(known) < len(_KEEPERS):
        raise not_found(f"chain {chain_id}")
    return min(known, key=lambda clock: clock.now)
