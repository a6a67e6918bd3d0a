"""What sales can be asked: SQL straight to the answer."""

from uuid import UUID

from contracts.sales_views import BillLineView, BillView
from contracts.values import Money
from postgres import Database
from sales.domain.bills import Bill, Visit
from sales.domain.sales import Sale
from sales.store import bills
from sales.store import sales as sales_store

_SALE = "SELECT * FROM sales WHERE sale_id = $1"
_BILL = """
SELECT visit_id, chain_id, location_id, client_id, revision FROM bills WHERE visit_id = $1
"""


async def sale(database: Database, sale_id: UUID) -> Sale | None:
    """Return a sale."""
    row = await database.pool.fetchrow(_SALE, sale_id)
    return None if row is None else sales_store.sale(row)


async def visit(database: Database, visit_id: UUID) -> Visit | None:
    """Return a visit with all that its bill is computed from, as it was at one instant."""
    async with (
        database.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await connection.fetchrow(_BILL, visit_id)
        if row is None:
            return None
        found = bills.visit(row)
        await bills.load_appointments(connection, {visit_id: found})
        return found


def bill_view(visit: Visit, bill: Bill) -> BillView:
    """Return the bill of a visit as callers see it, with the lines that stand."""

    def money(amount: int) -> Money:
        return Money(amount=amount, currency=bill.currency)

    return BillView(
        visit_id=visit.visit_id,
        location_id=visit.owner.location_id,
        client_id=visit.owner.client_id,
        revision=visit.revision,
        total=money(bill.total),
        debited=money(bill.debited),
        paid=money(bill.paid),
        owed=money(bill.owed),
        payment_status=bill.payment_status.value,
        lines=tuple(
            BillLineView(
                line_id=each.line.line_id,
                appointment_id=appointment_id,
                service_name=each.line.service_name,
                price=money(each.line.price),
                debited=each.debited,
                membership_id=each.membership_id,
            )
            for appointment_id, each in bill.lines
        ),
    )
