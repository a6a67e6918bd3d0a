"""Sales in the database; the row of a sale is its lock."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from postgres import Transaction
from sales.domain.sales.sale import IN_FLIGHT, Kind, Payer, Refund, Sale, SaleLine, State
from sales.store.counter import Reach

_REACH = """
WITH named AS (
    SELECT sale_id FROM sales WHERE sale_id = ANY($1)
    UNION
    SELECT sale_id FROM sale_lines WHERE sale_line_id = ANY($1)
    UNION
    SELECT sale_id FROM sale_lines WHERE membership_id = ANY($1) AND kind = 'membership'
    UNION
    SELECT sale_id
    FROM sale_lines
    JOIN sales USING (sale_id)
    WHERE appointment_id = ANY($2) AND state = ANY($3)
)
SELECT sale_id, visit_id, appointment_id
FROM named
JOIN sales USING (sale_id)
JOIN sale_lines USING (sale_id)
"""

# The columns of a locked row are read after the wait for its lock.
_LOCK = """
SELECT *
FROM sales
WHERE sale_id = ANY($1)
ORDER BY sale_id
FOR NO KEY UPDATE
"""
_LINES = """
SELECT sale_id, sale_line_id, ordinal, kind, name, quantity, price, discount, payer, line_id,
       appointment_id, membership_type_id, activates_on, membership_id, refund, reversal_revision
FROM sale_lines
WHERE sale_id = ANY($1)
ORDER BY sale_id, ordinal
"""

_SAVE = """
INSERT INTO sales (sale_id, command_id, chain_id, location_id, time_zone, client_id, visit_id,
                   currency, method, sold_at, state, is_answered, payment_id, refund_id,
                   refund_command_id, checkout_url)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[],
            $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::boolean[], $13::uuid[],
            $14::uuid[], $15::uuid[], $16::text[])
ON CONFLICT (sale_id) DO UPDATE
SET state = excluded.state,
    is_answered = excluded.is_answered,
    payment_id = excluded.payment_id,
    refund_id = excluded.refund_id,
    refund_command_id = excluded.refund_command_id,
    checkout_url = excluded.checkout_url
"""
_SAVE_LINES = """
INSERT INTO sale_lines (sale_id, sale_line_id, ordinal, kind, name, quantity, price, discount,
                        payer, line_id, appointment_id, membership_type_id, activates_on,
                        membership_id, refund, reversal_revision)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::integer[],
            $7::bigint[], $8::bigint[], $9::text[], $10::uuid[], $11::uuid[], $12::uuid[],
            $13::date[], $14::uuid[], $15::text[], $16::integer[])
ON CONFLICT (sale_line_id) DO UPDATE
SET payer = excluded.payer,
    membership_id = excluded.membership_id,
    refund = excluded.refund,
    reversal_revision = excluded.reversal_revision
"""

_COLUMNS: Final = [field.name for field in fields(Sale) if field.name != "lines"]
_IN_FLIGHT: Final = [state.value for state in IN_FLIGHT]


async def reach(
    transaction: Transaction, names: Collection[UUID], appointment_ids: Collection[UUID]
) -> tuple[set[UUID], Reach]:
    """Return sales, and what has to be locked for them.

    They are named by their own ids, or those of lines or of memberships that they sold; or are in
    flight, and pay an appointment.
    """
    sale_ids: set[UUID] = set()
    found = Reach()
    for row in await transaction.fetch(_REACH, list(names), list(appointment_ids), _IN_FLIGHT):
        sale_ids.add(row["sale_id"])
        if row["visit_id"] is not None:
            found.visit_ids.add(row["visit_id"])
        if row["appointment_id"] is not None:
            found.appointments[row["appointment_id"]] = row["visit_id"]
    return sale_ids, found


async def lock_and_load(transaction: Transaction, sale_ids: Collection[UUID]) -> dict[UUID, Sale]:
    """Lock these sales, and return those that exist."""
    return await load(transaction, await transaction.fetch(_LOCK, list(sale_ids)))


async def load(transaction: Transaction, rows: Collection[Any]) -> dict[UUID, Sale]:
    """Return the sales in these rows, with their lines."""
    lines: defaultdict[UUID, list[SaleLine]] = defaultdict(list)
    if rows:
        for row in await transaction.fetch(_LINES, [row["sale_id"] for row in rows]):
            columns = dict(row)
            lines[columns.pop("sale_id")].append(_line(columns))
    return {row["sale_id"]: _sale(row, lines[row["sale_id"]]) for row in rows}


async def save(transaction: Transaction, sales: Collection[Sale]) -> None:
    """Write sales, new ones and what became of others."""
    await transaction.execute(
        _SAVE,
        [each.sale_id for each in sales],
        [each.command_id for each in sales],
        [each.chain_id for each in sales],
        [each.location_id for each in sales],
        [each.time_zone for each in sales],
        [each.client_id for each in sales],
        [each.visit_id for each in sales],
        [each.currency for each in sales],
        [each.method for each in sales],
        [each.sold_at for each in sales],
        [each.state for each in sales],
        [each.is_answered for each in sales],
        [each.payment_id for each in sales],
        [each.refund_id for each in sales],
        [each.refund_command_id for each in sales],
        [each.checkout_url for each in sales],
    )
    lines = [(each.sale_id, line) for each in sales for line in each.lines]
    await transaction.execute(
        _SAVE_LINES,
        [sale_id for sale_id, _ in lines],
        [line.sale_line_id for _, line in lines],
        [line.ordinal for _, line in lines],
        [line.kind for _, line in lines],
        [line.name for _, line in lines],
        [line.quantity for _, line in lines],
        [line.price for _, line in lines],
        [line.discount for _, line in lines],
        [line.payer for _, line in lines],
        [line.line_id for _, line in lines],
        [line.appointment_id for _, line in lines],
        [line.membership_type_id for _, line in lines],
        [line.activates_on for _, line in lines],
        [line.membership_id for _, line in lines],
        [line.refund for _, line in lines],
        [line.reversal_revision for _, line in lines],
    )


def _sale(row: Any, lines: list[SaleLine]) -> Sale:
    columns: dict[str, Any] = {name: row[name] for name in _COLUMNS}
    columns |= {"state": State(row["state"]), "lines": lines}
    return Sale(**columns)


def _line(columns: dict[str, Any]) -> SaleLine:
    columns |= {
        "kind": Kind(columns["kind"]),
        "payer": Payer(columns["payer"]),
        "refund": Refund(columns["refund"]),
    }
    return SaleLine(**columns)
