"""Planning events: when those of a series are, and whether their leader is free."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.domain.catalogue import Event, Location, TeamMember
from booking.domain.cells import Cell, cells_of
from booking.domain.hours import local_instant
from booking.domain.refusals import Refusal


def series_starts(
    *,
    first: date,
    last: date,
    weekdays: Collection[int],
    at: time,
    zone: ZoneInfo,
    without: Collection[date] = (),
) -> Iterator[tuple[date, datetime]]:
    """Return the local dates of a series with their starts, each at the same local time (X5)."""
    for day in (first + timedelta(days=passed) for passed in range((last - first).days + 1)):
        if day.isoweekday() in weekdays and day not in without:
            yield day, local_instant(day, at, zone)


def take_leader(event: Event, leader: TeamMember, location: Location, taken: set[Cell]) -> None:
    """Take the time of who leads an event, or refuse "slot-taken" (rule X2).

    Working hours are not asked for: whoever plans an event may plan it outside of them.
    """
    when = location.local(event.start)
    if any(off.start < event.end and event.start < off.end for off in leader.time_off):
        raise Refusal("slot-taken", f"The team member has time off at {when}.")
    cells = set(cells_of(leader.team_member_id, event.start, event.end))
    if not taken.isdisjoint(cells):
        raise Refusal("slot-taken", f"The team member is busy at {when}.")
    taken |= cells
