"""What a start needs is not there when it comes: it is settled late, and says how late."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final

from ground import REPLICAS, Ground
from workload import all_debited, book_waves, until

_NOTICE: Final = 6  # seconds; what is to be stopped is found within some


async def late(ground: Ground) -> str:
    """Stop scheduler, membership or Kafka over a start: all is settled after their return."""
    total, delays = 0, list[int]()
    for absent in ground.counts.absences:
        settlements = await ground.witness.ends("membership.settlements")
        waves = ground.counts.late_waves
        [start], appointments = await book_waves(ground, waves, notice=_NOTICE)
        ids = {one["appointment_id"] for one in appointments}
        await _stop(ground, absent)
        assert datetime.now(UTC) < start, "the start came before all were stopped"
        await until(start + timedelta(seconds=ground.counts.absent_seconds))
        absence = datetime.now(UTC) - start
        await ground.supervise()
        ground.strike()
        await all_debited(ground, list(ids))
        await ground.witness.nothing_under_way()
        said = await ground.witness.said_since(settlements)
        told = [one.body["delay_ms"] for one in said if one.body["appointment_id"] in ids]
        assert min(told) >= absence / timedelta(milliseconds=1), (absent, min(told))
        total, delays = total + len(ids), delays + told
    return f"{total} of {total} debited, and told {min(delays):,} to {max(delays):,} ms late"


async def _stop(ground: Ground, names: Collection[str]) -> None:
    """Kill all replicas of these at once."""
    services = [name for name in names if name in ground.stack.services()]
    victims = [*product(services, range(1, REPLICAS + 1))]
    victims += [(name, 1) for name in names if name not in services]
    await asyncio.gather(*(ground.kill(*victim) for victim in victims))
