"""Which services were merged, in the database."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from postgres import Transaction

# Merges are rare; those who read are not kept waiting.
_LOCK: Final = "LOCK TABLE merged_services IN SHARE ROW EXCLUSIVE MODE"
_LOAD: Final = """
SELECT service_id, merged_id FROM merged_services
WHERE merged_id IN (SELECT merged_id FROM merged_services WHERE service_id = ANY($1::uuid[]))
"""
_SAVE: Final = """
INSERT INTO merged_services (service_id, merged_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
ON CONFLICT (service_id) DO UPDATE SET merged_id = excluded.merged_id
"""


async def lock_and_load_merged(
    transaction: Transaction, service_ids: Collection[UUID]
) -> dict[UUID, UUID]:
    """Return what these services, and all that are one with them, mean; one merges at a time."""
    await transaction.execute(_LOCK)
    return await load_merged(transaction, service_ids)


async def load_merged(transaction: Transaction, service_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return what these services, and all that are one with them, mean, if they were merged."""
    rows = await transaction.fetch(_LOAD, list(service_ids))
    return {row["service_id"]: row["merged_id"] for row in rows}


async def save_merged(transaction: Transaction, merged: Mapping[UUID, UUID]) -> None:
    """Write what services mean."""
    await transaction.execute(_SAVE, list(merged), list(merged.values()))
