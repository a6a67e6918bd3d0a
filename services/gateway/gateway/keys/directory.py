"""Who holds a key, remembered for some seconds."""

from collections import OrderedDict
from time import monotonic
from typing import Final, NamedTuple

from contracts.problems import SERVICE_UNAVAILABLE
from gateway.keys import store
from gateway.keys.secret import hash_of
from messaging.failures import passes
from postgres import Database
from web.identity import Principal
from web.problems import ProblemError

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

    async def holder(self, key: str) -> Principal | None:
        """Return who holds `key`; nobody when it is unknown or revoked.

        Raises `ProblemError`, 503, while the database cannot be asked.
        """
        remembered = self._remembered.get(key)
        if remembered is not None and monotonic() < remembered.until:
            return remembered.principal
        try:
            principal = await store.holder(self._database, hash_of(key))
        except Exception as error:
            if not passes(error):
                raise
            problem = SERVICE_UNAVAILABLE.problem("Your API key cannot be checked at the moment.")
            raise ProblemError(problem, headers={"Retry-After": "1"}) from error
        self._remembered.pop(key, None)
        self._remembered[key] = _Remembered(principal, monotonic() + self._memory_seconds)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return principal
