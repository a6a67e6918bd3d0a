"""Refunds of sales."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking_views import LocationView
from contracts.sales import RefundForm, RefundSale
from contracts.sales_views import SaleView
from gateway.api.routes import command
from gateway.commands import Submission
from gateway.queries import Reading
from web.problems import not_found


@command("/v1/locations/{location_id:uuid}/sales/{sale_id:uuid}/refunds", SaleView, tag="Sales")
async def refund_sale(
    location_id: FromPath[UUID],
    sale_id: FromPath[UUID],
    data: JSONBody[RefundForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Refund a sale in part or whole: money goes back, and sessions to where they came from."""
    location = await reading.found("booking", f"/locations/{location_id}", LocationView)
    if location is None:
        raise not_found(f"location {location_id}")
    return await submission.send(
        RefundSale(
            refund_id=submission.new_id("refund"),
            sale_id=sale_id,
            chain_id=location.chain_id,
            location_id=location_id,
            refund=data,
        )
    )
