"""Services that become one, for owners (rules A11, A17)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from contracts.booking_views import ServiceView
from contracts.problems import SETTINGS_CONFLICT
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, id_in, submitted
from gateway.pages.office.services import services_of, services_path
from web.problems import ProblemError, invalid_field

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/services/merging"


@get(_PATH)
async def show_merging(
    request: AnyRequest, desk: NamedDependency[Desk], into: FromQuery[str] = ""
) -> Response[str]:
    """Show step by step which services become which, and what it will have."""
    chosen = request.query_params.getall("service", [])
    return await _page(desk, id_in(into), {id_in(str(each)) for each in chosen})


@post(_PATH)
async def merge_services(
    request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Merge services: bookings and memberships follow, and the old ids go on working."""
    form = await submitted(request)
    into, merged = id_in(form.text("into")), form.many("service")
    try:
        service = await _merged(desk, into, form)
    except ProblemError as refused:
        return await _page(desk, into, {id_in(each) for each in merged}, refused.problem)
    count = "One service is" if len(merged) == 1 else f"{len(merged)} services are"
    return desk.done(
        f"{desk.here}/services/{service.service_id}?tab=advanced",
        f"{count} {service.name} now.",
    )


async def _merged(desk: Desk, into: UUID | None, form: Form) -> ServiceView:
    if into is None:
        raise invalid_field("into", "Choose the service that stays.")
    path = f"{services_path(desk)}/{into}/merge"
    fields = {"service_ids": form.many("service")}
    return await desk.chain_api.post(
        path, fields, ServiceView, key=form.key, action="merge services"
    )


async def _page(
    desk: Desk, into: UUID | None, chosen: set[UUID | None], problem: Problem | None = None
) -> Response[str]:
    services = await services_of(desk)
    target = next((each for each in services if each.service_id == into), None)
    others = [each for each in services if target and _can_become(each, target)]
    merged = [each for each in others if each.service_id in chosen]
    return desk.page(
        "office/services/merging.html",
        status=problem.status if problem else 200,
        services=services,
        target=target,
        others=others,
        merged=merged,
        result=_foreseen(target, merged) if target and merged else None,
        problem=problem,
        conflicting=problem is not None and problem.type == SETTINGS_CONFLICT.uri,
    )


def _can_become(service: ServiceView, target: ServiceView) -> bool:
    return service.service_id != target.service_id and service.kind == target.kind


def _foreseen(target: ServiceView, merged: Sequence[ServiceView]) -> ServiceView:
    """Return what the merged service will have: whatever one of them has on, the fewest hours."""
    together = [target, *merged]
    return target.model_copy(
        update={
            "membership_booking": any(each.membership_booking for each in together),
            "online_prepayment": any(each.online_prepayment for each in together),
            "automatic_debiting": any(each.automatic_debiting for each in together),
            "free_cancellation_hours": min(each.free_cancellation_hours for each in together),
        }
    )
