"""Services that were merged: their old ids mean another one, for ever (rules A11, A17)."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from postgres import Transaction

_ALIASES_OF: Final = """
SELECT alias_id, service_id FROM service_aliases WHERE service_id = ANY($1::uuid[])
ORDER BY alias_id
"""
# What was an alias of a service that is one itself now is one of the same.
_SAVE: Final = """
INSERT INTO service_aliases (alias_id, service_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[])
ON CONFLICT (alias_id) DO UPDATE SET service_id = excluded.service_id
"""


async def aliases_of(transaction: Transaction, service_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return which old ids mean one of these services, each with the service."""
    rows = await transaction.fetch(_ALIASES_OF, list(set(service_ids)))
    return {row["alias_id"]: row["service_id"] for row in rows}


async def save_aliases(transaction: Transaction, aliases: Mapping[UUID, UUID]) -> None:
    """Let old ids, the keys, mean services that are offered."""
    await transaction.execute(_SAVE, list(aliases), list(aliases.values()))
