"""Bills of visits in the database; the row of a bill is the lock of its visit."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from postgres import Transaction
from sales.domain.bills import Bill
from sales.domain.visits import Owner, Visit

_KNOWN = "SELECT visit_id FROM bills WHERE visit_id = ANY($1)"

_OPEN = """
INSERT INTO bills (visit_id, chain_id, location_id, client_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])
ON CONFLICT (visit_id) DO NOTHING
"""

# The columns of a locked row are read after the wait for its lock. Who only refers to the row, from
# a new appointment, does not wait.
_LOCK = """
SELECT visit_id, chain_id, location_id, client_id, revision, currency
FROM bills
WHERE visit_id = ANY($1)
ORDER BY visit_id
FOR NO KEY UPDATE
"""

_SAVE = """
UPDATE bills
SET revision = new.revision,
    currency = new.currency,
    total = new.total,
    debited = new.debited,
    paid = new.paid,
    owed = new.owed,
    payment_status = new.payment_status
FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
            $7::bigint[], $8::text[])
    AS new (visit_id, revision, currency, total, debited, paid, owed, payment_status)
WHERE bills.visit_id = new.visit_id
"""


async def open_missing(transaction: Transaction, owners: Mapping[UUID, Owner]) -> None:
    """Make the bills of visits that are new, in the order of their ids."""
    visit_ids = sorted(owners)
    known = {row["visit_id"] for row in await transaction.fetch(_KNOWN, visit_ids)}
    missing = [visit_id for visit_id in visit_ids if visit_id not in known]
    if missing:
        await transaction.execute(
            _OPEN,
            missing,
            [owners[visit_id].chain_id for visit_id in missing],
            [owners[visit_id].location_id for visit_id in missing],
            [owners[visit_id].client_id for visit_id in missing],
        )


async def lock_and_load(transaction: Transaction, visit_ids: Collection[UUID]) -> dict[UUID, Visit]:
    """Lock the bills of these visits, and return the visits, without their appointments."""
    rows = await transaction.fetch(_LOCK, list(visit_ids))
    return {row["visit_id"]: visit(row) for row in rows}


async def save(transaction: Transaction, bills: Collection[tuple[Visit, Bill]]) -> None:
    """Write the bills of locked visits, at the visits' revisions."""
    await transaction.execute(
        _SAVE,
        [visit.visit_id for visit, _ in bills],
        [visit.revision for visit, _ in bills],
        [bill.currency for _, bill in bills],
        [bill.total for _, bill in bills],
        [bill.debited for _, bill in bills],
        [bill.paid for _, bill in bills],
        [bill.owed for _, bill in bills],
        [bill.payment_status for _, bill in bills],
    )


def visit(row: Any) -> Visit:
    """Return the visit in a row of its bill, without its appointments."""
    owner = Owner(row["chain_id"], row["location_id"], row["client_id"])
    return Visit(row["visit_id"], owner, row["revision"], row["currency"])
