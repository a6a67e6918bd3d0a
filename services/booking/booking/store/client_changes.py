"""Change, merge and erase clients; their chain is locked."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import asyncpg

from booking.domain.clients import Client, Standing
from postgres import Transaction

# A number that the client has besides, of somebody who was merged, becomes the current one.
_GIVE_UP: Final = """
UPDATE clients AS merged SET phone = NULL
FROM client_aliases AS other
WHERE other.client_id = $1 AND merged.client_id = other.alias_id AND merged.phone = $2
"""
_CHANGE: Final = "UPDATE clients SET name = $2, phone = $3 WHERE client_id = $1"
# What was an alias of a client who is one now is one of the same.
_MERGE: Final = """
WITH merged AS (
    UPDATE clients SET name = NULL WHERE client_id = ANY($2::uuid[])
)
INSERT INTO client_aliases (alias_id, client_id)
SELECT alias_id, $1 FROM unnest($2::uuid[]) AS alias_id
ON CONFLICT (alias_id) DO UPDATE SET client_id = excluded.client_id
"""
_LOCK: Final = """
SELECT FROM clients WHERE client_id = ANY($1::uuid[]) ORDER BY client_id FOR UPDATE
"""
_STANDING: Final = """
SELECT a.booking_id, a.appointment_id, a.start_at
FROM bookings AS b JOIN appointments AS a USING (booking_id)
WHERE b.client_id = ANY($1::uuid[]) AND (
    a.state = 'requested'
    OR a.state = 'accepted' AND a.start_at > chain_now($2)
    OR EXISTS (SELECT FROM reschedules WHERE reschedules.appointment_id = a.appointment_id)
)
ORDER BY a.start_at, a.appointment_id
"""
_ERASE: Final = """
WITH erased AS (
    UPDATE clients SET name = NULL, phone = NULL, erased_at = now()
    WHERE client_id = ANY($1::uuid[])
    RETURNING client_id
)
INSERT INTO erasures (client_id) SELECT client_id FROM erased
"""


async def change(transaction: Transaction, client_id: UUID, name: str, phone: str) -> bool:
    """Replace a client's name and current number; return whether nobody else has the number."""
    try:
        async with transaction.transaction():
            await transaction.execute(_GIVE_UP, client_id, phone)
            await transaction.execute(_CHANGE, client_id, name, phone)
    except asyncpg.UniqueViolationError:
        return False
    return True


async def merge(transaction: Transaction, client_id: UUID, gone: Collection[UUID]) -> None:
    """Let the ids that are gone mean a client, who has their numbers besides."""
    await transaction.execute(_MERGE, client_id, gone)


async def standing(transaction: Transaction, chain_id: UUID, client: Client) -> list[Standing]:
    """Return what is to come or undecided for a client, who books nothing until the commit."""
    await transaction.execute(_LOCK, client.ids)
    rows = await transaction.fetch(_STANDING, client.ids, chain_id)
    return [Standing(*row) for row in rows]


async def erase(transaction: Transaction, client: Client) -> None:
    """Delete name and numbers for good, and note that copies are still to be looked for."""
    await transaction.execute(_ERASE, client.ids)
