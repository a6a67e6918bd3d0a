"""A team member's time, in cells of 5 minutes: what overlaps a cell takes all of it (rule X2)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

CELL_SECONDS: Final = 300

Cell = tuple[UUID, int]
"""A team member, and the number of the cell counted from 1970."""

Stretch = tuple[UUID, int, int]
"""A team member, and the first and the last of the cells in a row."""


def cells_between(start: datetime, end: datetime) -> range:
    """Return the numbers of the cells that `start` to `end` overlaps."""
    return range(int(start.timestamp()) // CELL_SECONDS, -(-int(end.timestamp()) // CELL_SECONDS))


def cells_of(team_member_id: UUID, start: datetime, end: datetime) -> Iterator[Cell]:
    """Return the cells of one team member that `start` to `end` overlaps."""
    return ((team_member_id, cell) for cell in cells_between(start, end))


def stretch_of(team_member_id: UUID, start: datetime, end: datetime) -> Stretch:
    """Return the cells of one team member that `start` to `end` overlaps, as a stretch."""
    cells = cells_between(start, end)
    return team_member_id, cells[0], cells[-1]


def in_stretches(cells: Iterable[Cell]) -> list[Stretch]:
    """Return the same cells in rows."""
    stretches: list[Stretch] = []
    for team_member_id, cell in sorted(cells):
        if stretches and stretches[-1][0] == team_member_id and stretches[-1][2] == cell - 1:
            stretches[-1] = (team_member_id, stretches[-1][1], cell)
        else:
            stretches.append((team_member_id, cell, cell))
    return stretches
