"""Erasures of which copies may be left somewhere."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from postgres import Transaction

# Whoever may have read a name began before its erasure was seen to be committed: when all of them
# have ended, nobody knows it any more. The first look at an erasure only says that it was seen.
_SETTLED: Final = """
WITH seen AS (
    UPDATE erasures SET seen_by = pg_current_xact_id()::text::bigint WHERE seen_by IS NULL
)
SELECT client_id FROM erasures
WHERE seen_by < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
"""
_LAST_SAID: Final = "SELECT coalesce(max(id), 0) FROM outbox"
_IS_PUBLISHED: Final = """
SELECT NOT EXISTS (SELECT FROM outbox WHERE published_at IS NULL AND id <= $1)
"""
_REMOVE: Final = "DELETE FROM erasures WHERE client_id = ANY($1::uuid[])"


async def settled(transaction: Transaction) -> set[UUID]:
    """Return the erased clients whose names nobody can write down any more; none at first."""
    return {row["client_id"] for row in await transaction.fetch(_SETTLED)}


async def last_said(transaction: Transaction) -> int:
    """Return the last place in the outbox that a transaction has taken by now."""
    return await transaction.fetchval(_LAST_SAID)


async def is_published(transaction: Transaction, last: int) -> bool:
    """Return whether the broker has all that was said up to a place."""
    return await transaction.fetchval(_IS_PUBLISHED, last)


async def remove(transaction: Transaction, client_ids: Collection[UUID]) -> None:
    """Forget erasures of which nothing is left."""
    await transaction.execute(_REMOVE, client_ids)
