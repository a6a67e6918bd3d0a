"""Codes for phones: asked for, made, and compared with what was typed."""

import hmac
import math
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from contracts.problems import TOO_MANY_REQUESTS
from gateway.outages import answered_503
from gateway.phones import store
from gateway.phones.store import Asking, Unsent
from postgres import Database
from web.problems import ProblemError

_DIGITS: Final = 6
_UNAVAILABLE: Final = "Phone numbers cannot be confirmed at the moment."


class Limits(NamedTuple):
    """How many codes are sent within an hour."""

    per_phone: int
    per_caller: int


class PhoneCodes:
    """Makes codes that its `secret` alone can make again; the database knows none of them."""

    def __init__(self, database: Database, secret: str) -> None:
        self._database = database
        self._key = hmac.digest(secret.encode(), b"phone codes", sha256)

    async def ask(
        self, location_id: UUID, location_name: str, phone: str, *, caller: str, limits: Limits
    ) -> datetime:
        """Keep a new code to be sent to `phone` (E.164), and return until when it is valid.

        What is done, and how long it takes, is the same for every number. Raises `ProblemError`,
        429, when the phone or the caller has had its share.
        """
        asking = Asking(
            code_id=uuid4(),
            location_id=location_id,
            location_name=location_name,
            phone=phone,
            phone_hash=self._hash("phone", phone),
            caller_hash=self._hash("caller", caller),
        )
        with answered_503(_UNAVAILABLE):
            async with self._database.transaction() as transaction:
                wait = await store.wait_before(transaction, asking, *limits)
                if wait is None:
                    return await store.keep(transaction, asking)
        raise _too_many(math.ceil(wait.total_seconds()))

    async def confirms(self, location_id: UUID, phone: str, typed: str) -> bool:
        """Return whether `typed` is the newest code for `phone`; it is one of its five tries.

        A code confirms once.
        """
        with answered_503(_UNAVAILABLE):
            async with self._database.transaction() as transaction:
                phone_hash = self._hash("phone", phone)
                code_id = await store.take_try(transaction, location_id, phone_hash)
                if code_id is None or not hmac.compare_digest(self.code_of(code_id), typed):
                    return False
                await store.confirm(transaction, code_id)
        return True

    async def claim_unsent(self, most: int, retry_seconds: float) -> Sequence[Unsent]:
        """Return codes that are due to be sent; others may claim them again after some seconds."""
        return await store.claim_unsent(self._database, most, retry_seconds)

    async def note_sent(self, code_ids: Sequence[UUID]) -> None:
        """Forget the numbers that these codes were sent to."""
        await store.note_sent(self._database, code_ids)

    async def prune(self) -> None:
        """Forget what nobody needs any more."""
        await store.prune(self._database)

    def code_of(self, code_id: UUID) -> str:
        """Return the six digits."""
        number = int.from_bytes(self._hash("code", str(code_id))) % 10**_DIGITS
        return f"{number:0{_DIGITS}}"

    def _hash(self, what: str, text: str) -> bytes:
        return hmac.digest(self._key, f"{what}/{text}".encode(), sha256)


def _too_many(seconds: int) -> ProblemError:
    wait = max(seconds, 1)
    minutes = math.ceil(wait / 60)
    in_words = f"{minutes} minutes" if minutes > 1 else f"{wait} seconds"
    problem = TOO_MANY_REQUESTS.problem(f"Ask for another code in {in_words}.")
    return ProblemError(problem, headers={"Retry-After": str(wait)})
