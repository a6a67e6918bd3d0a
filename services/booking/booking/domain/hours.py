"""Working hours: said in local time, compared as instants, daylight saving included (rule X5)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.domain.catalogue import TeamMember, WorkingHours

Window = tuple[datetime, datetime]


def windows(hours: tuple[WorkingHours, ...], day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """Return the stretches of time that are worked on a local date, in UTC, by start.

    Hours that touch are one stretch. Where the clock is put back, a time that occurs twice opens
    with its first and closes with its second occurrence.
    """
    joined: list[Window] = []
    for opens, closes in sorted(
        (local_instant(day, entry.opens, zone), local_instant(day, entry.closes, zone, fold=1))
        for entry in hours
        if entry.weekday == day.isoweekday()
    ):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def starts(
    hours: tuple[WorkingHours, ...], day: date, zone: ZoneInfo, *, lasting: timedelta
) -> Iterator[datetime]:
    """Return the starts of a local date, 5 minutes apart, that end before the work does."""
    for opens, closes in windows(hours, day, zone):
        start = opens
        while start + lasting <= closes:
            yield start
            start += timedelta(minutes=5)


def worked(team_member: TeamMember, day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """Return when a team member works on a local date, time off left out; in UTC, by start."""
    off = ((each.start, each.end) for each in team_member.time_off)
    return tuple(without(windows(team_member.working_hours, day, zone), off))


def without(stretches: Iterable[Window], busy: Iterable[Window]) -> Iterator[Window]:
    """Return what the busy times leave of stretches, by start."""
    busy = sorted(busy)
    for opens, closes in stretches:
        free_from = opens
        for begins, ends in busy:
            if begins < closes and ends > free_from:
                if begins > free_from:
                    yield free_from, begins
                free_from = ends
        if free_from < closes:
            yield free_from, closes


def local_day(day: date, zone: ZoneInfo) -> Window:
    """Return the first instant of a local date and that of the next, in UTC."""
    following = day + timedelta(days=1)
    return local_instant(day, time.min, zone), local_instant(following, time.min, zone)


def local_instant(day: date, at: time, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """Return the instant of a local time, in UTC.

    Of a time that occurs twice it is the first, with `fold` the second occurrence. A time that the
    clock skips is as much later as the clock is put forward: 2:30 is 3:30.
    """
    return datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC)
