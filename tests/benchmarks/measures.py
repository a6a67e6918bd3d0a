"""What is measured of Punchcard itself, each through the public edge."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter
from typing import Final

import asyncpg

from edge import Edge
from history import used_often
from load import created
from scene import Scene

_CONNECTIONS: Final = 512
_LOOK_SECONDS: Final = 0.02
_PATIENCE_SECONDS: Final = 120


@dataclass(frozen=True)
class Bookings:
    """Bookings with a membership check: many at once, and one after the other alone."""

    per_second: float
    alone_ms: list[float]

    @property
    def p50_ms(self) -> float:
        """The median of one booking alone."""
        return median(self.alone_ms)

    @property
    def p99_ms(self) -> float:
        """Of a hundred bookings alone, how long the slowest but one took."""
        return quantiles(self.alone_ms, n=100)[98]


@dataclass(frozen=True)
class Settling:
    """Appointments that begin at one instant, until the last is debited, shown and billed."""

    number: int
    seconds: float

    @property
    def per_second(self) -> float:
        """The rate, end to end."""
        return self.number / self.seconds


@dataclass(frozen=True)
class Lateness:
    """How much later than due timers were claimed, at a steady rate."""

    p50_ms: float
    p99_ms: float
    early: int


@dataclass(frozen=True)
class Noon:
    """A rush for one class: until the last answer, who has a spot, and who had no clear answer."""

    seconds: float
    winners: int
    errors: int


async def measure_bookings_alone(scene: Scene, number: int) -> list[float]:
    """Return the milliseconds of bookings that are submitted one after the other."""
    events = await scene.classes_for(number, _tomorrow())
    task = scene.progress.add_task("bookings, one alone", total=number)
    answers = await scene.app.post_all(
        scene.bookings(events),
        at_once=1,
        answered=lambda done: scene.progress.advance(task, done),
    )
    created(answers, "booking_id")
    return [answer.ms for answer in answers]


async def measure_bookings_at_once(scene: Scene, number: int, start: datetime) -> float:
    """Book a spot for as many members, with many connections; return how many per second."""
    events = await scene.classes_for(number, start)
    task = scene.progress.add_task("bookings, many at once", total=number)
    requests = scene.bookings(events)
    began = perf_counter()
    answers = await scene.app.post_all(
        requests,
        at_once=_CONNECTIONS,
        answered=lambda done: scene.progress.advance(task, done),
    )
    seconds = perf_counter() - began
    created(answers, "booking_id")
    return number / seconds


async def measure_settling(scene: Scene, number: int, start: datetime) -> Settling:
    """Wait for the instant at which all begin, and measure until the calendar shows all as paid."""
    task = scene.progress.add_task("settled", total=number)
    connection = await asyncpg.connect(scene.stack.database("booking"))
    give_up = start + timedelta(seconds=_PATIENCE_SECONDS)
    while True:
        settled, now = await connection.fetchrow(_SETTLED, start) or (0, start)
        scene.progress.update(task, completed=settled)
        if settled == number:
            break
        if now > give_up:
            raise RuntimeError(f"only {settled} of {number} were settled")
        await asyncio.sleep(_LOOK_SECONDS)
    await connection.close()
    return Settling(number, (now - start).total_seconds())


_SETTLED: Final = """
SELECT count(*) FILTER (WHERE debit_status = 'debited' AND payment_status = 'paid'),
       clock_timestamp()
FROM appointments WHERE start_at = $1
"""


async def measure_noon(scene: Scene, number: int, spots: int) -> Noon:
    """Let so many members submit within a second for the few spots of one class."""
    task = scene.progress.add_task("the class that opens at noon", total=number)
    [event] = await scene.plan_classes([_tomorrow()], capacity=spots)
    requests = scene.bookings([event] * number)
    began = perf_counter()
    answers = await scene.app.post_all(
        requests,
        at_once=number,
        answered=lambda done: scene.progress.advance(task, done),
    )
    seconds = perf_counter() - began
    statuses = Counter(answer.status for answer in answers)
    return Noon(seconds, statuses[201], number - statuses[201] - statuses[409])


async def measure_lateness(scene: Scene, per_second: int, seconds: int) -> Lateness:
    """Let starts come every second; compare when they were due and when they were claimed."""
    number = per_second * seconds
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=10 + number // 100)
    starts = [first + timedelta(seconds=second) for second in range(seconds)]
    classes = await scene.plan_classes(starts, capacity=per_second)
    bookings = scene.bookings([event for event in classes for _ in range(per_second)])
    created(await scene.app.post_all(bookings, at_once=_CONNECTIONS), "booking_id")
    if datetime.now(UTC) > first:
        raise RuntimeError("the first appointment began before all were booked")
    task = scene.progress.add_task("starts, one after the other", total=number)
    connection = await asyncpg.connect(scene.stack.database("scheduler"))
    while (fired := await connection.fetchval(_FIRED, starts[0], starts[-1])) < number:
        scene.progress.update(task, completed=fired)
        await asyncio.sleep(0.5)
    scene.progress.update(task, completed=fired)
    p50, p99, early = await connection.fetchrow(_LATENESS, starts[0], starts[-1]) or (0, 0, 0)
    await connection.close()
    return Lateness(p50, p99, early)


_FIRED: Final = """
SELECT count(*) FROM timers WHERE due_at BETWEEN $1 AND $2 AND state = 'fired'
"""
_LATENESS: Final = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY late), percentile_cont(0.99) WITHIN GROUP
    (ORDER BY late), count(*) FILTER (WHERE late < 0)
FROM (SELECT 1000 * extract(epoch FROM fired_at - due_at)::float8 AS late FROM timers
      WHERE due_at BETWEEN $1 AND $2) AS timer
"""


async def measure_details(scene: Scene, many: int, few: int, number: int) -> tuple[float, float]:
    """Return the median milliseconds of a membership's details, with many uses and with few."""
    often = await used_often(scene.stack, many)
    seldom = await used_often(scene.stack, few)
    return await asyncio.to_thread(_look_at, scene, often, seldom, number)


def _look_at(scene: Scene, often: str, seldom: str, number: int) -> tuple[float, float]:
    task = scene.progress.add_task("details of memberships", total=number)
    took: dict[str, list[float]] = {often: [], seldom: []}
    with Edge(scene.stack.service_url("gateway"), scene.stack.platform_key) as edge:
        for _ in range(number):
            for membership_id, ms in took.items():
                began = perf_counter()
                edge.get(f"/memberships/{membership_id}")
                ms.append(1000 * (perf_counter() - began))
            scene.progress.advance(task)
    return median(took[often]), median(took[seldom])


def _tomorrow() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
