"""Who holds a key, remembered for some seconds."""

import asyncio
from collections import OrderedDict
from time import monotonic
from typing import Final, NamedTuple

from gateway.keys import store
from gateway.keys.secret import hash_of
from gateway.outages import answered_503
from postgres import Database
from web.identity import Principal

# Wrong keys are remembered too; the limit keeps a guesser from filling the memory.
_MOST_REMEMBERED: Final = 10_000


class _Remembered(NamedTuple):
    principal: Principal | None
    until: float


class Directory:
    """Looks keys up in the database, the same one at most once in `memory_seconds`."""

    def __init__(self, database: Database, memory_seconds: float) -> None:
        self._database = database
        self._memory_seconds = memory_seconds
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Principal | None]] = {}

    async def holder(self, key: str) -> Principal | None:
        """Return who holds `key`; nobody when it is unknown or revoked.

        Raises `ProblemError`, 503, while the database cannot be asked.
        """
        remembered = self._remembered.get(key)
        if remembered is not None and monotonic() < remembered.until:
            return remembered.principal
        asking = self._asking.get(key)
        if asking is None:  # the first of all that come with this key just now asks for them all
            asking = self._asking[key] = asyncio.create_task(self._ask(key))
            asking.add_done_callback(lambda _: self._asking.pop(key))
        with answered_503("Your API key cannot be checked at the moment."):
            return await asyncio.shield(asking)

    async def _ask(self, key: str) -> Principal | None:
        principal = await store.holder(self._database, hash_of(key))
        self._remembered.pop(key, None)
        self._remembered[key] = _Remembered(principal, monotonic() + self._memory_seconds)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return principal
