"""How much a question reads."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from postgres import Transaction

from .studio import Studio

Question: TypeAlias = Callable[[Transaction], Awaitable[object]]


async def rows_read(studio: Studio, ask: Question) -> int:
    """Return how many rows of tables and indexes a question reads."""
    counters = """
        SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::integer
        FROM pg_stat_xact_user_tables
    """
    async with studio.database.transaction() as transaction:
        before: int = await transaction.fetchval(counters)
        await ask(transaction)
        after: int = await transaction.fetchval(counters)
    return after - before
