"""The table of one run: every figure absolute, as a ratio to its yardstick, and beside its mark."""

import os
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from rich.table import Table

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"

Figures = Mapping[str, float]
Profiles = Mapping[str, Mapping[str, float]]


class Row(NamedTuple):
    """One line of the table. A mark says what is asked of `ratio`, or of `figure` without one."""

    what: str
    figure: str
    ratio: str = ""
    at_least: float | None = None
    at_most: float | None = None


_ROWS: Final = (
    Row("pgbench, transactions/s", "pgbench_tps"),
    Row("Kafka round trip, ms (median)", "kafka_round_trip_ms_p50"),
    Row("settled/s, all due at one instant", "settle_per_second", "settle_ratio", at_least=0.6),
    Row("bookings/s over HTTP, many at once", "bookings_per_second", "bookings_ratio", 0.25),
    Row("one booking alone, ms (median)", "booking_ms_p50", "booking_round_trips_p50", None, 12),
    Row("one booking alone, ms (p99)", "booking_ms_p99"),
    Row("start later than due, ms (median)", "start_late_ms_p50"),
    Row("start later than due, ms (p99)", "start_late_ms_p99", at_most=250),
    Row("starts that were early", "starts_early", at_most=0),
    Row(
        "settled/s, with 10 million entries in the ledger",
        "settle_with_past_per_second",
        "settle_with_past_ratio",
        at_least=0.8,
    ),
    Row(
        "details of a membership with 100,000 uses, ms",
        "details_often_ms_p50",
        "details_often_ratio",
        at_most=1.5,
    ),
    Row("slowest page of a big studio, ms (p95)", "slowest_page_ms_p95", at_most=50),
    Row("1,000 for 20 spots: all answered, s", "noon_answered_seconds", at_most=5),
    Row("1,000 for 20 spots: who have one", "noon_winners", at_least=20),
    Row("1,000 for 20 spots: met an error", "noon_errors", at_most=0),
)
_MARK_OF_MEMORY_MB: Final = 150


def figures_table(figures: Figures) -> Table:
    """Return the table of all figures; a missed mark is called so."""
    table = Table(box=None, pad_edge=False)
    table.add_column("What")
    for heading in ("Measured", "Ratio", "Mark"):
        table.add_column(heading, justify="right")
    table.add_column("")
    rows = [*_ROWS, *(_memory_row(name) for name in figures if name.startswith("rss_mb_"))]
    for row in rows:
        judged = figures[row.ratio or row.figure]
        ratio = f"{judged:.2f}" if row.ratio else ""
        table.add_row(row.what, _number(figures[row.figure]), ratio, *_judgement(row, judged))
    return table


def pages_table(pages: Mapping[str, float]) -> Table:
    """Return how long each page took, in milliseconds, the slowest first."""
    table = Table(box=None, pad_edge=False)
    table.add_column("Page, ms (p95)")
    table.add_column("", justify="right")
    for name, ms in sorted(pages.items(), key=lambda page: -page[1]):
        table.add_row(name, f"{ms:.1f}")
    return table


def profile_table(profiles: Profiles) -> Table:
    """Return where the samples of each service were, in percent."""
    table = Table(box=None, pad_edge=False)
    table.add_column("Samples, %")
    for name in profiles:
        table.add_column(name.removesuffix("-1"), justify="right")
    for place in sorted({place for profile in profiles.values() for place in profile}):
        table.add_row(place, *(f"{profile.get(place, 0):.0f}" for profile in profiles.values()))
    return table


def machine() -> str:
    """Return what the run was on, and when."""
    parts = (f"{os.cpu_count()} cores", platform.machine(), f"Python {platform.python_version()}")
    return f"{datetime.now(UTC):%Y-%m-%d}, {', '.join(parts)}"


def write_page(printed: str) -> None:
    """Put what was printed into docs/benchmarks.md."""
    page = re.sub(
        r"(?<=```text\n).*?(?=```)",
        lambda _: "\n".join(line.rstrip() for line in printed.strip().splitlines()) + "\n",
        PAGE.read_text(),
        count=1,
        flags=re.DOTALL,
    )
    PAGE.write_text(page)


def _memory_row(name: str) -> Row:
    process = name.removeprefix("rss_mb_").removesuffix("_1")
    ours = process not in {"kafka", "postgres"}
    return Row(f"memory of {process}, MB", name, at_most=_MARK_OF_MEMORY_MB if ours else None)


def _judgement(row: Row, judged: float) -> tuple[str, str]:
    if row.at_least is not None:
        return f"≥ {row.at_least:g}", "" if judged >= row.at_least else "missed"
    if row.at_most is not None:
        return f"≤ {row.at_most:g}", "" if judged <= row.at_most else "missed"
    return "", ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
