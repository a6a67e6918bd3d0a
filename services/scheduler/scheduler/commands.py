"""What scheduler can be asked to do: follow plans and clocks, and say what is due."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from prometheus_client import Counter, Histogram

from clocks import Clocks
from messaging import Work
from scheduler import announcements, store
from scheduler.domain.clocks import ClockSetting, newest
from scheduler.domain.timers import Kind, Plan, changes, next_due

LONGEST_SLEEP: Final = timedelta(seconds=5)
"""Who waits for timers looks again after this time, woken or not."""

_LATENESS = Histogram(
    "scheduler_timer_lateness_seconds",
    "From the instant at which a timer was due to the one at which it was claimed.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)
_FIRED = Counter("scheduler_timers_fired", "Timers that were claimed and said.")


async def set_clocks(work: Work, clocks: Clocks, settings: Sequence[ClockSetting]) -> None:
    """Set the test clocks of sandbox chains: whatever waits there is due so much earlier."""
    moved = [
        await clocks.set(work.transaction, each.chain_id, each.revision, each.ahead)
        for each in newest(settings)
    ]
    chain_ids = [clock.chain_id for clock in moved if clock is not None]
    if chain_ids:
        await store.shift(work.transaction, chain_ids)
        await store.wake(work.transaction)


async def follow(work: Work, clocks: Clocks, plans: Sequence[Plan]) -> None:
    """Keep one timer an appointment, as its newest plan wants it, in whatever order they come."""
    if not plans:
        return
    appointment_ids = {plan.appointment_id for plan in plans}
    times = await clocks.read(work.transaction, {plan.chain_id for plan in plans})
    timers = await store.lock_and_load(work.transaction, appointment_ids, Kind.START)
    changed = changes(timers, plans, times.ahead)
    if not changed:
        return
    await store.save(work.transaction, changed, Kind.START)
    due_at = next_due(changed)
    if due_at is not None and due_at <= work.now + LONGEST_SLEEP:
        await store.wake(work.transaction)


async def fire_due(work: Work, limit: int) -> int:
    """Say up to `limit` starts that are due, each once; return how many there were."""
    fired = await store.claim(work.transaction, limit)
    for timer in fired:
        work.publish(announcements.started(timer), cause=announcements.cause(timer))
        _LATENESS.observe(timer.late.total_seconds())
    _FIRED.inc(len(fired))
    return len(fired)
