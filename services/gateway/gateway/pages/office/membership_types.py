"""Membership types: what is sold, what it covers, and its settings."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.booking_views import (
    CategoryList,
    CategoryView,
    LocationList,
    LocationView,
    ServiceList,
    ServiceView,
)
from contracts.membership_views import MembershipTypeList, MembershipTypeView
from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import id_in, submitted
from gateway.pages.inner import Api
from gateway.pages.type_drafts import (
    Bucket,
    Draft,
    draft_in,
    draft_of,
    errors_at_buckets,
    type_form,
)
from gateway.staff import StaffRole
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/membership-types"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a type can cover: services by their locations, categories, and where it is taken.

    Only owners see other locations; `elsewhere` are services of those, which stay covered.
    """

    locations: Sequence[LocationView]
    services: Sequence[tuple[LocationView, Sequence[ServiceView]]]
    categories: Sequence[CategoryView]
    elsewhere: Collection[str] = ()

    def has_all(self, view: MembershipTypeView | None) -> bool:
        """Return whether all locations that take a type are seen here: else owners change it."""
        seen = {each.location_id for each in self.locations}
        return view is None or seen.issuperset(view.location_ids)

    @property
    def names(self) -> dict[UUID, str]:
        """The names of services and categories, by their ids."""
        services = {each.service_id: each.name for _, all_ in self.services for each in all_}
        return services | {each.category_id: each.name for each in self.categories}


@get(_PATH)
async def show_membership_types(desk: NamedDependency[Desk]) -> Response[str]:
    """Show the membership types of the chain, and what they cover."""
    choice, found = await asyncio.gather(
        _choice(desk), desk.api.get(_api(desk), MembershipTypeList)
    )
    return desk.page(
        "office/membership_types/list.html", types=found.membership_types, names=choice.names
    )


@get(_PATH + "/new")
async def show_new_membership_type(desk: NamedDependency[Desk]) -> Response[str]:
    """Show the form of a new membership type."""
    return await _page(desk, Draft(buckets=[Bucket()]))


@post(_PATH + "/new")
async def create_membership_type(
    request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Offer a membership type; the other buttons of the form add and remove counts."""
    form = await submitted(request)
    draft = draft_in(form)
    if not form.has("save"):
        return await _page(desk, draft)
    fields, problem = type_form(draft, form, desk.location.currency)
    if problem:
        return await _page(desk, draft, problem=problem)
    try:
        made = await _widest(desk).post(_api(desk), fields, MembershipTypeView, key=form.key)
    except ProblemError as refused:
        return await _page(desk, draft, problem=refused.problem)
    path = f"{desk.here}/membership-types/{made.membership_type_id}"
    return desk.done(path, f"{made.name} can be sold now.")


@get(_PATH + "/{membership_type_id:uuid}")
async def show_membership_type(
    membership_type_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str]:
    """Show a membership type; who may change it has its form."""
    view = await _type(desk, membership_type_id)
    return await _page(desk, draft_of(view), view)


@post(_PATH + "/{membership_type_id:uuid}")
async def change_membership_type(
    request: AnyRequest, membership_type_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Replace a membership type; memberships issued already keep what they were sold with."""
    form = await submitted(request)
    view, draft = await _type(desk, membership_type_id), draft_in(form)
    if not form.has("save"):
        return await _page(desk, draft, view)
    fields, problem = type_form(draft, form, view.price.currency)
    if problem:
        return await _page(desk, draft, view, problem)
    try:
        path = f"{_api(desk)}/{membership_type_id}"
        await _widest(desk).put(path, fields, MembershipTypeView, key=form.key)
    except ProblemError as refused:
        return await _page(desk, draft, view, refused.problem)
    return desk.done(f"{desk.here}/membership-types/{membership_type_id}", "It is saved.")


async def _page(
    desk: Desk,
    draft: Draft,
    view: MembershipTypeView | None = None,
    problem: Problem | None = None,
) -> Response[str]:
    choice = await _choice(desk, draft.buckets)
    may_change = desk.may("change_membership_type") and choice.has_all(view)
    return desk.page(
        f"office/membership_types/{'detail' if view and not may_change else 'form'}.html",
        status=problem.status if problem else 200,
        draft=draft,
        type=view,
        choice=choice,
        currency=view.price.currency if view else desk.location.currency,
        problem=errors_at_buckets(problem),
    )


async def _type(desk: Desk, membership_type_id: UUID) -> MembershipTypeView:
    return await desk.api.get(f"{_api(desk)}/{membership_type_id}", MembershipTypeView)


async def _choice(desk: Desk, buckets: Sequence[Bucket] = ()) -> Choice:
    """Return what can be covered; ids of services that were merged become those they mean now."""
    api = _widest(desk)
    locations, categories = await asyncio.gather(
        api.get(f"/v1/chains/{desk.chain_id}/locations", LocationList),
        api.get(f"/v1/chains/{desk.chain_id}/categories", CategoryList),
    )
    shown = locations.locations
    services = await asyncio.gather(*(_services(api, each) for each in shown))
    known = {str(one.service_id) for all_ in services for one in all_}
    for bucket in buckets:
        bucket.services = await _meant(api, shown, bucket.services, known)
    covered = {one for bucket in buckets for one in bucket.services}
    return Choice(
        locations=shown,
        services=tuple(zip(shown, services, strict=True)),
        categories=categories.categories,
        elsewhere=covered - known,
    )


def _widest(desk: Desk) -> Api:
    """Return the API of the whole chain for owners, and that of the location for others."""
    return desk.chain_api if desk.role.includes(StaffRole.OWNER) else desk.api


async def _services(api: Api, location: LocationView) -> Sequence[ServiceView]:
    path = f"/v1/locations/{location.location_id}/services"
    return (await api.get(path, ServiceList)).services


async def _meant(
    api: Api, locations: Sequence[LocationView], service_ids: Collection[str], known: set[str]
) -> set[str]:
    """Return the services that ids mean: those of before a merge mean the merged one (A17)."""
    unknown = [one for one in service_ids if one not in known and id_in(one)]
    found = await asyncio.gather(*(_kept(api, locations, one) for one in unknown))
    return {*found, *(one for one in service_ids if one not in unknown)}


async def _kept(api: Api, locations: Sequence[LocationView], service_id: str) -> str:
    for location in locations:
        path = f"/v1/locations/{location.location_id}/services/{service_id}"
        try:
            return str((await api.get(path, ServiceView)).service_id)
        except ProblemError:
            continue
    return service_id


def _api(desk: Desk) -> str:
    return f"/v1/chains/{desk.chain_id}/membership-types"
