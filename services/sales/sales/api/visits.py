"""HTTP in: bills, payments and clocks, for those within whose reach they are."""

from typing import Final
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from clocks import Clocks
from contracts.booking_views import TestClockView
from contracts.sales_views import BillView, PaymentView
from postgres import Database
from sales import announcements, queries
from sales.api.reading import sees
from web import Principal
from web.problems import not_found


@get("/visits/{visit_id:uuid}/bill")
async def get_bill(
    visit_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> BillView:
    """Return the bill of a visit: what it costs, what is paid of it, and the rest."""
    found = await queries.bill(database, visit_id)
    if found is None or not sees(principal, found[0].owner.chain_id, found[0].owner.location_id):
        raise not_found(f"visit {visit_id}")
    return found[1]


@get("/locations/{location_id:uuid}/payments/{payment_id:uuid}")
async def get_payment(
    location_id: FromPath[UUID],
    payment_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> PaymentView:
    """Return an online payment: how far it is, and where to pay.

    Its id is told to nobody but who booked, so whoever knows it at the location may see it.
    """
    payment = await queries.payment(database, payment_id)
    if (
        payment is None
        or payment.owner.location_id != location_id
        or not principal.reaches(payment.owner.chain_id, location_id)
    ):
        raise not_found(f"payment {payment_id}")
    return announcements.payment_view(payment)


@get("/chains/{chain_id:uuid}/clock")
async def get_clock(
    chain_id: FromPath[UUID],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
    clocks: NamedDependency[Clocks],
) -> TestClockView:
    """Return the time in a chain, as far as sales has heard of its clock."""
    if not principal.reaches(chain_id):
        raise not_found(f"chain {chain_id}")
    return await queries.clock(database, clocks, chain_id)


ROUTES: Final = (get_bill, get_payment, get_clock)
