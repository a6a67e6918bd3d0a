"""Thousands of starts at one instant, and schedulers that die all the time."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Final

from ground import Ground
from witness import Said
from workload import all_debited, book_waves, until

_SCHEDULERS: Final = 3
_SECONDS_APART: Final = 2.0
_BEFORE_THE_START: Final = timedelta(seconds=5)


async def many_starts(ground: Ground) -> str:
    """Kill one of three schedulers every two seconds: none starts early, twice or never."""
    events = await ground.witness.ends("scheduler.events")
    await ground.start("scheduler", _SCHEDULERS)
    [start, *_], appointments = await book_waves(ground, ground.counts.many_starts, notice=6)
    ids = {one["appointment_id"] for one in appointments}
    await until(start - _BEFORE_THE_START)
    over = asyncio.Event()
    killing = asyncio.create_task(_kill_in_turn(ground, over))
    try:
        await all_debited(ground, list(ids))
        took = datetime.now(UTC) - start
    finally:
        over.set()
        await killing
    await ground.supervise()  # with the usual number of replicas
    await ground.witness.nothing_under_way()
    said = await ground.witness.said_since(events)
    _all_began_once([one for one in said if one.body["appointment_id"] in ids], start, len(ids))
    number, seconds = f"{len(ids):,}", took.total_seconds()
    return f"{number} of {number} began, none early, none twice, all debited in {seconds:.1f} s"


async def _kill_in_turn(ground: Ground, over: asyncio.Event) -> None:
    """Kill one after the other, each started again at once, until it is over."""
    restarts: dict[int, asyncio.Task[None]] = {}
    for replica in cycle(range(1, _SCHEDULERS + 1)):
        if replica in restarts:
            await restarts[replica]
        if over.is_set():
            break
        await ground.kill("scheduler", replica)
        restarts[replica] = asyncio.create_task(ground.start("scheduler", replica))
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), _SECONDS_APART)
    await asyncio.gather(*restarts.values())


def _all_began_once(said: list[Said], start: datetime, number: int) -> None:
    """Copies of one message are no second start: they say the same instant."""
    fired: defaultdict[str, set[str]] = defaultdict(set)
    for one in said:
        fired[one.body["appointment_id"]].add(one.body["fired_at"])
        assert one.appended_at >= start, f"early: {one}"
        assert datetime.fromisoformat(one.body["fired_at"]) >= start, f"early: {one}"
    twice = [one for one, instants in fired.items() if len(instants) > 1]
    assert not twice, f"{len(twice)} began twice: {twice[:3]}"
    assert len(fired) == number, f"{len(fired)} of {number} began"
