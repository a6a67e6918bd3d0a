"""Bills of visits."""

from litestar import Response
from litestar.di import NamedDependency

from contracts.sales_views import BillView
from gateway.api.routes import question
from gateway.queries import Reading


@question("/v1/visits/{visit_id:uuid}/bill", BillView, tag="Sales")
async def get_bill(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return what a visit costs, what sessions and money have paid, and what is owed."""
    return await reading.pass_on("sales")
