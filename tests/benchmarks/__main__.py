"""`python tests/benchmarks`: one table from one run on one machine, and build/bench.json."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
import uvloop
from rich.console import Console
from rich.progress import Progress

from devstack import Stack
from history import live_through
from measures import (
    Bookings,
    measure_bookings_alone,
    measure_bookings_at_once,
    measure_details,
    measure_lateness,
    measure_noon,
    measure_settling,
)
from pages import measure_pages
from profiles import Profile, sampled
from report import figures_table, machine, pages_table, profile_table, write_page
from scene import Scene, open_scene
from yardsticks import kafka_round_trip_ms, pgbench_tps

BUILD: Final = Path(__file__).resolve().parents[2] / "build"
_UNTIL_START: Final = timedelta(seconds=20)

Figures = dict[str, float]
Profiles = dict[str, Profile]


def main(
    appointments: Annotated[int, typer.Option(help="how many begin at one instant")] = 4000,
    seconds: Annotated[int, typer.Option(help="how long the steady starts last")] = 20,
    entries: Annotated[int, typer.Option(help="how long the ledger of the past is")] = 10_000_000,
    bookings: Annotated[int, typer.Option(help="of the big studio, ten for a client")] = 100_000,
) -> None:
    """Measure, print the tables, write them to docs/benchmarks.md and build/bench.json."""
    console = Console()
    stack = Stack(BUILD / "bench-stack", settings={"TEST_CLOCKS": "false"})  # as in production
    stack.down(wipe=True)
    try:
        stack.up()
        # Drawing it takes time of the two cores, too.
        with Progress(console=console, refresh_per_second=1) as progress:
            figures, profiles = uvloop.run(
                _measure(stack, progress, appointments, seconds, entries)
            )
            pages = uvloop.run(measure_pages(stack, progress, bookings // 10, bookings, 60))
            figures["slowest_page_ms_p95"] = max(pages.values())
    finally:
        stack.down(wipe=True)
    (BUILD / "bench.json").write_text(json.dumps(figures, indent=2) + "\n")
    printed = Console(record=True, width=100)
    tables = (figures_table(figures), pages_table(pages), profile_table(profiles))
    printed.print(machine(), *tables, sep="\n\n")
    write_page(printed.export_text())


async def _measure(
    stack: Stack, progress: Progress, appointments: int, seconds: int, entries: int
) -> tuple[Figures, Profiles]:
    figures = _memory(stack)
    yardstick = progress.add_task("yardsticks", total=2)
    figures["pgbench_tps"] = await asyncio.to_thread(pgbench_tps, stack, 10)
    progress.advance(yardstick)
    round_trip = await kafka_round_trip_ms(stack)
    figures["kafka_round_trip_ms_p50"] = round_trip
    progress.advance(yardstick)
    scene = await asyncio.to_thread(open_scene, stack, progress)
    await scene.enter_members(appointments)
    figures |= await _measure_main_job(scene, appointments)
    noon = await measure_noon(scene, number=1000, spots=20)
    figures["noon_answered_seconds"] = noon.seconds
    figures["noon_winners"] = noon.winners
    figures["noon_errors"] = noon.errors
    lateness = await measure_lateness(scene, per_second=50, seconds=seconds)
    figures["start_late_ms_p50"] = lateness.p50_ms
    figures["start_late_ms_p99"] = lateness.p99_ms
    figures["starts_early"] = lateness.early
    figures["settle_ratio"] = figures["settle_per_second"] / figures["pgbench_tps"]
    figures["bookings_ratio"] = figures["bookings_per_second"] / figures["pgbench_tps"]
    figures["booking_round_trips_p50"] = figures["booking_ms_p50"] / round_trip
    with sampled(stack) as profiles:
        await _measure_main_job(scene, appointments // 2)
    return figures | await _measure_with_a_past(scene, figures, appointments, entries), profiles


async def _measure_with_a_past(
    scene: Scene, figures: Figures, appointments: int, entries: int
) -> Figures:
    often, seldom = await measure_details(scene, many=100_000, few=10, number=200)
    await live_through(scene.stack, scene.progress, entries)
    start = datetime.now(UTC).replace(microsecond=0) + _UNTIL_START
    await measure_bookings_at_once(scene, appointments, start)
    settling = await measure_settling(scene, appointments, start)
    return {
        "details_often_ms_p50": often,
        "details_often_ratio": often / seldom,
        "settle_with_past_per_second": settling.per_second,
        "settle_with_past_ratio": settling.per_second / figures["settle_per_second"],
    }


async def _measure_main_job(scene: Scene, appointments: int) -> Figures:
    alone = await measure_bookings_alone(scene, 300)
    start = datetime.now(UTC).replace(microsecond=0) + _UNTIL_START
    rate = await measure_bookings_at_once(scene, appointments, start)
    bookings = Bookings(rate, alone[50:])
    settling = await measure_settling(scene, appointments, start)
    return {
        "bookings_per_second": bookings.per_second,
        "booking_ms_p50": bookings.p50_ms,
        "booking_ms_p99": bookings.p99_ms,
        "settle_per_second": settling.per_second,
    }


def _memory(stack: Stack) -> Figures:
    return {
        f"rss_mb_{process.name.replace('-', '_')}": process.memory_bytes / 2**20
        for process in stack.processes()
    }


if __name__ == "__main__":
    typer.run(main)
