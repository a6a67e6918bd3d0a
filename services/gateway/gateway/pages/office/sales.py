"""Sales: the list, the receipt of one, and selling without a visit."""

import asyncio
from collections.abc import Collection
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from contracts.booking_views import ClientView
from contracts.membership_views import MembershipTypeList, MembershipTypeView, MembershipView
from contracts.reply import Problem
from contracts.sales_views import BillView, SaleList, SaleView
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, id_in, submitted
from gateway.pages.rendering import money
from gateway.pages.selling import (
    Order,
    fields_of_rows,
    forms_of,
    memberships,
    named_on_the_page,
    products,
    rows_of,
)
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/sales"
_AT_ONCE = 25


@get(_PATH)
async def show_sales(
    desk: NamedDependency[Desk], client: FromQuery[str] = "", cursor: FromQuery[str] = ""
) -> Response[str]:
    """Show the sales of the location, newest first; with a client only those to this one."""
    client_id = id_in(client)
    path = f"/v1/locations/{desk.location_id}/sales"
    found = await desk.api.get(
        path, SaleList, client_id=client_id, cursor=cursor or None, limit=_AT_ONCE
    )
    return desk.page(
        "office/sales/list.html",
        sales=found.sales,
        names=found.names,
        chosen=await client_of(desk, client_id) if client_id else None,
        next_cursor=found.next_cursor,
        is_first=not cursor,
    )


@get(_PATH + "/new")
async def show_new_sale(
    desk: NamedDependency[Desk], client: FromQuery[str] = "", membership_type: FromQuery[str] = ""
) -> Response[str]:
    """Show the form of a sale without a visit, or first whom it is for."""
    client_id, type_id = id_in(client), id_in(membership_type)
    if client_id is None:
        return desk.page("office/sales/whom.html", type_id=type_id)
    row = "membership0"
    chosen = Form([("membership", row), (f"{row}-membership_type_id", str(type_id or ""))])
    return await _form(desk, client_id, chosen)


@post(_PATH + "/new")
async def make_new_sale(
    request: AnyRequest, desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Sell memberships and products; the other buttons of the form only reckon anew."""
    form = await submitted(request)
    client_id = id_in(form.text("client_id"))
    if client_id is None:
        return desk.page("office/sales/whom.html", status=400, type_id=None)
    if not form.has("sell"):
        return await _form(desk, client_id, form)
    order = Order(desk.location.currency)
    order.lines += memberships(form, order, await types_sold_here(desk))
    order.lines += products(form, order)
    if problem := order.problem():
        return await _form(desk, client_id, form, problem)
    try:
        sale = await sell(desk, form, order)
    except ProblemError as refused:
        problem = named_on_the_page(refused.problem, order.lines)
        return await _form(desk, client_id, form, problem)
    return desk.done(f"{desk.here}/sales/{sale.sale_id}", said_of(sale))


@get(_PATH + "/{sale_id:uuid}")
async def show_sale(sale_id: FromPath[UUID], desk: NamedDependency[Desk]) -> Response[str]:
    """Show the receipt of a sale: its lines, what paid them, and the bill of its visit."""
    sale = await sale_here(desk, sale_id)
    client, found, bill = await asyncio.gather(
        client_of(desk, sale.client_id),
        memberships_named(desk, {line.membership_id for line in sale.lines if line.membership_id}),
        _bill(desk, sale.visit_id),
    )
    return desk.page(
        "office/sales/receipt.html", sale=sale, client=client, memberships=found, bill=bill
    )


async def sell(desk: Desk, form: Form, order: Order, visit_id: UUID | None = None) -> SaleView:
    """Make the sale that a form asks for; raises `ProblemError` when it is refused."""
    fields = {
        "client_id": form.text("client_id"),
        "visit_id": str(visit_id) if visit_id else None,
        "lines": forms_of(order.lines),
        "method": form.text("method") or "cash",
    }
    path = f"/v1/locations/{desk.location_id}/sales"
    return await desk.api.post(path, fields, SaleView, key=form.key, action="sell")


async def sale_here(desk: Desk, sale_id: UUID) -> SaleView:
    """Return a sale of this location; raises `ProblemError` for any other."""
    return await desk.api.get(f"/v1/sales/{sale_id}", SaleView)


async def client_of(desk: Desk, client_id: UUID) -> ClientView:
    """Return a client of the chain."""
    return await desk.api.get(f"/v1/chains/{desk.chain_id}/clients/{client_id}", ClientView)


async def memberships_named(
    desk: Desk, membership_ids: Collection[UUID]
) -> dict[UUID, MembershipView]:
    """Return memberships by their ids, with the names of their owners."""
    found = await asyncio.gather(
        *(desk.api.get(f"/v1/memberships/{one}", MembershipView) for one in membership_ids)
    )
    return dict(zip(membership_ids, found, strict=True))


async def types_sold_here(desk: Desk) -> list[MembershipTypeView]:
    """Return the membership types that this location takes and sells, by name."""
    path = f"/v1/chains/{desk.chain_id}/membership-types"
    found = await desk.api.get(path, MembershipTypeList)
    return [
        each
        for each in found.membership_types
        if each.price.currency == desk.location.currency
        and (not each.location_ids or desk.location_id in each.location_ids)
    ]


def said_of(sale: SaleView) -> str:
    """Return what the page after a sale says of it."""
    if sale.state == "awaiting_payment":
        return "The sale waits for the client's online payment."
    paid = sum(line.to_pay.amount for line in sale.lines)
    taken = f" {money(sale.to_pay)} in {sale.method}." if paid and sale.method != "online" else ""
    return f"The sale is completed.{taken}"


async def _form(
    desk: Desk, client_id: UUID, form: Form, problem: Problem | None = None
) -> Response[str]:
    client, types = await asyncio.gather(client_of(desk, client_id), types_sold_here(desk))
    order = Order(desk.location.currency)
    order.lines += memberships(form, order, types)
    order.lines += products(form, order)
    return desk.page(
        "office/sales/new.html",
        status=problem.status if problem else 200,
        client=client,
        articles={str(each.membership_type_id): each for each in types},
        to_pay=order.to_pay,
        rows_of=rows_of,
        form=form,
        refused=problem,
        beside=fields_of_rows(problem),
        problem=problem or order.typed_wrong(form),
    )


async def _bill(desk: Desk, visit_id: UUID | None) -> BillView | None:
    if visit_id is None:
        return None
    return await desk.api.get(f"/v1/visits/{visit_id}/bill", BillView)
