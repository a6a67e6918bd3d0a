"""Test clocks of sandbox chains, as they were set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ClockSetting:
    """From `revision` on, a chain's clock is so much `ahead` of the database's."""

    chain_id: UUID
    revision: int
    ahead: timedelta


def newest(settings: Iterable[ClockSetting]) -> list[ClockSetting]:
    """Return the newest setting of each chain, in the order of the chains."""
    by_chain = {each.chain_id: each for each in sorted(settings, key=lambda each: each.revision)}
    return [by_chain[chain_id] for chain_id in sorted(by_chain)]
