"""Classes: planning them, who comes, and what is changed of them."""

import asyncio
from collections import Counter
from datetime import date as Date  # noqa: N812 — `date` is a parameter
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from contracts.booking_views import (
    AppointmentView,
    CalendarView,
    EventList,
    EventView,
    ServiceList,
    TeamMemberList,
)
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.inner import Nothing
from gateway.pages.office.calendar import date_in, local_now
from web.problems import ProblemError, invalid_field

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/classes"
_ONE = _PATH + "/{event_id:uuid}"
_STANDS: Final = {"requested", "accepted"}


@get(_PATH + "/new")
async def show_class_form(
    desk: NamedDependency[Desk], date: FromQuery[str] = "", time: FromQuery[str] = ""
) -> Response[str]:
    """Show the form for a class, or a series of them."""
    return await _form_page(desk, Form([("date", date), ("time", time)]))


@post(_PATH)
async def plan_class(request: AnyRequest, desk: NamedDependency[Desk]) -> Response[str] | Redirect:
    """Plan one class, or all of a series, or none."""
    form = await submitted(request)
    try:
        day, at = await _day_to_come(desk, form), _time_of(form)
        shared = {
            "service_id": form.optional("service"),
            "capacity": form.number("capacity"),
            "team_member_id": form.optional("team"),
        }
        if not form.flag("weekly"):
            event = await _plan_one(desk, form, shared, local_instant(day, at, desk.zone))
            path = f"{desk.here}/classes/{event.event_id}"
            return desk.done(path, f"{event.service_name} is planned.")
        planned = await _plan_series(desk, form, shared, day, at)
    except ProblemError as refused:
        return await _form_page(desk, form, refused.problem)
    first = planned.events[0].start.astimezone(desk.zone).date() if planned.events else day
    said = f"{len(planned.events)} classes are planned."
    return desk.done(f"{desk.here}/calendar?date={first}&view=week", said)


@get(_ONE)
async def show_class(event_id: FromPath[UUID], desk: NamedDependency[Desk]) -> Response[str]:
    """Show who comes to a class, and what was debited of each."""
    return await _page(desk, event_id, Form())


@post(_ONE + "/move")
async def move_class(
    request: AnyRequest, event_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Move a class, and with it the starts of all its bookings (rule A10)."""
    form = await submitted(request)
    try:
        start = local_instant(await _day_to_come(desk, form), _time_of(form), desk.zone)
        path = f"{_api_path(desk, event_id)}/start"
        asked = {"start": start.isoformat()}
        await desk.api.put(path, asked, Nothing, key=form.key, action="move class")
    except ProblemError as refused:
        return await _page(desk, event_id, form, refused.problem)
    return desk.done(f"{desk.here}/classes/{event_id}", "The class and its bookings are moved.")


@post(_ONE + "/capacity")
async def change_class_capacity(
    request: AnyRequest, event_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Change how many spots there are; fewer than are taken is refused (rule A10)."""
    form = await submitted(request)
    try:
        path = f"{_api_path(desk, event_id)}/capacity"
        asked = {"capacity": form.number("capacity")}
        await desk.api.put(path, asked, Nothing, key=form.key, action="change capacity")
    except ProblemError as refused:
        return await _page(desk, event_id, form, refused.problem)
    return desk.done(f"{desk.here}/classes/{event_id}", "The number of spots is changed.")


@post(_ONE + "/cancel")
async def cancel_class(
    request: AnyRequest, event_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Cancel a whole class, when it is confirmed: all its bookings end (rule A10)."""
    form = await submitted(request)
    try:
        if not form.flag("sure"):
            raise invalid_field("sure", "Tick the box: this cannot be taken back.")
        path = f"{_api_path(desk, event_id)}/cancel"
        await desk.api.post(path, {}, Nothing, key=form.key, action="cancel class")
    except ProblemError as refused:
        return await _page(desk, event_id, form, refused.problem)
    said = "The class is cancelled. Sessions and payments go back."
    return desk.done(f"{desk.here}/classes/{event_id}", said)


def local_instant(day: Date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant at which it is this late on this date in a zone."""
    return datetime.combine(day, at, tzinfo=zone)


def _date_of(form: Form, name: str) -> Date:
    day = date_in(form.text(name))
    if day is None:
        raise invalid_field(name, "Choose a date.")
    return day


async def _day_to_come(desk: Desk, form: Form) -> Date:
    """Return the date of a class; one that is over is a slip, and would be debited at once."""
    day = _date_of(form, "date")
    if day < (await local_now(desk)).date():
        raise invalid_field("date", "This date is over. Choose another.")
    return day


def _time_of(form: Form) -> time:
    try:
        return time.fromisoformat(form.text("time")).replace(tzinfo=None)
    except ValueError as error:
        raise invalid_field("time", "Choose a time.") from error


async def _plan_one(desk: Desk, form: Form, shared: dict[str, Any], start: datetime) -> EventView:
    path, asked = f"/v1/locations/{desk.location_id}/events", {"start": start.isoformat()}
    return await desk.api.post(path, shared | asked, EventView, key=form.key, action="plan class")


async def _plan_series(
    desk: Desk, form: Form, shared: dict[str, Any], day: Date, at: time
) -> EventList:
    asked = {
        "first_date": day.isoformat(),
        "last_date": _date_of(form, "last_date").isoformat(),
        "weekdays": [int(each) for each in form.many("weekday") if each.isdecimal()],
        "time": at.isoformat(),
    }
    path = f"/v1/locations/{desk.location_id}/event-series"
    return await desk.api.post(path, shared | asked, EventList, key=form.key, action="plan classes")


def _api_path(desk: Desk, event_id: UUID) -> str:
    return f"/v1/locations/{desk.location_id}/events/{event_id}"


async def _form_page(desk: Desk, form: Form, problem: Problem | None = None) -> Response[str]:
    place = f"/v1/locations/{desk.location_id}"
    now, services, team = await asyncio.gather(
        local_now(desk),
        desk.api.get(f"{place}/services", ServiceList),
        desk.api.get(f"{place}/team-members", TeamMemberList),
    )
    return desk.page(
        "office/calendar/class_form.html",
        status=problem.status if problem else 200,
        services=[each for each in services.services if each.kind == "group"],
        team_members=team.team_members,
        today=now.date(),
        form=form,
        problem=problem,
    )


async def _page(
    desk: Desk, event_id: UUID, form: Form, problem: Problem | None = None
) -> Response[str]:
    event = await desk.api.get(_api_path(desk, event_id), EventView)
    day = event.start.astimezone(desk.zone).date()
    place = f"/v1/locations/{desk.location_id}"
    now, calendar, team = await asyncio.gather(
        local_now(desk),
        desk.api.get(f"{place}/calendar", CalendarView, date=day, event_id=event_id),
        desk.api.get(f"{place}/team-members", TeamMemberList),
    )
    participants = [
        appointment
        for each in calendar.events
        if each.event.event_id == event_id
        for appointment in each.appointments
    ]
    standing = [each for each in participants if each.state in _STANDS]
    return desk.page(
        "office/calendar/class.html",
        status=problem.status if problem else 200,
        event=event,
        day=day,
        has_begun=now >= event.start,
        participants=sorted(standing, key=lambda each: each.client_name.casefold()),
        gone=[each for each in participants if each.state not in _STANDS],
        debits=Counter(each.debit_status for each in standing),
        spots_of={each.appointment_id: _spots(each) for each in standing},
        owed=sum(
            each.owed.amount for each in standing if each.debit_status != "automatic_debiting"
        ),
        team={each.team_member_id: each.name for each in team.team_members},
        form=form,
        problem=problem,
    )


def _spots(appointment: AppointmentView) -> Counter[str | None]:
    return Counter(line.debit_status for line in appointment.lines)
