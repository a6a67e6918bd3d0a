"""The page of one issued membership, put together of what the API tells about it."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from litestar import Response

from contracts.booking_views import CategoryList, ServiceList
from contracts.membership_views import (
    ChangePage,
    MembershipTypeView,
    MembershipView,
    UsePage,
)
from contracts.reply import Problem
from contracts.sales_views import SaleList, SaleView, UnpaidVisits
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, id_in
from gateway.pages.office.clients import client_of
from gateway.pages.office.held import held_bookings
from gateway.staff import accounts

_A_PAGE: Final = 20
_SALES: Final = 100
"""Of each client the newest sales are looked at for those that the uses were part of."""


def path_of(membership_id: UUID) -> str:
    """Return the path of a membership in the API."""
    return f"/v1/memberships/{membership_id}"


async def membership_page(
    desk: Desk,
    membership_id: UUID,
    *,
    form: Form | None = None,
    refused: str = "",
    problem: Problem | None = None,
) -> Response[str]:
    """Answer with the page of a membership; the form that was `refused` has what was typed.

    Whom it is to be shared with was chosen before as `client`.
    """
    form, asked, path = form or Form(), desk.request.query_params, path_of(membership_id)
    membership = await desk.api.get(path, MembershipView)
    chosen = id_in(form.text("client") or asked.get("client", ""))
    (uses, sales), (changes, people), unpaid, sold_as, services, categories = await asyncio.gather(
        _uses(desk, f"{path}/uses", asked.get("uses")),
        _changes(desk, f"{path}/changes", asked.get("changes")),
        desk.api.get(f"{path}/unpaid-visits", UnpaidVisits),
        desk.api.get(_type_path(membership), MembershipTypeView),
        service_names(desk),
        desk.api.get(f"/v1/chains/{desk.chain_id}/categories", CategoryList),
    )
    return desk.page(
        "office/memberships/detail.html",
        status=problem.status if problem else 200,
        membership=membership,
        uses=uses,
        changes=changes,
        later={name: asked[name] for name in ("uses", "changes") if asked.get(name)},
        unpaid=unpaid,
        sold_as=sold_as,
        services=services,
        categories={each.category_id: each.name for each in categories.categories},
        sales=sales,
        people=people,
        chosen=await client_of(desk, chosen) if chosen else None,
        form=form,
        refused=refused,
        problem=problem,
        held=await held_bookings(desk, problem),
    )


async def service_names(desk: Desk) -> Mapping[UUID, str]:
    """Return the names of the location's services."""
    path = f"/v1/locations/{desk.location_id}/services"
    found = await desk.api.get(path, ServiceList)
    return {each.service_id: each.name for each in found.services}


async def _uses(
    desk: Desk, path: str, cursor: str | None
) -> tuple[UsePage, Mapping[UUID, SaleView]]:
    """Return a page of uses, and the sales that they were part of by the lines that they paid.

    What is debited automatically is part of none.
    """
    uses = await desk.api.get(path, UsePage, cursor=cursor, limit=_A_PAGE)
    clients = {use.client_id for use in uses.uses if not use.automatic}
    found = await asyncio.gather(*(_newest_sales(desk, client_id) for client_id in clients))
    return uses, dict(_by_line(sale for page in found for sale in page.sales))


async def _changes(
    desk: Desk, path: str, cursor: str | None
) -> tuple[ChangePage, Mapping[UUID, str]]:
    """Return a page of what was done, and the names of the staff, who did most of it."""
    changes = await desk.api.get(path, ChangePage, cursor=cursor, limit=_A_PAGE)
    staff = await accounts.of_chain(desk.request.app.state.database, desk.chain_id)
    return changes, {each.staff_id: each.name for each in staff}


async def _newest_sales(desk: Desk, client_id: UUID) -> SaleList:
    path = f"/v1/chains/{desk.chain_id}/clients/{client_id}/sales"
    return await desk.api.get(path, SaleList, limit=_SALES)


def _by_line(sales: Iterable[SaleView]) -> Iterable[tuple[UUID, SaleView]]:
    for sale in sales:
        for line in sale.lines:
            if line.line_id is not None and line.paid_by == "membership":
                yield line.line_id, sale


def _type_path(membership: MembershipView) -> str:
    return f"/v1/chains/{membership.chain_id}/membership-types/{membership.membership_type_id}"
