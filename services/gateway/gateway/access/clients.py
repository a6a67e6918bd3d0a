"""Tokens of clients who have confirmed a phone: `ct_…`, signed, and kept nowhere (rule G8)."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from web.identity import InvalidToken, Principal, Role, sign, verify, verify_key_of

PREFIX: Final = "ct_"
# Services take no token with an audience: a client's is worth something at the public edge alone.
_AUDIENCE: Final = "clients"


class ClientTokens:
    """Issues tokens that are valid for `lifetime`, and tells who holds one."""

    def __init__(self, signing_key: str, lifetime: timedelta) -> None:
        self._signing_key = signing_key
        self._verify_key = verify_key_of(signing_key)
        self._lifetime = lifetime

    def issue(
        self,
        chain_id: UUID,
        location_id: UUID,
        phone: str,
        origins: tuple[str, ...] | None = None,
    ) -> tuple[str, datetime]:
        """Return a token for the client with this phone (E.164), and until when it is valid.

        `origins` are those of the key that the phone was confirmed with, if it is a widget's.
        """
        client = Principal(
            id=uuid5(location_id, phone),
            role=Role.CLIENT,
            chain_id=chain_id,
            location_id=location_id,
            phone=phone,
            origins=origins,
        )
        now = datetime.now(UTC)
        token = sign(client, self._signing_key, now, lifetime=self._lifetime, audience=_AUDIENCE)
        return PREFIX + token, now + self._lifetime

    def holder(self, token: str) -> Principal | None:
        """Return the client who holds `token`; nobody when it is not ours or has expired."""
        now = datetime.now(UTC)
        try:
            return verify(token.removeprefix(PREFIX), self._verify_key, now, audience=_AUDIENCE)
        except InvalidToken:
            return None
