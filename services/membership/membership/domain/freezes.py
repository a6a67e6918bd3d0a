"""Freezes of a membership: how many may be, and when they were."""

from datetime import datetime
from typing import NamedTuple


class FreezingLimits(NamedTuple):
    """How often, and for how many days in all, a membership may be frozen; None: no limit."""

    times: int | None = None
    days: int | None = None


class PastFreeze(NamedTuple):
    """From when to when a membership was frozen: a start in between is judged so (rule A14)."""

    since: datetime
    until: datetime

    def contains(self, instant: datetime) -> bool:
        """Whether it was frozen then."""
        return self.since <= instant < self.until
