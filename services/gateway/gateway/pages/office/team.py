"""The team of a location: who performs which services, the hours of a week, and time off."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.booking_views import TeamMemberList, TeamMemberView, TimeOffView
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.inner import Nothing
from gateway.pages.office.services import services_of
from gateway.pages.week import (
    USUAL,
    Day,
    days_of,
    days_typed,
    filled_in,
    hours_in,
    in_brief,
    with_named_days,
)
from web.problems import ProblemError, invalid_field, not_found

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/team"
_MEMBER = _PATH + "/{team_member_id:uuid}"


@get(_PATH)
async def show_team(desk: NamedDependency[Desk]) -> Response[str]:
    """Show who works here, when, and what they perform."""
    team, now = await _team(desk), datetime.now(UTC)
    return desk.page(
        "office/team/list.html",
        team=[(each, in_brief(days_of(each.working_hours)), _to_come(each, now)) for each in team],
        services={each.service_id: each.name for each in await services_of(desk)},
    )


@get(_PATH + "/new")
async def show_new_team_member(desk: NamedDependency[Desk]) -> Response[str]:
    """Show the form for one more team member."""
    return await _form_page(desk, None, days_of(USUAL))


@post(_PATH)
async def create_team_member(
    request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Add a team member with services and working hours."""
    form = await submitted(request)
    if week := filled_in(form):
        return await _form_page(desk, None, week, form)
    try:
        member = await desk.api.post(
            _path(desk), _fields(form), TeamMemberView, key=form.key, action="add team member"
        )
    except ProblemError as refused:
        problem = with_named_days(refused.problem, form)
        return await _form_page(desk, None, days_typed(form), form, problem)
    return desk.done(f"{desk.here}/team", f"{member.name} belongs to the team now.")


@get(_MEMBER)
async def show_team_member(
    team_member_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str]:
    """Show a team member, with the forms for changes and for time off."""
    member = await _member(desk, team_member_id)
    return await _form_page(desk, member, days_of(member.working_hours))


@post(_MEMBER)
async def change_team_member(
    request: AnyRequest, team_member_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Change what is said of a team member; bookings that were made stay."""
    form, member = await submitted(request), await _member(desk, team_member_id)
    if week := filled_in(form):
        return await _form_page(desk, member, week, form)
    path = f"{_path(desk)}/{member.team_member_id}"
    try:
        await desk.api.put(path, _fields(form), TeamMemberView, key=form.key)
    except ProblemError as refused:
        problem = with_named_days(refused.problem, form)
        return await _form_page(desk, member, days_typed(form), form, problem)
    return desk.done(_page_of(desk, member), "The changes are saved.")


@post(_MEMBER + "/time-off")
async def add_time_off(
    request: AnyRequest, team_member_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Let a team member be away; times are those of the location's clock."""
    form, member = await submitted(request), await _member(desk, team_member_id)
    path = f"{_path(desk)}/{member.team_member_id}/time-off"
    try:
        fields = _stretch(form, desk)
        await desk.api.post(path, fields, Nothing, key=form.key, action="add time off")
    except ProblemError as refused:
        week = days_of(member.working_hours)
        return await _form_page(desk, member, week, off=form, off_problem=refused.problem)
    return desk.done(_page_of(desk, member), "The time off is entered. Bookings then stay.")


@post(_MEMBER + "/time-off/{time_off_id:uuid}/remove")
async def remove_time_off(
    request: AnyRequest,
    team_member_id: FromPath[UUID],
    time_off_id: FromPath[UUID],
    desk: NamedDependency[Desk],
) -> Response[str] | Redirect:
    """Let a team member work after all."""
    form, member = await submitted(request), await _member(desk, team_member_id)
    path = f"{_path(desk)}/{member.team_member_id}/time-off/{time_off_id}"
    await desk.api.delete(path, Nothing, key=form.key)
    return desk.done(_page_of(desk, member), f"{member.name} works then after all.")


async def _team(desk: Desk) -> Sequence[TeamMemberView]:
    return (await desk.api.get(_path(desk), TeamMemberList)).team_members


async def _member(desk: Desk, team_member_id: UUID) -> TeamMemberView:
    for each in await _team(desk):
        if each.team_member_id == team_member_id:
            return each
    raise not_found("such team member")


async def _form_page(
    desk: Desk,
    member: TeamMemberView | None,
    week: Sequence[Day],
    form: Form | None = None,
    problem: Problem | None = None,
    *,
    off: Form | None = None,
    off_problem: Problem | None = None,
) -> Response[str]:
    """Show the form of a team member, or of a new one; `off` is a time off that is refused."""
    refusal = problem or off_problem
    chosen = form.many("service") if form else member.service_ids if member else ()
    return desk.page(
        "office/team/member.html",
        status=refusal.status if refusal else 200,
        member=member,
        called=form.text("name") if form else member.name if member else "",
        chosen={str(each) for each in chosen},
        week=week,
        services=await services_of(desk),
        time_off=_to_come(member, datetime.now(UTC)) if member else [],
        off=off or Form(),
        problem=problem,
        off_problem=off_problem,
    )


def _path(desk: Desk) -> str:
    return f"/v1/locations/{desk.location_id}/team-members"


def _page_of(desk: Desk, member: TeamMemberView) -> str:
    return f"{desk.here}/team/{member.team_member_id}"


def _fields(form: Form) -> dict[str, Any]:
    return {
        "name": form.text("name"),
        "service_ids": form.many("service"),
        "working_hours": hours_in(form),
    }


def _stretch(form: Form, desk: Desk) -> dict[str, str]:
    """Return what the fields of a time off say by the location's clock, as instants."""
    start, end = (_instant(form, name, desk) for name in ("start", "end"))
    if end <= start:
        raise invalid_field("end", "The end must be later than the start.")
    return {"start": start.isoformat(), "end": end.isoformat()}


def _instant(form: Form, name: str, desk: Desk) -> datetime:
    try:
        local = datetime.fromisoformat(form.text(name))
    except ValueError as error:
        raise invalid_field(name, "Choose a day and a time.") from error
    return local.replace(tzinfo=desk.zone).astimezone(UTC)


def _to_come(member: TeamMemberView, now: datetime) -> list[TimeOffView]:
    return [each for each in member.time_off if each.end > now]
