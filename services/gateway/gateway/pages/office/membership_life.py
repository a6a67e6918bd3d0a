"""What is done with an issued membership: frozen, extended, adjusted, voided, used for debts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.membership_views import MembershipView
from contracts.sales_views import SettledVisits
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.office.membership import membership_page, path_of
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
Answer = Response[str] | Redirect
_PATH = "/{location_id:uuid}/memberships/{membership_id:uuid}"


@post(_PATH + "/freeze")
async def freeze_membership(
    request: AnyRequest, membership_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Answer:
    """Freeze a membership, until a day or until somebody unfreezes it."""
    form = await submitted(request)
    fields = {"until": form.optional("until")}
    return await _done(
        desk, membership_id, form, action="freeze", fields=fields, said="The membership is frozen."
    )


@post(_PATH + "/unfreeze")
async def unfreeze_membership(
    request: AnyRequest, membership_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Answer:
    """Let a frozen membership be used again."""
    form = await submitted(request)
    said = "The membership is in use again."
    return await _done(desk, membership_id, form, action="unfreeze", fields={}, said=said)


@post(_PATH + "/extend")
async def extend_membership(
    request: AnyRequest, membership_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Answer:
    """Let a membership expire later."""
    form = await submitted(request)
    fields = {"expires_on": form.optional("expires_on"), "reason": form.text("extend_reason")}
    return await _done(
        desk,
        membership_id,
        form,
        action="extend",
        fields=fields,
        said="The membership is extended.",
    )


@post(_PATH + "/adjust")
async def adjust_membership(
    request: AnyRequest, membership_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Answer:
    """Give a membership sessions, or take some; what is held is taken by force alone."""
    form = await submitted(request)
    fields = {
        "sessions": form.number("sessions"),
        "reason": form.text("adjust_reason"),
        "bucket_id": form.optional("bucket"),
        "force": form.flag("force"),
    }
    return await _done(
        desk, membership_id, form, action="adjust", fields=fields, said="The balance is adjusted."
    )


@post(_PATH + "/void")
async def void_membership(
    request: AnyRequest, membership_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Answer:
    """End a membership for good; what is held on it is released by force alone."""
    form = await submitted(request)
    fields = {"reason": form.text("void_reason"), "force": form.flag("force")}
    return await _done(
        desk, membership_id, form, action="void", fields=fields, said="The membership is voided."
    )


@post(_PATH + "/unpaid-visits")
async def settle_unpaid_visits(
    request: AnyRequest, membership_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Answer:
    """Let a membership pay all visits that were not debited, as far as it goes."""
    form = await submitted(request)
    path = f"/v1/locations/{desk.location_id}/memberships/{membership_id}/unpaid-visits"
    fields = {"line_ids": form.many("line")}
    try:
        settled = await desk.api.post(
            path, fields, SettledVisits, key=form.key, action="settle unpaid visits"
        )
    except ProblemError as refused:
        return await membership_page(
            desk, membership_id, form=form, refused="settle", problem=refused.problem
        )
    paid, left = len(settled.settled_line_ids), len(settled.refused_line_ids)
    said = f"Paid with this membership: {paid} {'visit' if paid == 1 else 'visits'}."
    return _back(desk, membership_id, f"{said} It could not pay {left}." if left else said)


async def _done(
    desk: Desk,
    membership_id: UUID,
    form: Form,
    *,
    action: str,
    fields: Mapping[str, Any],
    said: str,
) -> Answer:
    """Have an action done; refused, the page of the membership shows its form again."""
    try:
        path = f"{path_of(membership_id)}/{action}"
        await desk.api.post(path, fields, MembershipView, key=form.key)
    except ProblemError as refused:
        return await membership_page(
            desk, membership_id, form=form, refused=action, problem=refused.problem
        )
    return _back(desk, membership_id, said)


def _back(desk: Desk, membership_id: UUID, said: str) -> Redirect:
    return desk.done(f"{desk.here}/memberships/{membership_id}", said)
