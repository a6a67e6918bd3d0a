"""Replies that are lost, late, or asked for again: one request has one effect and one answer."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from ground import REPLICAS, Ground
from load import created

_LARGEST_CLASS = 10_000


async def replies_lost(ground: Ground) -> str:
    """Kill gateways while commands are under way; ask again, then once more."""
    number = ground.counts.repeated_bookings
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    [event] = await ground.scene.plan_classes([tomorrow], _LARGEST_CLASS)
    requests = [(*ground.booking(event), str(uuid4())) for _ in range(number)]
    limit = asyncio.Semaphore(32)

    async def ask(path: str, body: dict[str, object], key: str) -> tuple[int, str]:
        async with limit:
            answer = await ground.app.post(path, body, key)
        [booking] = created([answer], "booking_id")
        return answer.status, booking

    asking = asyncio.gather(*(ask(*request) for request in requests))
    for turn in range(ground.counts.gateway_kills):
        await asyncio.sleep(ground.random.uniform(0, 0.5))
        gateway = ("gateway", 1 + turn % REPLICAS)
        await ground.kill(*gateway)
        await ground.start(*gateway)
    first = await asking
    again = await asyncio.gather(*(ask(*request) for request in requests))
    assert first == again
    assert len(set(first)) == number
    lost = ground.app.repeated.total()
    return f"{number:,} requests have one answer each, {lost} replies were lost"
