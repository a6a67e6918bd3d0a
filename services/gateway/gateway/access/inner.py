"""Tokens with which the pages use the public API from within: `in_…`, never given to a browser."""

from datetime import UTC, datetime, timedelta
from typing import Final

from web.identity import InvalidToken, Principal, sign, verify, verify_key_of

PREFIX: Final = "in_"
# Services take no token with an audience, and the edge takes these nowhere else.
_AUDIENCE: Final = "pages"
_REUSE: Final = timedelta(seconds=20)
_MOST_KEPT: Final = 10_000


class InnerTokens:
    """Signs who a page speaks for, once for some seconds, and tells it again."""

    def __init__(self, signing_key: str) -> None:
        self._signing_key = signing_key
        self._verify_key = verify_key_of(signing_key)
        self._signed: dict[Principal, tuple[str, datetime]] = {}

    def token_for(self, principal: Principal) -> str:
        """Return a token that is worth something for the next half minute."""
        now = datetime.now(UTC)
        token, until = self._signed.get(principal, ("", now))
        if now >= until:
            if len(self._signed) >= _MOST_KEPT:
                self._signed.clear()
            token = PREFIX + sign(principal, self._signing_key, now, audience=_AUDIENCE)
            self._signed[principal] = (token, now + _REUSE)
        return token

    def holder(self, token: str) -> Principal | None:
        """Return who a page speaks for with this token."""
        now = datetime.now(UTC)
        try:
            return verify(token.removeprefix(PREFIX), self._verify_key, now, audience=_AUDIENCE)
        except InvalidToken:
            return None
