"""What goes on while a fault strikes: bookings all the time, and appointments that begin."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

from contracts.problems import BOOKING_TIMED_OUT
from counts import Waves
from ground import Ground
from load import Json, created

_CLERKS: Final = 4
_CLERKS_PAUSE: Final = 0.1
_PATIENCE_SECONDS: Final = 90
_BOOKED_PER_SECOND: Final = 120
_AT_ONCE: Final = 64
_LARGEST_CLASS: Final = 10_000


@dataclass
class Workload:
    """The instants at which appointments begin, and what became of everything so far."""

    starts: list[datetime]
    appointments: list[str] = field(default_factory=list[str])
    answered_at: list[float] = field(default_factory=lambda: [monotonic()])
    bookings: int = 0
    timed_out: int = 0
    effects: str = ""

    @property
    def longest_pause(self) -> float:
        """The most seconds between two answers to bookings."""
        return max(
            (b - a for a, b in zip(self.answered_at, self.answered_at[1:], strict=False)),
            default=0.0,
        )


@asynccontextmanager
async def working(ground: Ground, waves: Waves) -> AsyncGenerator[Workload]:
    """Book while the block runs; afterwards everything must be booked and debited exactly once."""
    starts, appointments = await book_waves(ground, waves)
    workload = Workload(starts, [one["appointment_id"] for one in appointments])
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    [event] = await ground.scene.plan_classes([tomorrow], _LARGEST_CLASS)
    over = asyncio.Event()
    clerks = [asyncio.create_task(_book(ground, workload, event, over)) for _ in range(_CLERKS)]
    try:
        yield workload
    finally:
        over.set()
        await asyncio.gather(*clerks)
    if datetime.now(UTC) < workload.starts[-1]:
        await until(workload.starts[-1])
        ground.strike()
    await all_debited(ground, workload.appointments)
    expected = len(workload.appointments)
    workload.effects = f"{expected:,} of {expected:,} debited, {workload.bookings:,} booked"
    if workload.timed_out:
        workload.effects += f", {workload.timed_out} refused as timed out"


async def book_waves(
    ground: Ground, waves: Waves, *, notice: int = 3
) -> tuple[list[datetime], list[Json]]:
    """Book what begins soon, a class for each wave; return its starts, and the appointments.

    About `notice` seconds are left until the first.
    """
    number = waves.number * waves.each
    until_first = timedelta(seconds=notice + number // _BOOKED_PER_SECOND)
    first = datetime.now(UTC).replace(microsecond=0) + until_first
    starts = [first + timedelta(seconds=i * waves.seconds_apart) for i in range(waves.number)]
    events = await ground.scene.plan_classes(starts, waves.each)
    requests = [ground.booking(event) for event in events for _ in range(waves.each)]
    answers = await ground.scene.app.post_all(requests, at_once=_AT_ONCE)
    if datetime.now(UTC) > first:
        raise RuntimeError("the first appointment began before all were booked")
    created(answers, "booking_id")
    return starts, [one for answer in answers for one in answer.body["appointments"]]


async def all_debited(ground: Ground, appointments: list[str]) -> None:
    """Wait until all of these are settled, and debited."""
    give_up = monotonic() + _PATIENCE_SECONDS
    while (debited := await ground.witness.debited(appointments)) < len(appointments):
        if monotonic() > give_up:
            raise AssertionError(f"only {debited} of {len(appointments)} were debited")
        await asyncio.sleep(0.1)


async def until(instant: datetime) -> None:
    """Sleep until then; not at all if it is past."""
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))


async def _book(ground: Ground, workload: Workload, event: str, over: asyncio.Event) -> None:
    while not over.is_set():
        answer = await ground.app.post(*ground.booking(event))
        workload.answered_at.append(monotonic())
        if answer.status == BOOKING_TIMED_OUT.status:
            workload.timed_out += 1
        else:
            created([answer], "booking_id")
            workload.bookings += 1
        await asyncio.sleep(_CLERKS_PAUSE)
