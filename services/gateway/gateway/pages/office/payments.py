"""Payments at the counter: giving back what was taken for a visit outside a sale."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from contracts.sales_views import BillView
from gateway.pages.desk import Desk
from gateway.pages.forms import submitted
from gateway.pages.office.visit_sale import visit_sale_page
from web.problems import ProblemError

AnyRequest = Request[Any, Any, Any]


@post("/{location_id:uuid}/visits/{visit_id:uuid}/payments/{payment_id:uuid}/undo")
async def undo_payment(
    request: AnyRequest,
    visit_id: FromPath[UUID],
    payment_id: FromPath[UUID],
    desk: NamedDependency[Desk],
) -> Response[str] | Redirect:
    """Give the money of a payment back; before the start, sessions are planned to pay again."""
    form = await submitted(request)
    visit = f"/v1/locations/{desk.location_id}/visits/{visit_id}"
    try:
        await desk.api.post(f"{visit}/payments/{payment_id}/undo", {}, BillView, key=form.key)
    except ProblemError as refused:
        return await visit_sale_page(desk, visit_id, problem=refused.problem)
    return desk.done(f"{desk.here}/visits/{visit_id}/sale", "The payment is undone.")
