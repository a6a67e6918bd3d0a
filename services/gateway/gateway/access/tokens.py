"""Signed tokens for the services, one per principal for some seconds."""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from web.identity import Principal, sign

# A token lives for a minute: what is left is for the request's way to the broker.
_REUSE: Final = timedelta(seconds=20)
_MOST_KEPT: Final = 10_000


class _Signed(NamedTuple):
    token: str
    until: datetime


class Tokens:
    """Signs principals. A busy caller costs one signature here, and one check at each service."""

    def __init__(self, signing_key: str) -> None:
        self._signing_key = signing_key
        self._signed: dict[Principal, _Signed] = {}

    def token_for(self, principal: Principal) -> str:
        """Return a token that has most of its life before it."""
        now = datetime.now(UTC)
        signed = self._signed.get(principal)
        if signed is None or now >= signed.until:
            if len(self._signed) >= _MOST_KEPT:
                self._signed.clear()
            # On which page the caller stands is nobody's matter but this edge's.
            told = principal.model_copy(update={"origins": None})
            signed = _Signed(sign(told, self._signing_key, now), now + _REUSE)
            self._signed[principal] = signed
        return signed.token
