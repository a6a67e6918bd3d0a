"""The clock of a sandbox chain, which its developers move."""

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from booking.domain.catalogue import Chain
from booking.domain.refusals import Refusal, invalid

FARTHEST: Final = timedelta(days=10 * 366)


def ahead_for(chain: Chain, wanted: datetime, *, now: datetime, ahead: timedelta) -> timedelta:
    """Return by how many whole seconds the clock must be ahead of `now`, to say `wanted` or later.

    `ahead` is by how much it is already. Raises `Refusal` "conflict" where the chain is no sandbox
    or the clock would go back, and "invalid-request" for a time too far ahead.
    """
    if not chain.sandbox:
        raise Refusal("conflict", "Only the clock of a sandbox chain can be moved.")
    if wanted < now + ahead:
        it_is = (now + ahead).isoformat(timespec="seconds")
        raise Refusal("conflict", f"A clock moves forward only; it is {it_is} there already.")
    if wanted > now + FARTHEST:
        raise invalid("now", "may be ten years ahead at most")
    return timedelta(seconds=ceil((wanted - now).total_seconds()))
