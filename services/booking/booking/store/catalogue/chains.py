"""Chains, and the categories of their services."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from booking.domain.catalogue import Category, Chain
from booking.store.columns import columns
from postgres import Transaction

_CHAINS: Final = """
SELECT chain_id, name, sandbox FROM chains WHERE chain_id = ANY($1::uuid[])
"""
_CATEGORIES: Final = "SELECT category_id, chain_id, name FROM categories"
_ADD_CHAINS: Final = """
INSERT INTO chains (chain_id, name, sandbox)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::boolean[])
"""
_ADD_CATEGORIES: Final = """
INSERT INTO categories (category_id, chain_id, name)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[])
"""


async def chains(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Chain]:
    """Return the chains of these ids that exist."""
    rows = await transaction.fetch(_CHAINS, list(set(ids)))
    return {row["chain_id"]: Chain(*row) for row in rows}


async def add_chains(transaction: Transaction, added: Sequence[Chain]) -> None:
    """Insert chains."""
    rows = ((one.chain_id, one.name, one.sandbox) for one in added)
    await transaction.execute(_ADD_CHAINS, *columns(rows))


async def categories(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Category]:
    """Return the categories of these ids that exist."""
    rows = await transaction.fetch(
        f"{_CATEGORIES} WHERE category_id = ANY($1::uuid[])", list(set(ids))
    )
    return {row["category_id"]: Category(*row) for row in rows}


async def categories_of(transaction: Transaction, chain_id: UUID) -> list[Category]:
    """Return the categories of a chain, by name."""
    rows = await transaction.fetch(
        f"{_CATEGORIES} WHERE chain_id = $1 ORDER BY name, category_id", chain_id
    )
    return [Category(*row) for row in rows]


async def add_categories(transaction: Transaction, added: Sequence[Category]) -> None:
    """Insert categories."""
    rows = ((one.category_id, one.chain_id, one.name) for one in added)
    await transaction.execute(_ADD_CATEGORIES, *columns(rows))
