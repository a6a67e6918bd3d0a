"""Clients: the only home of names and phones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from booking.domain.clients import Client
from postgres import Transaction

Number = tuple[UUID, str]
"""A chain, and a phone number in E.164 form: it names one client (rule G8)."""

# The number of a client who was merged names the one whom that one was merged into.
_FIND: Final = """
SELECT holder.chain_id, holder.phone, coalesce(kept.client_id, holder.client_id),
       coalesce(kept.name, holder.name)
FROM unnest($1::uuid[], $2::text[]) AS asked (chain_id, phone)
JOIN clients AS holder ON holder.chain_id = asked.chain_id AND holder.phone = asked.phone
LEFT JOIN client_aliases AS alias ON alias.alias_id = holder.client_id
LEFT JOIN clients AS kept ON kept.client_id = alias.client_id
"""
# Whoever is to be erased waits until the booking is there, or is unknown by the time it is made.
_FIND_TO_BOOK: Final = _FIND + "FOR KEY SHARE OF holder"
_SAME: Final = """
SELECT $1::uuid AS client_id
UNION ALL SELECT alias_id FROM client_aliases WHERE client_id = $1
"""
# In the order of the numbers: two batches with the same new clients wait for, not on, each other.
_ADD: Final = """
INSERT INTO clients (chain_id, phone, client_id, name)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[])
ON CONFLICT (chain_id, phone) DO NOTHING
RETURNING client_id
"""
_LOAD: Final = """
SELECT asked.client_id AS asked, client.chain_id, client.client_id, client.name, client.phone,
       client.erased_at IS NOT NULL AS erased, ARRAY(
           SELECT alias_id FROM client_aliases AS other
           WHERE other.client_id = client.client_id ORDER BY alias_id
       ) AS merged_ids, ARRAY(
           SELECT merged.phone
           FROM client_aliases AS other JOIN clients AS merged ON merged.client_id = other.alias_id
           WHERE other.client_id = client.client_id AND merged.phone IS NOT NULL
           ORDER BY merged.phone
       ) AS other_phones
FROM unnest($1::uuid[]) AS asked (client_id)
LEFT JOIN client_aliases AS alias ON alias.alias_id = asked.client_id
JOIN clients AS client ON client.client_id = coalesce(alias.client_id, asked.client_id)
WHERE client.chain_id = $2
"""


async def find(transaction: Transaction, numbers: Sequence[Number]) -> dict[Number, Client]:
    """Return the clients who are known by these numbers, of which each has no other here."""
    return _by_number(await transaction.fetch(_FIND, *map(list, zip(*numbers, strict=True))))


async def meaning_the_same(transaction: Transaction, client_id: UUID) -> list[UUID]:
    """Return all ids that mean a client who was merged into nobody."""
    return [row["client_id"] for row in await transaction.fetch(_SAME, client_id)]


async def add(transaction: Transaction, clients: Mapping[Number, Client]) -> set[UUID]:
    """Enter clients; return the ids of those whose number nobody had."""
    rows = sorted((*number, who.client_id, who.name) for number, who in clients.items())
    if not rows:
        return set()
    added = await transaction.fetch(_ADD, *map(list, zip(*rows, strict=True)))
    return {row["client_id"] for row in added}


async def find_or_add(
    transaction: Transaction, clients: Mapping[Number, Client]
) -> dict[Number, Client]:
    """Return who is known by each number; whoever is not known yet is entered.

    None of them can be erased before the transaction ends.
    """
    if not clients:
        return {}
    known = await _find_to_book(transaction, list(clients))
    missing = {number: who for number, who in clients.items() if number not in known}
    added = await add(transaction, missing)
    known |= {number: who for number, who in missing.items() if who.client_id in added}
    late = [number for number in missing if number not in known]
    return known | await _find_to_book(transaction, late) if late else known


async def load(
    transaction: Transaction, chain_id: UUID, client_ids: Iterable[UUID]
) -> dict[UUID, Client]:
    """Return the clients of a chain whom these ids mean, by the id that was asked for."""
    rows = await transaction.fetch(_LOAD, list(set(client_ids)), chain_id)
    return {
        row["asked"]: Client(
            client_id=row["client_id"],
            name=row["name"],
            phones=() if row["phone"] is None else (row["phone"], *row["other_phones"]),
            merged_ids=tuple(row["merged_ids"]),
            erased=row["erased"],
        )
        for row in rows
    }


async def _find_to_book(
    transaction: Transaction, numbers: Sequence[Number]
) -> dict[Number, Client]:
    columns = map(list, zip(*numbers, strict=True))
    return _by_number(await transaction.fetch(_FIND_TO_BOOK, *columns))


def _by_number(rows: Iterable[asyncpg.Record]) -> dict[Number, Client]:
    return {(row[0], row[1]): Client(row[2], row[3], (row[1],)) for row in rows}
