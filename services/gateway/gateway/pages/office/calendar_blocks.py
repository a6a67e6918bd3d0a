"""What stands in a calendar: blocks in the columns of team members, by the location's own clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.booking_views import (
    AppointmentView,
    CalendarEvent,
    CalendarView,
    LineView,
    TeamMemberView,
)
from contracts.values import DebitStatus

CLASSES: Final = "classes"
"""The column of classes that no team member gives."""
_SHOWN: Final = {"requested", "accepted"}
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a calendar: what one team member does of an appointment, or a class.

    `start` and `end` are local times without a zone. An appointment whose lines are performed by
    several has a block for each in a row; `key` is of this block alone.
    """

    key: str
    column: str
    start: datetime
    end: datetime
    appointment: AppointmentView | None = None
    lines: Sequence[LineView] = ()
    group: CalendarEvent | None = None

    @property
    def debit_status(self) -> DebitStatus | None:
        """The debit status of what this block shows of an appointment: of its lines (rule A9)."""
        assert self.appointment is not None
        if len(self.lines) == len(self.appointment.lines):
            return self.appointment.debit_status
        ranked: tuple[DebitStatus, ...] = ("not_debited", "automatic_debiting", "debited")
        statuses = {line.debit_status for line in self.lines}
        return next((each for each in ranked if each in statuses), None)

    @property
    def debits(self) -> Mapping[str, int]:
        """How many participants of a class have which debit status."""
        assert self.group is not None
        return self.group.debits.model_dump()


class Hours(NamedTuple):
    """The hours of the day that a calendar shows, from 0 to 24."""

    first: int
    last: int


def blocks_of(
    calendar: CalendarView, zone: ZoneInfo, minutes_of: Mapping[UUID, int]
) -> list[Block]:
    """Return the blocks of a day by start; `minutes_of` services tells where a line ends."""
    blocks = [
        block
        for appointment in calendar.appointments
        if appointment.state in _SHOWN
        for block in _of_appointment(appointment, zone, minutes_of)
    ]
    blocks += [_of_class(each, zone) for each in calendar.events if not each.event.cancelled]
    return sorted(blocks, key=lambda block: (block.start, block.key))


def _of_appointment(
    appointment: AppointmentView, zone: ZoneInfo, minutes_of: Mapping[UUID, int]
) -> Iterator[Block]:
    """Lines are performed in a row; those of one team member are one block."""
    weights = [(line, minutes_of.get(line.service_id, 1)) for line in appointment.lines]
    whole = sum(minutes for _, minutes in weights) or 1
    length, done = appointment.end - appointment.start, 0
    runs = groupby(weights, key=lambda each: each[0].team_member_id)
    for number, (team_member_id, run) in enumerate(runs):
        some = list(run)
        start = appointment.start + length * done / whole
        done += sum(minutes for _, minutes in some)
        end = appointment.start + length * done / whole
        yield Block(
            key=f"{appointment.appointment_id}.{number}",
            column=str(team_member_id or CLASSES),
            start=_wall(start, zone),
            # An hour is an hour on the day when the clock is put back, too.
            end=_wall(start, zone) + (end - start),
            appointment=appointment,
            lines=[line for line, _ in some],
        )


def _of_class(group: CalendarEvent, zone: ZoneInfo) -> Block:
    start = _wall(group.event.start, zone)
    return Block(
        key=str(group.event.event_id),
        column=str(group.event.team_member_id or CLASSES),
        start=start,
        end=start + (group.event.end - group.event.start),
        group=group,
    )


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def hours_of(
    blocks: Iterable[Block], team: Iterable[TeamMemberView], days: Sequence[date]
) -> Hours:
    """Return the hours to show: those that people work, and all in which something stands.

    A studio that is open day and night begins and ends with an ordinary day.
    """
    weekdays = {day.isoweekday() for day in days}
    worked = [hours for one in team for hours in one.working_hours if hours.weekday in weekdays]
    first = min((hours.opens.hour for hours in worked), default=9)
    last = max((_hour_after(hours.closes) for hours in worked), default=18)
    if last - first > 16:
        first, last = 8, 20
    for block in blocks:
        first = min(first, block.start.hour)
        ends_later = block.end.date() > block.start.date()
        last = max(last, 24 if ends_later else _hour_after(block.end.time()))
    return Hours(first, last)


def _hour_after(at: time) -> int:
    return at.hour + bool(at.minute or at.second)


def closed_times(
    member: TeamMemberView, days: Sequence[date], zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """Return when somebody does not work on these dates, by the local clock."""
    closed: list[tuple[datetime, datetime]] = []
    for day in days:
        reached = datetime.combine(day, time())
        midnight = reached + _DAY
        hours = [each for each in member.working_hours if each.weekday == day.isoweekday()]
        for each in sorted(hours, key=lambda each: each.opens):
            opens = datetime.combine(day, each.opens)
            if opens > reached:
                closed.append((reached, opens))
            reached = max(reached, datetime.combine(day, each.closes))
        if reached < midnight:
            closed.append((reached, midnight))
    off = [(_wall(each.start, zone), _wall(each.end, zone)) for each in member.time_off]
    begin = datetime.combine(days[0], time())
    end = datetime.combine(days[-1], time()) + _DAY
    closed += [(max(a, begin), min(b, end)) for a, b in off if a < end and b > begin]
    return closed
