"""Who may use a membership beside its owner: adding and removing shared clients (S1, S2)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.membership_views import MembershipList, MembershipView, RemovalPlan
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import submitted
from gateway.pages.office.clients import client_of
from gateway.pages.office.held import appointments
from gateway.pages.office.membership import membership_page, path_of, service_names
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/memberships/{membership_id:uuid}"
_ONE = _PATH + "/shared-clients/{client_id:uuid}"


@post(_PATH + "/share")
async def share_membership(
    request: AnyRequest, membership_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Let a client use a membership beside its owner."""
    form = await submitted(request)
    path, fields = f"{path_of(membership_id)}/shared-clients", {"client_id": form.text("client")}
    try:
        shared = await desk.api.post(
            path, fields, MembershipView, key=form.key, action="share membership"
        )
    except ProblemError as refused:
        return await membership_page(
            desk, membership_id, form=form, refused="share", problem=refused.problem
        )
    client = await client_of(desk, UUID(fields["client_id"]))
    said = f"{client.name} may use the membership “{shared.name}” from now on."
    return desk.done(f"{desk.here}/memberships/{membership_id}", said)


@get(_ONE + "/removal")
async def show_removal(
    membership_id: FromPath[UUID], client_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str]:
    """Say which bookings of a shared client are held on a membership, and what becomes of them."""
    return await _removal_page(desk, membership_id, client_id)


@post(_ONE + "/remove")
async def unshare_membership(
    request: AnyRequest,
    membership_id: FromPath[UUID],
    client_id: FromPath[UUID],
    desk: NamedDependency[Desk],
) -> Response[str] | Redirect:
    """Remove a shared client: what is held moves to another membership, or is released."""
    form = await submitted(request)
    path = f"{path_of(membership_id)}/shared-clients/{client_id}"
    try:
        await desk.api.delete(path, MembershipView, key=form.key, action="remove shared client")
    except ProblemError as refused:
        return await _removal_page(desk, membership_id, client_id, refused.problem)
    client = await client_of(desk, client_id)
    said = f"{client.name or 'The erased client'} may not use the membership any more."
    return desk.done(f"{desk.here}/memberships/{membership_id}", said)


async def _removal_page(
    desk: Desk, membership_id: UUID, client_id: UUID, problem: Problem | None = None
) -> Response[str]:
    path = path_of(membership_id)
    membership = await desk.api.get(path, MembershipView)
    plan = await desk.api.get(f"{path}/shared-clients/{client_id}/removal", RemovalPlan)
    return desk.page(
        "office/memberships/removal.html",
        status=problem.status if problem else 200,
        membership=membership,
        plan=plan,
        client=await client_of(desk, client_id),
        known=await appointments(desk, [hold.appointment_id for hold in plan.holds]),
        services=await service_names(desk),
        others=await _names_of_memberships(desk, client_id),
        problem=problem,
    )


async def _names_of_memberships(desk: Desk, client_id: UUID) -> Mapping[UUID, str]:
    found = await desk.api.get(f"/v1/clients/{client_id}/memberships", MembershipList)
    return {each.membership_id: each.name for each in found.memberships}
