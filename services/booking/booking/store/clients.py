"""Clients: the only home of names and phones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from postgres import Transaction

Number = tuple[UUID, str]
"""A chain, and a phone number in E.164 form: it names one client (rule G8)."""

_FIND: Final = """
SELECT client.chain_id, client.phone, client.client_id, client.name
FROM unnest($1::uuid[], $2::text[]) AS asked (chain_id, phone)
JOIN clients AS client ON client.chain_id = asked.chain_id AND client.phone = asked.phone
"""
_NAMES: Final = """
SELECT client_id, name FROM unnest($1::uuid[]) AS asked (client_id) JOIN clients USING (client_id)
"""
# In the order of the numbers: two batches with the same new clients wait for, not on, each other.
_ADD: Final = """
INSERT INTO clients (chain_id, phone, client_id, name)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[])
ON CONFLICT (chain_id, phone) DO NOTHING
RETURNING client_id
"""


@dataclass(frozen=True, slots=True)
class Client:
    """Who visits."""

    client_id: UUID
    name: str


async def find(transaction: Transaction, numbers: Sequence[Number]) -> dict[Number, Client]:
    """Return the clients who are known by these numbers."""
    rows = await transaction.fetch(_FIND, *map(list, zip(*numbers, strict=True)))
    return {(row[0], row[1]): Client(row[2], row[3]) for row in rows}


async def names(transaction: Transaction, client_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of clients."""
    rows = await transaction.fetch(_NAMES, list(client_ids))
    return {row[0]: row[1] for row in rows}


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
    """Return who is known by each number; whoever is not known yet is entered."""
    if not clients:
        return {}
    known = await find(transaction, list(clients))
    missing = {number: who for number, who in clients.items() if number not in known}
    added = await add(transaction, missing)
    known |= {number: who for number, who in missing.items() if who.client_id in added}
    late = [number for number in missing if number not in known]
    return known | await find(transaction, late) if late else known
