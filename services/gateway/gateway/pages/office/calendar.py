"""The calendar of a location: a day or a week of it, changing before one's eyes."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 — `date` is a parameter
from datetime import datetime, timedelta
from typing import Annotated, Final, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter
from litestar.response import Stream

from contracts.booking_views import (
    CalendarView,
    ServiceList,
    TeamMemberList,
    TeamMemberView,
    TestClockView,
)
from gateway.pages.desk import Desk
from gateway.pages.forms import id_in
from gateway.pages.office.calendar_blocks import (
    CLASSES,
    Block,
    blocks_of,
    closed_times,
    hours_of,
)
from gateway.pages.streams import within_session
from gateway.queries import Reading
from web.identity import Principal, Role

_PATH = "/{location_id:uuid}/calendar"
_WEEK: Final = 7

LastEventId = Annotated[str | None, HeaderParameter(name="Last-Event-ID", max_length=200)]


class Column(NamedTuple):
    """A column of a day: a team member, or classes without one, and when nobody works there."""

    key: str
    title: str
    blocks: Sequence[Block]
    closed: Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked at: a day or the week around it, of everybody or of one team member."""

    path: str
    date: Date
    view: str
    team: UUID | None

    @property
    def days(self) -> list[Date]:
        """The dates that are shown."""
        if self.view == "day":
            return [self.date]
        monday = self.date - timedelta(days=self.date.weekday())
        return [monday + timedelta(days=number) for number in range(_WEEK)]

    def link(
        self, *, step: int = 0, date: Date | None = None, view: str = "", team: str | None = None
    ) -> str:
        """Return where something else is looked at; `step` counts days, or weeks."""
        days = step * (1 if self.view == "day" else _WEEK)
        other = (date or self.date) + timedelta(days=days)
        chosen = (str(self.team) if self.team else "") if team is None else team
        asked = {"date": other.isoformat(), "view": view or self.view, "team": chosen}
        return f"{self.path}?{urlencode({name: value for name, value in asked.items() if value})}"


@get(_PATH)
async def show_calendar(
    desk: NamedDependency[Desk],
    date: FromQuery[str] = "",
    view: FromQuery[str] = "day",
    team: FromQuery[str] = "",
) -> Response[str]:
    """Show a day with a column for each team member, or a week."""
    place = f"/v1/locations/{desk.location_id}"
    now, services, members = await asyncio.gather(
        local_now(desk),
        desk.api.get(f"{place}/services", ServiceList),
        desk.api.get(f"{place}/team-members", TeamMemberList),
    )
    looking = Looking(
        path=f"{desk.here}/calendar",
        date=date_in(date) or now.date(),
        view="week" if view == "week" else "day",
        team=id_in(team),
    )
    calendar = await desk.api.get(
        f"{place}/calendar",
        CalendarView,
        date=looking.days[0],
        until=looking.days[-1],
        team_member_id=looking.team,
        participants="false",
    )
    minutes_of = {each.service_id: each.duration_minutes for each in services.services}
    blocks = blocks_of(calendar, desk.zone, minutes_of)
    if looking.team:
        blocks = [block for block in blocks if block.column == str(looking.team)]
    chosen = [each for each in members.team_members if looking.team in (None, each.team_member_id)]
    return desk.page(
        "office/calendar/calendar.html",
        looking=looking,
        today=now.date(),
        now=now.replace(tzinfo=None),
        blocks=blocks,
        columns=_columns(desk, looking, blocks, chosen),
        hours=hours_of(blocks, chosen, looking.days),
        team_members=members.team_members,
        names={str(each.team_member_id): each.name for each in members.team_members},
    )


@get(_PATH + "/changes")
async def follow_changes(
    desk: NamedDependency[Desk], last_event_id: LastEventId = None
) -> Stream | Response[bytes]:
    """Follow what changes in the calendar, as the API's own stream tells it."""
    operator = Principal(
        id=desk.staff.staff_id,
        role=Role.OPERATOR,
        chain_id=desk.chain_id,
        location_id=desk.location_id,
    )
    state = desk.request.app.state
    reading = Reading(
        services=state.services,
        token=state.tokens.token_for(operator),
        path=f"/locations/{desk.location_id}/calendar/changes",
    )
    changes = await reading.follow("booking", last_event_id)
    if not isinstance(changes, Stream):
        return changes
    return within_session(desk.request, desk.staff, changes)


def _columns(
    desk: Desk, looking: Looking, blocks: Sequence[Block], members: Sequence[TeamMemberView]
) -> list[Column]:
    def within(key: str) -> list[Block]:
        return [block for block in blocks if block.column == key]

    columns = [
        Column(
            str(member.team_member_id),
            member.name,
            within(str(member.team_member_id)),
            closed_times(member, looking.days, desk.zone),
        )
        for member in members
    ]
    classes = within(CLASSES)
    return [*columns, Column(CLASSES, "Classes", classes, [])] if classes else columns


async def local_now(desk: Desk) -> datetime:
    """Return what time it is at the location, by the clock of its chain."""
    clock = await desk.api.get(f"/v1/chains/{desk.chain_id}/clock", TestClockView)
    return clock.now.astimezone(desk.zone)


def date_in(text: str) -> Date | None:
    """Return the date that a query or a form names, if it is one that can be counted with."""
    try:
        day = Date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 2999 else None
