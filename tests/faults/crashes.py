"""kill -9: of services, of Kafka, of Postgres."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Final

from ground import Ground
from workload import until, working

_AROUND_THE_START: Final = timedelta(seconds=1)


async def services_killed(ground: Ground) -> str:
    """Kill replicas of all services while bookings come and appointments begin."""
    number = ground.counts.kills_per_wave
    async with working(ground, ground.counts.service_waves) as work:
        for start in work.starts:
            await until(start - _AROUND_THE_START)
            for victim in ground.random.sample(ground.replicas(), number):
                await asyncio.sleep(ground.random.uniform(0, 3 / number))
                await ground.kill(*victim)
            await ground.supervise()
    return work.effects


async def _server_killed(name: str, ground: Ground) -> str:
    async with working(ground, ground.counts.server_waves) as work:
        for start in work.starts:
            await until(start + _AROUND_THE_START * ground.random.uniform(-1, 1))
            await ground.kill(name)
            await ground.start(name)
    return work.effects


kafka_killed: Final = partial(_server_killed, "kafka")
postgres_killed: Final = partial(_server_killed, "postgres")
