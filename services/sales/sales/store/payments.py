"""Online payments in the database."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from postgres import Transaction
from sales.domain.payments import PaidLine, Payment, Refund, State
from sales.domain.visits import Owner

_FIND = "SELECT payment_id FROM payments WHERE payment_id = ANY($1) OR booking_id = ANY($1)"

# The columns of a locked row are read after the wait for its lock.
_LOCK = "SELECT * FROM payments WHERE payment_id = ANY($1) ORDER BY payment_id FOR UPDATE"
_LOCK_OF_SALES = """
SELECT FROM payments WHERE booking_id = ANY($1) ORDER BY payment_id FOR UPDATE
"""
_LINES = """
SELECT payment_id, line_id, appointment_id, visit_id, amount, refund
FROM payment_lines
WHERE payment_id = ANY($1)
ORDER BY payment_id, line_id
"""
_REFUSED = "SELECT booking_id FROM refused_bookings WHERE booking_id = ANY($1)"
_CANCELLED = """
SELECT appointment_id FROM appointments WHERE appointment_id = ANY($1) AND standing = 'cancelled'
"""

_REFUSE = """
INSERT INTO refused_bookings (booking_id)
SELECT booking_id FROM unnest($1::uuid[]) AS booking_id ORDER BY booking_id
ON CONFLICT (booking_id) DO NOTHING
"""
_INSERT = """
INSERT INTO payments (payment_id, booking_id, chain_id, location_id, client_id, amount, currency,
                      description, expires_at, session_expires_at, state, revision, sale_id)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[],
            $8::text[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::integer[],
            $13::uuid[])
"""
_INSERT_LINES = """
INSERT INTO payment_lines (payment_id, line_id, appointment_id, visit_id, amount, refund)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[])
"""
_SAVE = """
UPDATE payments
SET state = new.state, revision = new.revision, session_id = new.session_id,
    checkout_url = new.checkout_url, session_expires_at = new.session_expires_at
FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[])
    AS new (payment_id, state, revision, session_id, checkout_url, session_expires_at)
WHERE payments.payment_id = new.payment_id
"""
_SAVE_LINES = """
UPDATE payment_lines
SET refund = new.refund
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS new (payment_id, line_id, refund)
WHERE payment_lines.payment_id = new.payment_id AND payment_lines.line_id = new.line_id
    AND payment_lines.refund <> new.refund
"""


async def note_refused(transaction: Transaction, booking_ids: Collection[UUID]) -> None:
    """Remember that these bookings do not stand."""
    await transaction.execute(_REFUSE, list(booking_ids))


async def insert(transaction: Transaction, payments: Collection[Payment]) -> None:
    """Write new payments."""
    await transaction.execute(
        _INSERT,
        [each.payment_id for each in payments],
        [each.booking_id for each in payments],
        [each.owner.chain_id for each in payments],
        [each.owner.location_id for each in payments],
        [each.owner.client_id for each in payments],
        [each.amount for each in payments],
        [each.currency for each in payments],
        [each.description for each in payments],
        [each.expires_at for each in payments],
        [each.session_expires_at for each in payments],
        [each.state for each in payments],
        [each.revision for each in payments],
        [each.sale_id for each in payments],
    )
    lines = [(each.payment_id, line) for each in payments for line in each.lines]
    await transaction.execute(
        _INSERT_LINES,
        [payment_id for payment_id, _ in lines],
        [line.line_id for _, line in lines],
        [line.appointment_id for _, line in lines],
        [line.visit_id for _, line in lines],
        [line.amount for _, line in lines],
        [line.refund for _, line in lines],
    )


async def lock_of_sales(transaction: Transaction, sale_ids: Collection[UUID]) -> None:
    """Lock the payments of these sales, those that have one."""
    await transaction.execute(_LOCK_OF_SALES, list(sale_ids))


async def lock_and_load(transaction: Transaction, names: Collection[UUID]) -> list[Payment]:
    """Lock payments, each named by its own id or its booking's; return the ones that exist."""
    found = await transaction.fetch(_FIND, list(names))
    if not found:
        return []
    rows = await transaction.fetch(_LOCK, [row["payment_id"] for row in found])
    return await load(transaction, rows)


async def load(transaction: Transaction, rows: Sequence[Any]) -> list[Payment]:
    """Return the payments in these rows, with their lines and what became of their bookings."""
    lines: defaultdict[UUID, list[PaidLine]] = defaultdict(list)
    for row in await transaction.fetch(_LINES, [row["payment_id"] for row in rows]):
        payment_id, line_id, appointment_id, visit_id, amount, refund = row
        line = PaidLine(line_id, appointment_id, visit_id, amount, Refund(refund))
        lines[payment_id].append(line)
    refused = await _ids(transaction, _REFUSED, [row["booking_id"] for row in rows])
    paid = {line.appointment_id for each in lines.values() for line in each}
    cancelled = await _ids(transaction, _CANCELLED, paid)
    return [_payment(row, lines[row["payment_id"]], refused, cancelled) for row in rows]


async def save(transaction: Transaction, payments: Collection[Payment]) -> None:
    """Write what became of locked payments."""
    await transaction.execute(
        _SAVE,
        [each.payment_id for each in payments],
        [each.state for each in payments],
        [each.revision for each in payments],
        [each.session_id for each in payments],
        [each.checkout_url for each in payments],
        [each.session_expires_at for each in payments],
    )
    lines = [(each.payment_id, line) for each in payments for line in each.lines]
    await transaction.execute(
        _SAVE_LINES,
        [payment_id for payment_id, _ in lines],
        [line.line_id for _, line in lines],
        [line.refund for _, line in lines],
    )


async def _ids(transaction: Transaction, query: str, ids: Collection[UUID]) -> set[UUID]:
    return {row[0] for row in await transaction.fetch(query, list(ids))}


def _payment(row: Any, lines: list[PaidLine], refused: set[UUID], cancelled: set[UUID]) -> Payment:
    return Payment(
        payment_id=row["payment_id"],
        booking_id=row["booking_id"],
        owner=Owner(row["chain_id"], row["location_id"], row["client_id"]),
        amount=row["amount"],
        currency=row["currency"],
        description=row["description"],
        expires_at=row["expires_at"],
        session_expires_at=row["session_expires_at"],
        lines=lines,
        state=State(row["state"]),
        revision=row["revision"],
        session_id=row["session_id"],
        checkout_url=row["checkout_url"],
        refused=row["booking_id"] in refused,
        cancelled=cancelled & {line.appointment_id for line in lines},
        sale_id=row["sale_id"],
    )
