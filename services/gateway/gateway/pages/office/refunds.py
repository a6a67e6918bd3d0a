"""Refunds of sales, in part or whole, one membership at a time."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.membership_views import MembershipView
from contracts.problems import INVALID_REQUEST
from contracts.reply import FieldError, Problem
from contracts.sales_views import SaleView
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.office.sales import client_of, memberships_named, sale_here
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/sales/{sale_id:uuid}/refund"


@get(_PATH)
async def show_refund(sale_id: FromPath[UUID], desk: NamedDependency[Desk]) -> Response[str]:
    """Show what of a sale can be refunded, and what becomes of it."""
    return await _page(desk, sale_id)


@post(_PATH)
async def refund_sale(
    request: AnyRequest, sale_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Refund the lines that were ticked: money goes back, and sessions to where they came from."""
    form = await submitted(request)
    lines = form.many("sale_line_ids")
    if not lines:
        return await _page(desk, sale_id, form, _nothing_chosen())
    path = f"/v1/locations/{desk.location_id}/sales/{sale_id}/refunds"
    try:
        await desk.api.post(
            path, {"sale_line_ids": lines}, SaleView, key=form.key, action="refund sale"
        )
    except ProblemError as refused:
        return await _page(desk, sale_id, form, refused.problem)
    return desk.done(f"{desk.here}/sales/{sale_id}", "It is refunded.")


async def _page(
    desk: Desk, sale_id: UUID, form: Form | None = None, problem: Problem | None = None
) -> Response[str]:
    sale = await sale_here(desk, sale_id)
    named = {line.membership_id for line in sale.lines if line.membership_id}
    found = await memberships_named(desk, named)
    return desk.page(
        "office/sales/refund.html",
        status=problem.status if problem else 200,
        sale=sale,
        client=await client_of(desk, sale.client_id),
        memberships=found,
        in_use=_in_use(found, problem),
        ticked=form.many("sale_line_ids") if form else _only_line(sale),
        problem=problem,
    )


def _only_line(sale: SaleView) -> list[str]:
    """Return the line that is left to refund, if it is one alone."""
    left = [str(line.sale_line_id) for line in sale.lines if not line.refunded]
    return left if len(left) == 1 else []


def _in_use(
    memberships: Mapping[UUID, MembershipView], problem: Problem | None
) -> list[dict[str, Any]]:
    """Return which memberships cannot be taken back, and how many sessions keep them."""
    names = {str(one): view.name for one, view in memberships.items()}
    reasons = problem.reasons if problem else ()
    return [
        {"name": names.get(str(each["membership_id"]), "A membership"), **each}
        for each in reasons
        if "membership_id" in each and "used" in each
    ]


def _nothing_chosen() -> Problem:
    wrong = FieldError(field="sale_line_ids", message="Choose what is refunded.")
    return INVALID_REQUEST.problem(wrong.message, errors=(wrong,))
