"""Clients that were merged into others, in the database."""

from collections.abc import Collection, Mapping
from uuid import UUID

from postgres import Transaction

# What was merged into a client that is merged itself, belongs to the last one that is kept.
_MERGE = """
WITH kept AS (
    SELECT coalesce(
        (SELECT kept_client_id FROM merged_clients WHERE merged_client_id = $1), $1
    ) AS client_id
), follow AS (
    UPDATE merged_clients SET kept_client_id = kept.client_id
    FROM kept
    WHERE kept_client_id = ANY($2)
)
INSERT INTO merged_clients (merged_client_id, kept_client_id)
SELECT merged, client_id FROM unnest($2::uuid[]) AS merged, kept WHERE merged <> client_id
ON CONFLICT (merged_client_id) DO UPDATE SET kept_client_id = excluded.kept_client_id
"""
_KEPT = """
SELECT merged_client_id, kept_client_id FROM merged_clients WHERE merged_client_id = ANY($1)
"""
_WITH_MERGED = """
WITH kept AS (
    SELECT coalesce(kept_client_id, asked) AS client_id
    FROM unnest($1::uuid[]) AS asked
    LEFT JOIN merged_clients ON merged_client_id = asked
)
SELECT client_id FROM kept
UNION
SELECT merged_client_id FROM merged_clients JOIN kept ON kept_client_id = client_id
"""


async def merge(transaction: Transaction, kept: UUID, merged: Collection[UUID]) -> None:
    """Note that clients are one from now on."""
    await transaction.execute(_MERGE, kept, list(merged))


async def kept(transaction: Transaction, client_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Return for each of these clients who they are now."""
    rows = await transaction.fetch(_KEPT, list(client_ids))
    return {one: one for one in client_ids} | {row[0]: row[1] for row in rows}


async def with_merged(transaction: Transaction, client_ids: Collection[UUID]) -> set[UUID]:
    """Return all ids under which these clients are known."""
    return {row[0] for row in await transaction.fetch(_WITH_MERGED, list(client_ids))}
