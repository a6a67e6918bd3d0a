"""A stopped process that comes back after its group has gone on without it."""

import asyncio
from signal import SIGCONT, SIGSTOP

from ground import Ground, Replica
from workload import until, working


async def zombies(ground: Ground) -> str:
    """Stop one replica of each service for longer than its session lasts, and let it go on."""
    async with working(ground, ground.counts.zombie_waves) as work:
        await until(work.starts[0])
        services = ground.stack.services()
        chosen = [(service, ground.random.choice((1, 2))) for service in services]
        for one in chosen:
            await _signal(ground, one, SIGSTOP)
        await asyncio.sleep(ground.counts.zombie_seconds)
        for one in chosen:
            await _signal(ground, one, SIGCONT)
    return work.effects


async def _signal(ground: Ground, replica: Replica, signal: int) -> None:
    await asyncio.to_thread(ground.stack.kill, *replica, signal)
    ground.strike()
