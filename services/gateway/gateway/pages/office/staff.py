"""Who works here: accounts and roles, for owners."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.booking_views import LocationList
from contracts.problems import CONFLICT
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.inner import Nothing
from gateway.staff import StaffList, StaffRole
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/staff"


@get(_PATH)
async def show_staff(desk: NamedDependency[Desk]) -> Response[str]:
    """Show who has which role where, and the form for one more."""
    return await _page(desk)


@post(_PATH)
async def add_staff(request: AnyRequest, desk: NamedDependency[Desk]) -> Response[str] | Redirect:
    """Let a person sign in, or give a role to one who does."""
    form = await submitted(request)
    is_owner = form.text("role") == StaffRole.OWNER
    fields = {
        "email": form.text("email"),
        "name": form.text("name"),
        "password": form.secret("password"),
        "role": form.text("role"),
        "location_id": None if is_owner else form.optional("location"),
    }
    try:
        path = f"/v1/chains/{desk.chain_id}/staff"
        await desk.chain_api.post(path, fields, Nothing, key=form.key, action="add staff")
    except ProblemError as refused:
        return await _page(desk, form, refused.problem)
    return desk.done(f"{desk.here}/staff", f"{fields['name']} can sign in now.")


@post(_PATH + "/{staff_id:uuid}/remove")
async def remove_staff(
    request: AnyRequest, staff_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Take all roles in the chain from a person."""
    form = await submitted(request)
    if staff_id == desk.staff.staff_id:
        detail = "You cannot remove yourself: a chain could be left without an owner."
        return await _page(desk, form, CONFLICT.problem(detail))
    path = f"/v1/chains/{desk.chain_id}/staff/{staff_id}"
    try:
        await desk.chain_api.delete(path, Nothing, key=form.key, action="remove staff")
    except ProblemError as refused:
        return await _page(desk, form, refused.problem)
    return desk.done(f"{desk.here}/staff", "The roles are withdrawn, and the sessions ended.")


async def _page(
    desk: Desk, form: Form | None = None, problem: Problem | None = None
) -> Response[str]:
    locations = await desk.chain_api.get(f"/v1/chains/{desk.chain_id}/locations", LocationList)
    staff = await desk.chain_api.get(f"/v1/chains/{desk.chain_id}/staff", StaffList)
    return desk.page(
        "office/staff.html",
        status=problem.status if problem else 200,
        staff=staff.staff,
        locations=locations.locations,
        names={each.location_id: each.name for each in locations.locations},
        form=form or Form(),
        problem=problem,
    )
