"""Slot cells and spots: what is taken; only under the locks of team members and events."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from booking.domain.bookings import Appointment, Booking
from booking.domain.cells import Cell, Stretch, in_stretches
from postgres import Transaction

_TAKEN: Final = """
SELECT slot.team_member_id, slot.cell
FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS asked (team_member_id, first, last)
JOIN slot_cells AS slot
    ON slot.team_member_id = asked.team_member_id AND slot.cell BETWEEN asked.first AND asked.last
"""
# Lines of one appointment share the cell in which one ends and the next begins.
_TAKE: Final = """
INSERT INTO slot_cells (team_member_id, cell, taken_by)
SELECT DISTINCT stretch.team_member_id, cell, stretch.taken_by
FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::uuid[])
    AS stretch (team_member_id, first, last, taken_by)
CROSS JOIN generate_series(stretch.first, stretch.last) AS cell
"""
_FREE: Final = """
DELETE FROM slot_cells AS slot
USING unnest($1::uuid[], $2::integer[], $3::integer[]) AS stretch (team_member_id, first, last)
WHERE slot.team_member_id = stretch.team_member_id
    AND slot.cell BETWEEN stretch.first AND stretch.last
"""
_CHANGE_SPOTS: Final = """
UPDATE events AS event SET spots_taken = event.spots_taken + change.spots
FROM unnest($1::uuid[], $2::integer[]) AS change (event_id, spots)
WHERE event.event_id = change.event_id
"""


@dataclass(slots=True)
class Exchange:
    """Cells and spots that are given back, and then cells and spots that are taken instead.

    What is taken and given back in the same batch is not taken at all.
    """

    given_back: set[Cell] = field(default_factory=set[Cell])
    taken: dict[Cell, UUID] = field(default_factory=dict[Cell, UUID])
    spots: Counter[UUID] = field(default_factory=Counter[UUID])

    def give_back(self, cells: AbstractSet[Cell]) -> None:
        """Let cells be free."""
        self.given_back |= cells
        for cell in cells:
            self.taken.pop(cell, None)

    def take(self, cells: AbstractSet[Cell], taken_by: UUID) -> None:
        """Give cells to an appointment or event."""
        self.taken |= dict.fromkeys(cells, taken_by)

    @property
    def takers(self) -> list[tuple[Stretch, UUID]]:
        """The cells that are taken, in rows, with whoever has them now."""
        cells: defaultdict[UUID, set[Cell]] = defaultdict(set)
        for cell, taken_by in self.taken.items():
            cells[taken_by].add(cell)
        return [
            (stretch, taken_by)
            for taken_by, theirs in cells.items()
            for stretch in in_stretches(theirs)
        ]

    def change_spots(self, event_id: UUID | None, spots: int) -> None:
        """Take spots of an event, or give them back where the number is negative."""
        if event_id is not None:
            self.spots[event_id] += spots


async def taken(transaction: Transaction, asked: Iterable[Stretch]) -> set[Cell]:
    """Return the cells that are taken of each stretch."""
    asked = sorted(set(asked))
    if not asked:
        return set()
    rows = await transaction.fetch(_TAKEN, *map(list, zip(*asked, strict=True)))
    return {(row[0], row[1]) for row in rows}


async def take(transaction: Transaction, stretches: Iterable[tuple[Stretch, UUID]]) -> None:
    """Give each stretch to an appointment or event; a cell that is taken is an error (rule X2)."""
    rows = [(*stretch, taken_by) for stretch, taken_by in stretches]
    if rows:
        await transaction.execute(_TAKE, *map(list, zip(*rows, strict=True)))


async def free(transaction: Transaction, ended: Iterable[tuple[Booking, Appointment]]) -> None:
    """Give back the cells and spots of appointments that ended."""
    stretches: list[Stretch] = []
    spots: Counter[UUID] = Counter()
    for booking, appointment in ended:
        stretches += appointment.stretches
        if booking.event_id is not None:
            spots[booking.event_id] -= len(appointment.lines)
    await give_back(transaction, stretches)
    await change_spots(transaction, spots)


async def exchange(transaction: Transaction, change: Exchange) -> None:
    """Give back and take, in this order."""
    await give_back(transaction, in_stretches(change.given_back))
    await take(transaction, change.takers)
    await change_spots(transaction, change.spots)


async def give_back(transaction: Transaction, stretches: Sequence[Stretch]) -> None:
    """Let stretches be free again."""
    if stretches:
        await transaction.execute(_FREE, *map(list, zip(*stretches, strict=True)))


async def change_spots(transaction: Transaction, changes: Mapping[UUID, int]) -> None:
    """Take spots of events, or give them back where the number is negative."""
    if changes:
        await transaction.execute(_CHANGE_SPOTS, list(changes), list(changes.values()))
