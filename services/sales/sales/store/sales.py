"""Sales of memberships in the database."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from postgres import Transaction
from sales.domain.sales import Sale, State

_INSERT = """
INSERT INTO sales (sale_id, command_id, chain_id, location_id, client_id, membership_type_id,
                   membership_type_name, price, currency, payment, sold_at, state)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[],
            $8::bigint[], $9::text[], $10::text[], $11::timestamptz[], $12::text[])
"""

# The columns of a locked row are read after the wait for its lock.
_LOCK_AND_LOAD = """
SELECT sale_id, command_id, chain_id, location_id, client_id, membership_type_id,
       membership_type_name, price, currency, payment, sold_at, state, membership_id
FROM sales
WHERE sale_id = ANY($1)
ORDER BY sale_id
FOR UPDATE
"""

_CONCLUDE = """
UPDATE sales
SET state = new.state, membership_id = new.membership_id
FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS new (sale_id, state, membership_id)
WHERE sales.sale_id = new.sale_id
"""


async def insert(transaction: Transaction, sales: Collection[Sale]) -> None:
    """Write new sales."""
    await transaction.execute(
        _INSERT,
        [sale.sale_id for sale in sales],
        [sale.command_id for sale in sales],
        [sale.chain_id for sale in sales],
        [sale.location_id for sale in sales],
        [sale.client_id for sale in sales],
        [sale.membership_type_id for sale in sales],
        [sale.membership_type_name for sale in sales],
        [sale.price for sale in sales],
        [sale.currency for sale in sales],
        [sale.payment for sale in sales],
        [sale.sold_at for sale in sales],
        [sale.state for sale in sales],
    )


async def lock_and_load(transaction: Transaction, sale_ids: Collection[UUID]) -> dict[UUID, Sale]:
    """Lock these sales, and return those that exist."""
    rows = await transaction.fetch(_LOCK_AND_LOAD, list(sale_ids))
    return {row["sale_id"]: sale(row) for row in rows}


async def conclude(transaction: Transaction, sales: Collection[Sale]) -> None:
    """Write the state of these sales, and what they brought."""
    await transaction.execute(
        _CONCLUDE,
        [sale.sale_id for sale in sales],
        [sale.state for sale in sales],
        [sale.membership_id for sale in sales],
    )


def sale(row: Any) -> Sale:
    """Return the sale in a row of all its columns."""
    columns: dict[str, Any] = {**row, "state": State(row["state"])}
    return Sale(**columns)
