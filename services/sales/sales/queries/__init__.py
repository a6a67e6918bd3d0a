"""What sales can be asked: SQL straight to the answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from clocks import Clocks
from contracts.booking_views import TestClockView
from contracts.sales_views import BillView
from postgres import Database
from sales import announcements
from sales.domain.counter.state import Counter, show_payments
from sales.domain.payments import ErrandKind, Payment
from sales.domain.visits import Visit, Visits
from sales.store import appointments, bills, counter, payments

_BILL = """
SELECT visit_id, chain_id, location_id, client_id, revision, currency
FROM bills
WHERE visit_id = $1
"""
_PAYMENT = "SELECT * FROM payments WHERE payment_id = $1"
_NEXT_ERRAND = """
SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float8
FROM errands
WHERE state = 'waiting'
"""
_UNDONE_ERRANDS = """
SELECT kind,
       count(*) FILTER (WHERE state = 'failed') AS failed,
       count(*) FILTER (WHERE state = 'waiting' AND (
           attempts >= 5 OR due_at < clock_timestamp() - interval '1 minute'
       )) AS late
FROM errands
WHERE state <> 'done'
GROUP BY kind
"""


class Undone(NamedTuple):
    """How many errands of a kind were declined for good, and how many wait for too long."""

    failed: int = 0
    late: int = 0


async def bill(database: Database, visit_id: UUID) -> tuple[Visit, BillView] | None:
    """Return a visit and its bill, as they were at one instant; `None` while nothing is planned."""
    async with (
        database.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        row = await connection.fetchrow(_BILL, visit_id)
        if row is None:
            return None
        found = bills.visit(row)
        await appointments.load(connection, {visit_id: found})
        payments = await counter.load_payments(connection, found.appointments)
    show_payments(Counter(Visits([found]), payments), list(found.appointments))
    computed = found.bill()
    if computed is None:
        return None
    return found, announcements.bill_view(found, computed, payments.values())


async def payment(database: Database, payment_id: UUID) -> Payment | None:
    """Return an online payment."""
    async with database.transaction() as transaction:
        rows = await transaction.fetch(_PAYMENT, payment_id)
        found = await payments.load(transaction, rows)
    return found[0] if found else None


async def seconds_until_errand(database: Database) -> float | None:
    """Return how far away the next errand is by the database's clock; below 0 it is overdue."""
    return await database.pool.fetchval(_NEXT_ERRAND)


async def undone_errands(database: Database) -> Mapping[ErrandKind, Undone]:
    """Return how many errands of each kind do not get done."""
    undone = dict.fromkeys(ErrandKind, Undone())
    for row in await database.pool.fetch(_UNDONE_ERRANDS):
        undone[ErrandKind(row["kind"])] = Undone(row["failed"], row["late"])
    return undone


async def clock(database: Database, clocks: Clocks, chain_id: UUID) -> TestClockView:
    """Return the time in a chain."""
    async with database.transaction() as transaction:
        revision, ahead = await clocks.reading(transaction, chain_id)
        now: datetime = await transaction.fetchval("SELECT now()")
    return TestClockView(
        chain_id=chain_id,
        revision=revision,
        offset_seconds=int(ahead.total_seconds()),
        now=now + ahead,
    )
