"""Another time for an appointment, or the same once more."""

import asyncio
from datetime import date as Date  # noqa: N812 — `date` is a parameter
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from contracts.booking_views import (
    AppointmentView,
    BookingView,
    EventList,
    EventView,
    FreeSlot,
    FreeSlots,
    TeamMemberList,
)
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, id_in, submitted
from gateway.pages.inner import Nothing
from gateway.pages.office.appointments import api_path, page_path
from gateway.pages.office.calendar import date_in, local_now
from web.problems import ProblemError, invalid_field

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/appointments/{appointment_id:uuid}"
_DAYS_AHEAD: Final = 13
"""Classes of so many days after the first are shown."""


@get(_PATH + "/new-time")
async def show_new_times(
    appointment_id: FromPath[UUID],
    desk: NamedDependency[Desk],
    purpose: FromQuery[str] = "reschedule",
    date: FromQuery[str] = "",
    team: FromQuery[str | None] = None,
) -> Response[str]:
    """Show the free times of the same services, or the other classes."""
    form = Form([("date", date), *([("team", team)] if team is not None else [])])
    return await _page(desk, appointment_id, form, repeats=purpose == "repeat")


@post(_PATH + "/reschedule")
async def reschedule_appointment(
    request: AnyRequest, appointment_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Move it under the settings as they are now; refused, it stays as it was (rule G11)."""
    form = await submitted(request)
    try:
        path = f"{api_path(desk, appointment_id)}/reschedule"
        await desk.api.post(path, _new_time(form), Nothing, key=form.key)
    except ProblemError as refused:
        return await _page(desk, appointment_id, form, refused.problem, repeats=False)
    return desk.done(page_path(desk, appointment_id), "The appointment is moved.")


@post(_PATH + "/repeat")
async def repeat_appointment(
    request: AnyRequest, appointment_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Book the same once more; the new appointment is shown then."""
    form = await submitted(request)
    try:
        path = f"{api_path(desk, appointment_id)}/repeat"
        booking = await desk.api.post(path, _new_time(form), BookingView, key=form.key)
    except ProblemError as refused:
        return await _page(desk, appointment_id, form, refused.problem, repeats=True)
    [appointment] = booking.appointments
    return desk.done(page_path(desk, appointment.appointment_id), "It is booked once more.")


def _new_time(form: Form) -> dict[str, Any]:
    event_id, start = form.optional("event"), form.optional("start")
    if event_id:
        return {"event_id": event_id}
    if not start:
        raise invalid_field("start", "Choose a time.")
    return {"start": start, "team_member_id": form.optional("team") or "any"}


async def _page(
    desk: Desk,
    appointment_id: UUID,
    form: Form,
    problem: Problem | None = None,
    *,
    repeats: bool,
) -> Response[str]:
    appointment = await desk.api.get(api_path(desk, appointment_id), AppointmentView)
    place = f"/v1/locations/{desk.location_id}"
    now, team = await asyncio.gather(
        local_now(desk), desk.api.get(f"{place}/team-members", TeamMemberList)
    )
    earliest = max(now.date(), appointment.start.astimezone(desk.zone).date())
    day = date_in(form.text("date")) or earliest
    chosen = id_in(form.text("team")) if form.has("team") else _performer(appointment)
    slots: list[FreeSlot] = []
    events: list[EventView] = []
    try:
        if appointment.event_id:
            events = await classes_from(desk, day, appointment.lines[0].service_id, after=now)
        else:
            services = [line.service_id for line in appointment.lines]
            slots = await free_slots(desk, services, day, chosen)
    except ProblemError as refused:
        problem = problem or refused.problem
    return desk.page(
        "office/calendar/new_time.html",
        status=problem.status if problem else 200,
        appointment=appointment,
        repeats=repeats,
        day=day,
        chosen=chosen,
        slots=slots,
        events=[each for each in events if each.event_id != appointment.event_id or repeats],
        team_members=team.team_members,
        form=form,
        problem=problem,
    )


def _performer(appointment: AppointmentView) -> UUID | None:
    """Return who performs all of it, if one person does."""
    performers = {line.team_member_id for line in appointment.lines}
    return next(iter(performers)) if len(performers) == 1 else None


async def free_slots(
    desk: Desk, service_ids: list[UUID], day: Date, team_member_id: UUID | None
) -> list[FreeSlot]:
    """Return the starts of a date at which services in a row can be booked."""
    path = f"/v1/locations/{desk.location_id}/free-slots"
    asked = {"service_id": service_ids, "date": day, "team_member_id": team_member_id}
    return list((await desk.api.get(path, FreeSlots, **asked)).slots)


async def classes_from(
    desk: Desk, day: Date, service_id: UUID | None = None, after: datetime | None = None
) -> list[EventView]:
    """Return the classes of two weeks, of one service or all, that are to come."""
    path = f"/v1/locations/{desk.location_id}/events"
    until = day + timedelta(days=_DAYS_AHEAD)
    listed = await desk.api.get(path, EventList, date=day, until=until)
    return [
        each
        for each in listed.events
        if not each.cancelled
        and service_id in (None, each.service_id)
        and (after is None or each.start > after)
    ]
