"""Working hours: said in local time, compared as instants, daylight saving included (rule X5)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from booking.domain.catalogue import WorkingHours

Window = tuple[datetime, datetime]


def windows(hours: tuple[WorkingHours, ...], day: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """Return the stretches of time that are worked on a local date, in UTC, by start.

    Hours that touch are one stretch. Where the clock is put back, a time that occurs twice opens
    with its first and closes with its second occurrence.
    """
    joined: list[Window] = []
    for opens, closes in sorted(
        (_instant(day, entry.opens, zone, fold=0), _instant(day, entry.closes, zone, fold=1))
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


def local_day(day: date, zone: ZoneInfo) -> Window:
    """Return the first instant of a local date and that of the next, in UTC."""
    midnight = time.min
    following = day + timedelta(days=1)
    return (_instant(day, midnight, zone, fold=0), _instant(following, midnight, zone, fold=0))


def _instant(day: date, at: time, zone: ZoneInfo, *, fold: int) -> datetime:
    return datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC)
