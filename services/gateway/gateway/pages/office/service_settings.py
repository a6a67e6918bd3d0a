"""The settings of one service, in tabs; what a tab does not show stays as it is."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from contracts.booking import ServiceForm
from contracts.booking_views import ServiceView
from contracts.problems import SETTINGS_CONFLICT
from contracts.reply import Problem
from gateway.pages.amounts import typed_as
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.office.services import categories_of, price_in, services_path
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/services/{service_id:uuid}"

BASICS: Final = "basics"
ONLINE_BOOKING: Final = "online-booking"
ADVANCED: Final = "advanced"
TABS: Final = {
    BASICS: "Basics",
    ONLINE_BOOKING: "Online booking",
    ADVANCED: "Advanced settings",
}


@get(_PATH)
async def show_service(
    service_id: FromPath[UUID], desk: NamedDependency[Desk], tab: FromQuery[str] = BASICS
) -> Response[str]:
    """Show a tab of a service's settings."""
    return await _page(desk, await _service(desk, service_id), tab)


@post(_PATH)
async def change_service(
    request: AnyRequest, service_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Change what one tab shows; bookings that were made keep the settings they had (A17)."""
    form, service = await submitted(request), await _service(desk, service_id)
    tab = _known(form.text("tab"))
    try:
        fields = {**_settings_of(service), **_changed(tab, form, desk)}
        path = f"{services_path(desk)}/{service.service_id}"
        await desk.api.put(path, fields, ServiceView, key=form.key)
    except ProblemError as refused:
        return await _page(desk, service, tab, form, refused.problem)
    return desk.done(f"{_page_of(desk, service)}?tab={tab}", "The settings are saved.")


@post(_PATH + "/duplicate")
async def duplicate_service(
    request: AnyRequest, service_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Offer a copy of a service, by the same team members.

    As the way out of rule G2, `copy_for` is what the copy has instead: "members" or "prepayment".
    An original that had neither is prepaid then, so that each has one.
    """
    form = await submitted(request)
    service, copy_for = await _service(desk, service_id), form.text("copy_for")
    path = f"{services_path(desk)}/{service.service_id}"
    fields = {"name": form.text("name") or f"{service.name[:190]} (copy)", **_for(copy_for)}
    try:
        if copy_for == "members" and not service.online_prepayment:
            prepaid = _settings_of(service) | {"online_prepayment": True}
            await desk.api.put(path, prepaid, ServiceView, key=f"{form.key}-original")
        copy = await desk.api.post(
            f"{path}/duplicates", fields, ServiceView, key=form.key, action="duplicate service"
        )
    except ProblemError as refused:
        tab = form.text("tab")
        return await _page(desk, service, tab, problem=refused.problem)
    return desk.done(
        f"{_page_of(desk, copy)}?tab={ONLINE_BOOKING}",
        f"{service.name} stays as it is. This is its copy, {copy.name}."
        if not copy_for
        else f"{copy.name} is offered now, beside {service.name}.",
    )


async def _service(desk: Desk, service_id: UUID) -> ServiceView:
    return await desk.api.get(f"{services_path(desk)}/{service_id}", ServiceView)


async def _page(
    desk: Desk,
    service: ServiceView,
    tab: str,
    form: Form | None = None,
    problem: Problem | None = None,
) -> Response[str]:
    tab = _known(tab)
    conflicting = problem is not None and problem.type == SETTINGS_CONFLICT.uri
    return desk.page(
        "office/services/detail.html",
        status=problem.status if problem else 200,
        service=service,
        tab=tab,
        tabs=TABS,
        values=_as_shown(service) | (_as_typed(tab, form) if form else {}),
        categories=await categories_of(desk),
        policy=desk.location.online_payment.individual
        if service.kind == "individual"
        else desk.location.online_payment.group,
        problem=problem,
        conflicting=conflicting,
        copy_for="prepayment" if service.membership_booking else "members",
    )


def _known(tab: str) -> str:
    return tab if tab in TABS else BASICS


def _page_of(desk: Desk, service: ServiceView) -> str:
    return f"{desk.here}/services/{service.service_id}"


def _settings_of(service: ServiceView) -> dict[str, Any]:
    """Return the form that would leave a service as it is."""
    kept = service.model_dump(mode="json", include=set(ServiceForm.model_fields))
    return kept | {"price": service.price.amount}


def _changed(tab: str, form: Form, desk: Desk) -> Mapping[str, Any]:
    """Return what the fields of a tab make of the service."""
    if tab == ONLINE_BOOKING:
        return {name: form.flag(name) for name in ("membership_booking", "online_prepayment")}
    if tab == ADVANCED:
        return {
            "automatic_debiting": form.flag("automatic_debiting"),
            "free_cancellation_hours": form.number("free_cancellation_hours"),
        }
    return {
        "name": form.text("name"),
        "duration_minutes": form.number("duration_minutes"),
        "price": price_in(form, desk),
        "category_id": form.optional("category_id"),
    }


def _as_shown(service: ServiceView) -> dict[str, Any]:
    return _settings_of(service) | {
        "price": typed_as(service.price.amount, service.price.currency),
        "category_id": service.category_id or "",
    }


def _as_typed(tab: str, form: Form) -> dict[str, Any]:
    """Return what was typed into a tab that is refused."""
    if tab == ONLINE_BOOKING:
        return {name: form.flag(name) for name in ("membership_booking", "online_prepayment")}
    names = {
        ADVANCED: ("free_cancellation_hours",),
        BASICS: ("name", "duration_minutes", "price", "category_id"),
    }.get(tab, ())
    typed: dict[str, Any] = {name: form.text(name) for name in names}
    return typed | (
        {"automatic_debiting": form.flag("automatic_debiting")} if tab == ADVANCED else {}
    )


def _for(copy_for: str) -> Mapping[str, Any]:
    """Return the switch that a copy has instead of the other (rule G2)."""
    return {
        "members": {"membership_booking": True, "online_prepayment": False},
        "prepayment": {"membership_booking": False, "online_prepayment": True},
    }.get(copy_for, {})
