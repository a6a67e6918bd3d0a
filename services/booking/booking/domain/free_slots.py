"""The starts that can be booked: services in a row, each by a team member who is free."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.domain.catalogue import Service, TeamMember
from booking.domain.cells import CELL_SECONDS, Cell, cells_between
from booking.domain.hours import Window, starts, without, worked


class FreeSlot(NamedTuple):
    """A start, and for each service the first by id of those who are free."""

    start: datetime
    team_member_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Free:
    """The stretches of a local date in which a team member could be booked, by start."""

    team_member: TeamMember
    stretches: list[Window]

    def during(self, start: datetime, end: datetime) -> bool:
        at = bisect_right(self.stretches, start, key=_opens) - 1
        return at >= 0 and end <= self.stretches[at][1]


def free_slots(
    services: Sequence[Service],
    team_members: Sequence[TeamMember],
    taken: AbstractSet[Cell],
    day: date,
    zone: ZoneInfo,
    *,
    after: datetime,
) -> Iterator[FreeSlot]:
    """Return the starts of a local date that can be booked, by start.

    They are 5 minutes apart, counted from when somebody's working hours open, and later than
    `after`. `taken` has at least the cells of these team members on that date. A group service has
    no starts: it has events.
    """
    if any(service.kind == "group" for service in services):
        return
    everybody = [_free(each, taken, day, zone) for each in sorted(team_members, key=_id)]
    performers = [
        [free for free in everybody if service.service_id in free.team_member.service_ids]
        for service in services
    ]
    lasting = timedelta(minutes=services[0].duration_minutes)
    # One after the other, for often one asks only whether there is any.
    grid = merge(
        *(
            starts(free.team_member.working_hours, day, zone, lasting=lasting)
            for free in performers[0]
        )
    )
    for start, _ in groupby(start for start in grid if start > after):
        found = _who(start, services, performers)
        if len(found) == len(services):
            yield FreeSlot(start, found)


def _who(
    start: datetime, services: Sequence[Service], performers: Sequence[Sequence[_Free]]
) -> tuple[UUID, ...]:
    """Return who performs the services from `start` on, up to the first that nobody can."""
    found: list[UUID] = []
    for service, candidates in zip(services, performers, strict=True):
        end = start + timedelta(minutes=service.duration_minutes)
        for free in candidates:
            if free.during(start, end):
                found.append(free.team_member.team_member_id)
                break
        else:
            break
        start = end
    return tuple(found)


def _free(team_member: TeamMember, taken: AbstractSet[Cell], day: date, zone: ZoneInfo) -> _Free:
    """Take whole cells out of what is worked, for whatever overlaps one takes all of it (X2)."""
    stretches = worked(team_member, day, zone)
    busy = (
        _period(cell)
        for stretch in stretches
        for cell in cells_between(*stretch)
        if (team_member.team_member_id, cell) in taken
    )
    return _Free(team_member, list(without(stretches, busy)))


def _period(cell: int) -> Window:
    begins = datetime.fromtimestamp(cell * CELL_SECONDS, UTC)
    return begins, begins + timedelta(seconds=CELL_SECONDS)


def _opens(stretch: Window) -> datetime:
    return stretch[0]


def _id(team_member: TeamMember) -> UUID:
    return team_member.team_member_id
