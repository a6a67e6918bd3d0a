"""Let a membership pay visits that were not debited, and follow clients that are merged."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clocks import Times
from postgres import Transaction
from sales.domain.counter import healing
from sales.domain.counter.healing import HealingAsked
from sales.domain.counter.state import Counter
from sales.domain.counter.wishes import Outcome
from sales.store import clients
from sales.store import healings as store


@dataclass(frozen=True, slots=True)
class HealingWanted:
    """Visits of these clients shall be paid, those within reach of who asks."""

    asked: HealingAsked
    chain_id: UUID
    client_ids: tuple[UUID, ...]
    at: datetime
    may_reach: Callable[[UUID, UUID], bool]


async def reach(transaction: Transaction, wanted: Collection[HealingWanted]) -> set[UUID]:
    """Return the visits that have to be locked."""
    if not wanted:
        return set()
    named = {client_id for one in wanted for client_id in one.client_ids}
    ids = await clients.with_merged(transaction, named)
    return await store.owing(transaction, ids, {one.chain_id for one in wanted})


def decide(counter: Counter, times: Times, wanted: HealingWanted) -> list[Outcome]:
    """Ask membership to debit what is owed."""
    named = {counter.kept(client_id) for client_id in wanted.client_ids}
    visits = [
        visit
        for visit in counter.visits.by_id.values()
        if counter.kept(visit.owner.client_id) in named
        and visit.owner.chain_id == wanted.chain_id
        and wanted.may_reach(wanted.chain_id, visit.owner.location_id)
    ]
    now = times.at(wanted.chain_id, wanted.at)
    return healing.heal(counter, visits, wanted.asked, now)
