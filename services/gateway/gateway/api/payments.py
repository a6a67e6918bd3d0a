"""Online payments."""

from litestar import Response
from litestar.di import NamedDependency

from contracts.sales_views import PaymentView
from gateway.api.routes import question
from gateway.queries import Reading

_PATH = "/v1/locations/{location_id:uuid}/payments/{payment_id:uuid}"


@question(_PATH, PaymentView, tag="Sales")
async def get_payment(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return an online payment: where to pay, until when, and what became of it."""
    return await reading.pass_on("sales")
