"""By how much the clocks of sandbox chains are ahead of the database's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from postgres import Transaction

_READ: Final = "SELECT chain, is_ahead FROM held_test_clocks($1::uuid[])"
_LOCK: Final = "SELECT lock_test_clock($1)"
_SET: Final = """
WITH known AS (SELECT ahead FROM test_clocks WHERE chain_id = $1)
INSERT INTO test_clocks AS clock (chain_id, revision, ahead) VALUES ($1, $2, $3)
ON CONFLICT (chain_id) DO UPDATE SET revision = excluded.revision, ahead = excluded.ahead
WHERE clock.revision < excluded.revision
RETURNING coalesce((SELECT ahead FROM known), interval '0')
"""
_REVISION: Final = "SELECT revision, ahead FROM test_clocks WHERE chain_id = $1"

_NOT_AHEAD: Final = timedelta()


class Moved(NamedTuple):
    """A clock was set: what is due in the chain is due `by` earlier than before."""

    chain_id: UUID
    by: timedelta


class Reading(NamedTuple):
    """A clock as it was set last; revision 0 has never been set."""

    revision: int
    ahead: timedelta


@dataclass(frozen=True, slots=True)
class Times:
    """By how much the clocks of some chains are ahead."""

    ahead: Mapping[UUID, timedelta]

    def of(self, chain_id: UUID) -> timedelta:
        """Return by how much the clock of a chain is ahead."""
        return self.ahead.get(chain_id, _NOT_AHEAD)

    def at(self, chain_id: UUID, instant: datetime) -> datetime:
        """Return what time it is in a chain at an instant of the database's or broker's clock."""
        return instant + self.ahead[chain_id] if chain_id in self.ahead else instant


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of a service's database; `enabled` in test mode only."""

    enabled: bool

    async def read(self, transaction: Transaction, chain_ids: Iterable[UUID]) -> Times:
        """Return the times of these chains; without test mode nothing is asked for.

        Nobody sets their clocks before the transaction ends: what it says is due, they move.
        """
        if not self.enabled:
            return Times({})
        rows = await transaction.fetch(_READ, sorted(set(chain_ids)))
        return Times({row["chain"]: row["is_ahead"] for row in rows})

    async def reading(self, transaction: Transaction, chain_id: UUID) -> Reading:
        """Return the clock of one chain."""
        row = await transaction.fetchrow(_REVISION, chain_id) if self.enabled else None
        return Reading(*row) if row else Reading(0, _NOT_AHEAD)

    async def set(
        self, transaction: Transaction, chain_id: UUID, revision: int, ahead: timedelta
    ) -> Moved | None:
        """Set a clock and return by how much it moved; None if a newer setting is known.

        Outside test mode no clock is set, whoever says so.
        """
        if not self.enabled:
            return None
        await transaction.execute(_LOCK, chain_id)
        before = await transaction.fetchval(_SET, chain_id, revision, ahead)
        return None if before is None else Moved(chain_id, ahead - before)
