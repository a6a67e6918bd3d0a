"""An appointment: how the visit goes, what paid it and why, and calling it off."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic import BaseModel

from contracts.booking_views import AppointmentView, EventView, TeamMemberList
from contracts.membership_views import Explanation, MembershipView
from contracts.reply import Problem
from gateway.pages.desk import Desk, flash_of
from gateway.pages.forms import submitted
from gateway.pages.inner import Nothing
from gateway.pages.office.calendar import local_now
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
V = TypeVar("V", bound=BaseModel)
_PATH = "/{location_id:uuid}/appointments/{appointment_id:uuid}"


@get(_PATH)
async def show_appointment(
    appointment_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str]:
    """Show an appointment: alone, or the part of it that stands beside the calendar."""
    return await _page(desk, appointment_id)


@post(_PATH + "/visit-status")
async def set_visit_status(
    request: AnyRequest, appointment_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Say how the visit goes; no debit depends on it (rules A6, A7)."""
    form = await submitted(request)
    asked = {"visit_status": form.text("visit_status")}
    try:
        path = f"{api_path(desk, appointment_id)}/visit-status"
        await desk.api.put(path, asked, Nothing, key=form.key)
    except ProblemError as refused:
        return await _page(desk, appointment_id, refused.problem)
    return desk.done(page_path(desk, appointment_id), "The visit status is set.")


@post(_PATH + "/cancel")
async def cancel_appointment(
    request: AnyRequest, appointment_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Cancel it, with the sessions given back or charged (rules A2, A10)."""
    form = await submitted(request)
    charge = form.flag("charge")
    try:
        path = f"{api_path(desk, appointment_id)}/cancel"
        await desk.api.post(path, {"charge": charge}, Nothing, key=form.key)
    except ProblemError as refused:
        return await _page(desk, appointment_id, refused.problem)
    said = "It is cancelled, and charged." if charge else "It is cancelled without charge."
    return desk.done(page_path(desk, appointment_id), said)


@post(_PATH + "/undo-debit")
async def undo_debit(
    request: AnyRequest, appointment_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Give debited sessions back: of the lines that were ticked, or all (rule A10)."""
    form = await submitted(request)
    try:
        path = f"{api_path(desk, appointment_id)}/undo-debit"
        await desk.api.post(path, {"line_ids": form.many("line")}, Nothing, key=form.key)
    except ProblemError as refused:
        return await _page(desk, appointment_id, refused.problem)
    said = "The sessions are back where they came from. The appointment is owed."
    return desk.done(page_path(desk, appointment_id), said)


def api_path(desk: Desk, appointment_id: UUID) -> str:
    """Return where the API has an appointment."""
    return f"/v1/locations/{desk.location_id}/appointments/{appointment_id}"


def page_path(desk: Desk, appointment_id: UUID) -> str:
    """Return where the page of an appointment is."""
    return f"{desk.here}/appointments/{appointment_id}"


async def found(desk: Desk, path: str, view: type[V]) -> V | None:
    """Return what the API has there, or None."""
    try:
        return await desk.api.get(path, view)
    except ProblemError as refused:
        if refused.problem.status == HTTPStatus.NOT_FOUND:
            return None
        raise


async def memberships_of(desk: Desk, *ids: UUID | None) -> Mapping[UUID, MembershipView]:
    """Return the memberships that lines name."""
    wanted = sorted({each for each in ids if each})
    views = await asyncio.gather(
        *(found(desk, f"/v1/memberships/{each}", MembershipView) for each in wanted)
    )
    return {each.membership_id: each for each in views if each}


async def _page(desk: Desk, appointment_id: UUID, problem: Problem | None = None) -> Response[str]:
    appointment = await desk.api.get(api_path(desk, appointment_id), AppointmentView)
    place = f"/v1/locations/{desk.location_id}"
    now, explanation, memberships, team, event = await asyncio.gather(
        local_now(desk),
        found(desk, f"/v1/appointments/{appointment_id}/explanation", Explanation),
        memberships_of(desk, *(line.membership_id for line in appointment.lines)),
        desk.api.get(f"{place}/team-members", TeamMemberList),
        _event(desk, appointment),
    )
    return desk.page(
        "office/calendar/appointment.html",
        status=problem.status if problem else 200,
        appointment=appointment,
        event=event,
        day=appointment.start.astimezone(desk.zone).date(),
        phase=_phase(appointment, now),
        explained={each.line_id: each for each in explanation.lines} if explanation else {},
        explanation=explanation,
        memberships=memberships,
        team={each.team_member_id: each.name for each in team.team_members},
        # Beside the calendar, nothing but this part of the page is seen.
        flash="",
        done=flash_of(desk.request),
        problem=problem,
    )


async def _event(desk: Desk, appointment: AppointmentView) -> EventView | None:
    if appointment.event_id is None:
        return None
    path = f"/v1/locations/{desk.location_id}/events/{appointment.event_id}"
    return await found(desk, path, EventView)


def _phase(appointment: AppointmentView, now: datetime) -> str:
    """Return what cancelling means by now (rule A2): `free`, `late`, or `begun`."""
    if now >= appointment.start:
        return "begun"
    return "free" if now <= appointment.free_cancellation_until else "late"
