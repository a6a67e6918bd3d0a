"""What is offered at a location: services by category, and the forms for new ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from contracts.booking_views import CategoryList, ServiceList, ServiceView, TeamMemberList
from contracts.reply import Problem
from gateway.pages.amounts import NotAnAmountError, minor_units
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.inner import Nothing
from web.problems import ProblemError, invalid_field

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/services"


@dataclass(frozen=True, slots=True)
class _Section:
    """The services of one category, or of none."""

    name: str
    services: Sequence[ServiceView]


@get(_PATH)
async def show_services(desk: NamedDependency[Desk]) -> Response[str]:
    """Show the services of the location by category, and the form for one more category."""
    return await _list(desk)


@get(_PATH + "/new")
async def show_new_service(desk: NamedDependency[Desk]) -> Response[str]:
    """Show the form for one more service."""
    return await _new(desk, Form())


@post(_PATH)
async def create_service(
    request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Offer a service; its settings for online booking come next."""
    form = await submitted(request)
    try:
        fields: Mapping[str, Any] = {
            "name": form.text("name"),
            "kind": form.text("kind"),
            "duration_minutes": form.number("duration_minutes"),
            "price": price_in(form, desk),
            "category_id": form.optional("category_id"),
        }
        service = await desk.api.post(
            services_path(desk), fields, ServiceView, key=form.key, action="add service"
        )
    except ProblemError as refused:
        return await _new(desk, form, refused.problem)
    return desk.done(
        f"{desk.here}/services/{service.service_id}?tab=online-booking",
        f"{service.name} is offered now. This is how it is booked online.",
    )


@post(_PATH + "/categories")
async def create_category(
    request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Add a category, which membership types may cover as a whole."""
    form = await submitted(request)
    fields = {"name": form.text("name")}
    path = f"/v1/chains/{desk.chain_id}/categories"
    try:
        await desk.api.post(path, fields, Nothing, key=form.key, action="add category")
    except ProblemError as refused:
        return await _list(desk, form, refused.problem)
    return desk.done(f"{desk.here}/services", f"The category {fields['name']} is added.")


def services_path(desk: Desk) -> str:
    """Return the path of a location's services in the public API."""
    return f"/v1/locations/{desk.location_id}/services"


def price_in(form: Form, desk: Desk) -> int:
    """Return the price of a form in minor units; raises `ProblemError` about what is none."""
    try:
        return minor_units(form.text("price"), desk.location.currency)
    except NotAnAmountError as error:
        raise invalid_field("price", str(error)) from error


async def categories_of(desk: Desk) -> Mapping[UUID, str]:
    """Return the names of the chain's categories, in their order."""
    path = f"/v1/chains/{desk.chain_id}/categories"
    found = (await desk.api.get(path, CategoryList)).categories
    return {each.category_id: each.name for each in found}


async def services_of(desk: Desk) -> Sequence[ServiceView]:
    """Return the services of the location, by name."""
    return (await desk.api.get(services_path(desk), ServiceList)).services


async def _list(
    desk: Desk, form: Form | None = None, problem: Problem | None = None
) -> Response[str]:
    categories, services = await categories_of(desk), await services_of(desk)
    path = f"/v1/locations/{desk.location_id}/team-members"
    team = (await desk.api.get(path, TeamMemberList)).team_members
    return desk.page(
        "office/services/list.html",
        status=problem.status if problem else 200,
        sections=_by_category(services, categories),
        empty_categories=[
            name
            for category_id, name in categories.items()
            if all(each.category_id != category_id for each in services)
        ],
        performed={service_id for each in team for service_id in each.service_ids},
        form=form or Form(),
        problem=problem,
    )


async def _new(desk: Desk, form: Form, problem: Problem | None = None) -> Response[str]:
    return desk.page(
        "office/services/new.html",
        status=problem.status if problem else 200,
        categories=await categories_of(desk),
        form=form,
        problem=problem,
    )


def _by_category(services: Sequence[ServiceView], categories: Mapping[UUID, str]) -> list[_Section]:
    """Return the categories that have services; services without a category come last."""
    sections = [
        _Section(name, [each for each in services if each.category_id == category_id])
        for category_id, name in categories.items()
    ]
    others = [each for each in services if each.category_id not in categories]
    sections.append(_Section("Without a category" if categories else "All services", others))
    return [section for section in sections if section.services]
