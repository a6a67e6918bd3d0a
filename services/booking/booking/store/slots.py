"""Slot cells and spots: what is taken; only under the locks of team members and events."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from booking.domain.bookings import Appointment, Booking
from booking.domain.cells import Cell
from postgres import Transaction

_TAKEN: Final = """
SELECT slot.team_member_id, slot.cell
FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS asked (team_member_id, first, last)
JOIN slot_cells AS slot
    ON slot.team_member_id = asked.team_member_id AND slot.cell BETWEEN asked.first AND asked.last
"""
_TAKE: Final = """
INSERT INTO slot_cells (team_member_id, cell, taken_by)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[])
"""
_FREE: Final = """
DELETE FROM slot_cells AS slot
USING unnest($1::uuid[], $2::integer[]) AS freed (team_member_id, cell)
WHERE slot.team_member_id = freed.team_member_id AND slot.cell = freed.cell
"""
_CHANGE_SPOTS: Final = """
UPDATE events AS event SET spots_taken = event.spots_taken + change.spots
FROM unnest($1::uuid[], $2::integer[]) AS change (event_id, spots)
WHERE event.event_id = change.event_id
"""


async def taken(transaction: Transaction, asked: Iterable[tuple[UUID, int, int]]) -> set[Cell]:
    """Return the cells that are taken, of each team member from the first cell to the last."""
    asked = sorted(set(asked))
    if not asked:
        return set()
    rows = await transaction.fetch(_TAKEN, *map(list, zip(*asked, strict=True)))
    return {(row[0], row[1]) for row in rows}


async def take(transaction: Transaction, cells: Iterable[tuple[Cell, UUID]]) -> None:
    """Give each cell to an appointment or event; one that is taken is an error (rule X2)."""
    rows = sorted((*cell, taken_by) for cell, taken_by in cells)
    if rows:
        await transaction.execute(_TAKE, *map(list, zip(*rows, strict=True)))


async def free(transaction: Transaction, ended: Iterable[tuple[Booking, Appointment]]) -> None:
    """Give back the cells and spots of appointments that ended."""
    cells: set[Cell] = set()
    spots: Counter[UUID] = Counter()
    for booking, appointment in ended:
        cells |= appointment.cells
        if booking.event_id is not None:
            spots[booking.event_id] -= len(appointment.lines)
    if cells:
        await transaction.execute(_FREE, *map(list, zip(*cells, strict=True)))
    await change_spots(transaction, spots)


async def change_spots(transaction: Transaction, changes: Mapping[UUID, int]) -> None:
    """Take spots of events, or give them back where the number is negative."""
    if changes:
        await transaction.execute(_CHANGE_SPOTS, list(changes), list(changes.values()))
