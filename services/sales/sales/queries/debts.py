"""What clients owe, from the bills of their visits as they are now."""

from collections import Counter as Counting
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from clocks import Clocks
from contracts.report_views import VisitsOwe
from contracts.sales_views import DebtList, DebtView, OwedLine, OwedLines
from contracts.values import Appointment, Money
from postgres import Database, Transaction
from sales.domain.counter.state import Counter, show_payments
from sales.domain.owing import Owed, begun_at, owed_lines
from sales.domain.visits import Visit, Visits
from sales.store import appointments, bills, clients, counter, documents

_OWING = """
SELECT visit_id, chain_id, location_id, client_id, revision, currency
FROM bills
WHERE client_id = ANY($1) AND chain_id = $2 AND owed > 0
"""
_OWED = """
SELECT visit_id, owed
FROM bills
WHERE visit_id = ANY($1) AND location_id = $2 AND owed > 0 AND ($3::uuid IS NULL OR chain_id = $3)
"""
_VISIT = """
SELECT visit_id, chain_id, location_id, client_id, revision, currency
FROM bills
WHERE visit_id = $1
"""


async def owed_by_visits(
    database: Database, location_id: UUID, chain_id: UUID | None, visit_ids: Collection[UUID]
) -> VisitsOwe:
    """Return what these visits owe, of those at a location, if in this chain."""
    rows = await database.pool.fetch(_OWED, list(visit_ids), location_id, chain_id)
    return VisitsOwe(owed={row["visit_id"]: row["owed"] for row in rows})


async def debts(
    database: Database, clocks: Clocks, chain_id: UUID, client_ids: Collection[UUID]
) -> DebtList:
    """Return what these clients owe for visits that have begun, oldest first."""
    async with snapshot(database) as transaction:
        now = await _now(transaction, clocks, chain_id)
        found = await _owing(transaction, chain_id, client_ids)
        visits = found.visits.by_id.values()
        begun = [(start, one) for one in visits if (start := begun_at(one, now)) is not None]
        kept = await clients.kept(transaction, {visit.owner.client_id for _, visit in begun})
    begun.sort(key=lambda pair: (pair[0], pair[1].visit_id))
    views = [_debt(found, start, visit, kept, now) for start, visit in begun]
    amounts = Counting[str]()
    for each in views:
        amounts[each.owed.currency] += each.owed.amount
    total = (Money(amount=amount, currency=one) for one, amount in sorted(amounts.items()))
    return DebtList(debts=tuple(views), total=tuple(total))


async def failed_lines(
    database: Database, clocks: Clocks, chain_id: UUID, client_ids: Collection[UUID]
) -> OwedLines:
    """Return the lines of these clients whose automatic debiting failed, oldest first."""
    async with snapshot(database) as transaction:
        now = await _now(transaction, clocks, chain_id)
        found = await _owing(transaction, chain_id, client_ids)
        lines = [
            each
            for visit in found.visits.by_id.values()
            for each in owed_lines(found, visit, now)
            if each.debit_failed and not each.is_taken
        ]
        lines.sort(key=lambda each: (each.start, each.appointment_id, each.line.line.ordinal))
        plans = await documents.load(transaction, {each.appointment_id for each in lines})
    return _view(lines, plans)


async def lines_of_visit(
    database: Database, clocks: Clocks, visit_id: UUID
) -> tuple[Visit, OwedLines] | None:
    """Return a visit, and its lines that nothing has paid, nor is about to."""
    async with snapshot(database) as transaction:
        rows = await transaction.fetch(_VISIT, visit_id)
        if not rows:
            return None
        found = await _load(transaction, rows)
        visit = found.visits.by_id[visit_id]
        now = await _now(transaction, clocks, visit.owner.chain_id)
        lines = [each for each in owed_lines(found, visit, now) if not each.is_taken]
        plans = await documents.load(transaction, {each.appointment_id for each in lines})
    return visit, _view(lines, plans)


@asynccontextmanager
async def snapshot(database: Database) -> AsyncGenerator[Transaction, None]:
    """Read everything as it is at one instant."""
    async with (
        database.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield connection


async def _owing(transaction: Transaction, chain_id: UUID, client_ids: Collection[UUID]) -> Counter:
    ids = await clients.with_merged(transaction, client_ids)
    return await _load(transaction, await transaction.fetch(_OWING, list(ids), chain_id))


async def _load(transaction: Transaction, rows: Iterable[object]) -> Counter:
    visits = {each.visit_id: each for each in map(bills.visit, rows)}
    await appointments.load(transaction, visits)
    ids = [one for visit in visits.values() for one in visit.appointments]
    payments = await counter.load_payments(transaction, ids)
    debits = await counter.load_debits(transaction, ids)
    found = Counter(Visits(visits.values()), payments, debits)
    show_payments(found, ids)
    return found


async def _now(transaction: Transaction, clocks: Clocks, chain_id: UUID) -> datetime:
    now: datetime = await transaction.fetchval("SELECT now()")
    return now + (await clocks.reading(transaction, chain_id)).ahead


def _debt(
    found: Counter, start: datetime, visit: Visit, kept: Mapping[UUID, UUID], now: datetime
) -> DebtView:
    bill = visit.bill()
    assert bill is not None, "it owes"
    return DebtView(
        visit_id=visit.visit_id,
        location_id=visit.owner.location_id,
        client_id=kept[visit.owner.client_id],
        start=start,
        owed=Money(amount=bill.owed, currency=bill.currency),
        lines=tuple(
            _line_view(each) for each in owed_lines(found, visit, now) if each.line.owed > 0
        ),
    )


def _view(lines: Iterable[Owed], plans: Mapping[UUID, str]) -> OwedLines:
    return OwedLines(
        lines=tuple(map(_line_view, lines)),
        appointments=tuple(map(Appointment.model_validate_json, plans.values())),
    )


def _line_view(each: Owed) -> OwedLine:
    return OwedLine(
        line_id=each.line.line.line_id,
        appointment_id=each.appointment_id,
        service_name=each.line.line.service_name,
        owed=Money(amount=each.line.owed, currency=each.currency),
        debit_failed=each.debit_failed,
    )
