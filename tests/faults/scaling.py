"""Rolling restarts, and replicas that come and go, under load."""

import asyncio

from ground import REPLICAS, Ground
from workload import until, working


async def rolling_restart(ground: Ground) -> str:
    """Restart every process in good order, one after the other."""
    async with working(ground, ground.counts.rolling_waves) as work:
        await until(work.starts[0])
        for replica in ground.replicas():
            await asyncio.to_thread(ground.stack.stop, *replica)
            await ground.start(*replica)
            ground.strike()
    return f"{work.effects}, longest pause {work.longest_pause:.1f} s"


async def replicas_added_and_removed(ground: Ground) -> str:
    """Add a replica of every service, and take it away again."""
    async with working(ground, ground.counts.rolling_waves) as work:
        await until(work.starts[0])
        for number in (REPLICAS + 1, REPLICAS):
            await asyncio.to_thread(ground.stack.up, replicas=number)
            ground.strike()
            await until(work.starts[-1])
    return f"{work.effects}, longest pause {work.longest_pause:.1f} s"
