"""Which appointments changed, as those need to know who follow a calendar.

A place in the stream is the number of a transaction: all changes of older ones are behind it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from postgres import Transaction

KEPT: Final = timedelta(days=7)

_BOUNDS: Final = """
SELECT since, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM calendar_changes_kept
"""
_SINCE: Final = """
SELECT appointment_id, changed_by FROM calendar_changes
WHERE location_id = $1 AND changed_by >= $2
ORDER BY changed_by, appointment_id
"""
_LOCATIONS: Final = """
SELECT location_id FROM unnest($1::uuid[]) AS asked (location_id)
WHERE EXISTS (
    SELECT FROM calendar_changes AS change
    WHERE change.location_id = asked.location_id AND change.changed_by >= $2
)
"""
_FORGET: Final = """
WITH forgotten AS (
    DELETE FROM calendar_changes WHERE changed_at < now() - $1::interval RETURNING changed_by
)
UPDATE calendar_changes_kept
SET since = greatest(since, 1 + (SELECT max(changed_by) FROM forgotten))
"""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on all changes are kept, and up to where nothing can come any more."""

    since: int
    settled: int


@dataclass(frozen=True, slots=True)
class Change:
    """A transaction changed an appointment, once or more."""

    appointment_id: UUID
    changed_by: int


async def bounds(transaction: Transaction) -> Bounds:
    """Return the places from which, and up to which, the changes are whole."""
    row = await transaction.fetchrow(_BOUNDS)
    assert row is not None
    return Bounds(*row)


async def since(transaction: Transaction, location_id: UUID, place: int) -> list[Change]:
    """Return the changes from a place on, those of transactions that began later included."""
    rows = await transaction.fetch(_SINCE, location_id, place)
    return [Change(*row) for row in dict.fromkeys(map(tuple, rows))]


async def changed_locations(
    transaction: Transaction, among: Collection[UUID], place: int
) -> set[UUID]:
    """Return at which of these locations something changed from a place on."""
    rows = await transaction.fetch(_LOCATIONS, list(among), place)
    return {row["location_id"] for row in rows}


async def forget(transaction: Transaction) -> None:
    """Delete what is older than anybody should come back for."""
    await transaction.execute(_FORGET, KEPT)
