"""Healings in the database."""

from collections.abc import Collection
from uuid import UUID

from postgres import Transaction
from sales.domain.healings import Healing

_OWING = """
SELECT visit_id FROM bills WHERE client_id = ANY($1) AND chain_id = ANY($2) AND owed > 0
"""
_LOCK = """
SELECT settlement_id, command_id, membership_id, waits_for, settled_line_ids, refused_line_ids
FROM healings
WHERE settlement_id = ANY($1)
ORDER BY settlement_id
FOR NO KEY UPDATE
"""
_SAVE = """
INSERT INTO healings (settlement_id, command_id, membership_id, waits_for, settled_line_ids,
                      refused_line_ids)
SELECT settlement_id, command_id, membership_id, waits_for::uuid[], settled::uuid[], refused::uuid[]
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[])
    AS new (settlement_id, command_id, membership_id, waits_for, settled, refused)
ON CONFLICT (settlement_id) DO UPDATE
SET waits_for = excluded.waits_for,
    settled_line_ids = excluded.settled_line_ids,
    refused_line_ids = excluded.refused_line_ids
"""


async def owing(
    transaction: Transaction, client_ids: Collection[UUID], chain_ids: Collection[UUID]
) -> set[UUID]:
    """Return the visits of these clients that owe something."""
    rows = await transaction.fetch(_OWING, list(client_ids), list(chain_ids))
    return {row["visit_id"] for row in rows}


async def lock_and_load(
    transaction: Transaction, settlement_ids: Collection[UUID]
) -> dict[UUID, Healing]:
    """Lock these healings, and return them."""
    rows = await transaction.fetch(_LOCK, list(settlement_ids))
    return {
        row["settlement_id"]: Healing(
            row["settlement_id"],
            row["command_id"],
            row["membership_id"],
            list(row["waits_for"]),
            list(row["settled_line_ids"]),
            list(row["refused_line_ids"]),
        )
        for row in rows
    }


async def save(transaction: Transaction, healings: Collection[Healing]) -> None:
    """Write healings, new ones and what became of others."""
    await transaction.execute(
        _SAVE,
        [each.settlement_id for each in healings],
        [each.command_id for each in healings],
        [each.membership_id for each in healings],
        [_array(each.waits_for) for each in healings],
        [_array(each.settled) for each in healings],
        [_array(each.refused) for each in healings],
    )


def _array(ids: Collection[UUID]) -> str:
    return f"{{{','.join(map(str, ids))}}}"
