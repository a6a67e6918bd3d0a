"""The sale of a visit: memberships are applied by themselves, and switched by hand (rule S5)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.reply import Problem
from gateway.pages.desk import Desk
from gateway.pages.forms import Form, submitted
from gateway.pages.office.sales import said_of, sell, types_sold_here
from gateway.pages.office.visit_scene import (
    load_scene,
    money_lines,
    rows_in,
    settled_in,
    shares_of,
)
from gateway.pages.reasons import reason_in_words
from gateway.pages.selling import (
    Line,
    Order,
    fields_of_rows,
    memberships,
    named_on_the_page,
    products,
    rows_of,
)
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]
_PATH = "/{location_id:uuid}/visits/{visit_id:uuid}/sale"


@get(_PATH)
async def show_visit_sale(visit_id: FromPath[UUID], desk: NamedDependency[Desk]) -> Response[str]:
    """Show what the visit owes, with what would pay each line by itself."""
    return await visit_sale_page(desk, visit_id)


@post(_PATH)
async def sell_for_visit(
    request: AnyRequest, visit_id: FromPath[UUID], desk: NamedDependency[Desk]
) -> Response[str] | Redirect:
    """Complete the sale as it is shown; the other buttons of its form only reckon anew."""
    form = await submitted(request)
    if not form.has("sell"):
        return await visit_sale_page(desk, visit_id, form)
    order = Order(desk.location.currency)
    order.lines += _visit_lines(form, order)
    order.lines += memberships(form, order, await types_sold_here(desk))
    order.lines += products(form, order)
    if problem := order.problem():
        return await visit_sale_page(desk, visit_id, form, problem)
    try:
        sale = await sell(desk, form, order, visit_id)
    except ProblemError as refused:
        return await visit_sale_page(
            desk, visit_id, form, named_on_the_page(refused.problem, order.lines)
        )
    return desk.done(f"{desk.here}/sales/{sale.sale_id}", said_of(sale))


def _visit_lines(form: Form, order: Order) -> Iterator[Line]:
    """Give the lines of the visit as they were shown, whatever has changed since.

    The membership that was applied by itself is named, too: it pays, or the sale is refused, but
    nobody owes money that the page did not show.
    """
    for line_id in form.many("line"):
        if form.flag(f"{line_id}-sold"):
            membership = form.text(f"{line_id}-membership", "none")
            discount = order.amount(form, f"{line_id}-discount") if membership == "none" else 0
            fields = {"kind": "visit", "line_id": line_id, "membership": membership}
            yield Line({**fields, "discount": discount or 0}, line_id)


async def visit_sale_page(
    desk: Desk, visit_id: UUID, form: Form | None = None, problem: Problem | None = None
) -> Response[str]:
    """Answer with the sale of a visit, as a form has switched it, and what was refused of it."""
    form = form or Form()
    scene = await load_scene(desk, visit_id)
    rows = rows_in(scene, form)
    order = Order(desk.location.currency)
    order.lines += money_lines(rows, form, order)
    order.lines += memberships(form, order, scene.types)
    order.lines += products(form, order)
    return desk.page(
        "office/sales/visit.html",
        status=problem.status if problem else 200,
        scene=scene,
        rows=rows,
        settled=settled_in(scene, rows),
        shares=shares_of(rows, desk.location.currency),
        to_pay=order.to_pay,
        rows_of=rows_of,
        form=form,
        refused=problem,
        beside=fields_of_rows(problem),
        problem=problem or order.typed_wrong(form),
        reason_in_words=reason_in_words,
    )
