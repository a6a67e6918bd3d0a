"""Which errands do not get done, for the metrics."""

import asyncio
from contextlib import suppress
from typing import Final

import asyncpg
from prometheus_client import Gauge

from postgres import Database
from sales import queries
from sales.domain.payments import ErrandKind

_COUNT_EVERY: Final = 15.0  # seconds

_LATE = Gauge(
    "sales_errands_late",
    "Errands to the payment provider tried five times in vain, or by nobody for a minute.",
    ["kind"],
)
_FAILED = Gauge(
    "sales_errands_failed",
    "Errands that the payment provider has declined for good.",
    ["kind"],
)


async def watch_for_ever(database: Database) -> None:
    """Keep the numbers for the metrics."""
    while True:
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            undone = await queries.undone_errands(database)
            for kind in ErrandKind:
                _LATE.labels(kind).set(undone[kind].late)
                _FAILED.labels(kind).set(undone[kind].failed)
        await asyncio.sleep(_COUNT_EVERY)
