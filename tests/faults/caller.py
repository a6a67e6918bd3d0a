"""A caller as the API's pages want it: repeats a request, with its key, until it is answered."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from time import monotonic
from typing import Final
from uuid import uuid4

import httpx

from contracts.problems import BOOKING_TIMED_OUT
from load import Answer, Json

_ANSWER_SECONDS: Final = 15
_PATIENCE_SECONDS: Final = 120
_PAUSE_SECONDS: Final = 0.2
_PENDING: Final = 202
_COME_BACK: Final = 503


class PatientCaller:
    """Calls the replicas of the edge in turn.

    `repeated` counts why requests were repeated, by status or by the name of the error. What the
    edge never should answer, such as 500, is repeated too and shows in `mistakes`.
    """

    def __init__(self, clients: Sequence[httpx.AsyncClient]) -> None:
        self._clients = clients
        self._turn = count()
        self.repeated: Counter[str] = Counter()

    @classmethod
    @asynccontextmanager
    async def of(cls, urls: Sequence[str], api_key: str) -> "AsyncGenerator[PatientCaller]":
        """Call with this key, until the block ends."""
        headers = {"Authorization": f"Bearer {api_key}"}
        clients = [
            httpx.AsyncClient(base_url=f"{url}/v1", headers=headers, timeout=_ANSWER_SECONDS)
            for url in urls
        ]
        try:
            yield cls(clients)
        finally:
            for client in clients:
                await client.aclose()

    @property
    def mistakes(self) -> dict[str, int]:
        """How often the edge answered what it never should."""
        return {
            reason: number
            for reason, number in self.repeated.items()
            if reason.isdecimal() and int(reason) not in {_PENDING, _COME_BACK}
        }

    async def post(self, path: str, body: Json, key: str | None = None) -> Answer:
        """Return the one answer to this request, however often it had to be sent."""
        return await self.send("POST", path, body, key)

    async def get(self, path: str) -> Answer:
        """Ask, until it is answered."""
        return await self.send("GET", path, None)

    async def send(
        self, method: str, path: str, body: Json | None, key: str | None = None
    ) -> Answer:
        """Return the one answer to this request, however often it had to be sent."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        began = monotonic()
        while True:
            reason = "no answer"
            try:
                client = self._clients[next(self._turn) % len(self._clients)]
                answer = await client.request(method, path, json=body, headers=headers)
                if _is_final(answer):
                    return Answer(answer.status_code, answer.json(), 1000 * (monotonic() - began))
                reason = str(answer.status_code)
            except httpx.TransportError as error:
                reason = type(error).__name__
            self.repeated[reason] += 1
            if monotonic() - began > _PATIENCE_SECONDS:
                raise AssertionError(f"{path}: no answer in {_PATIENCE_SECONDS} s, {reason}")
            await asyncio.sleep(_PAUSE_SECONDS)


def _is_final(answer: httpx.Response) -> bool:
    """A booking that was not decided in time is refused for good, though with 503 (rule X7)."""
    if answer.status_code == _COME_BACK:
        return str(answer.json()["type"]).endswith(BOOKING_TIMED_OUT.uri)
    return answer.status_code != _PENDING and answer.status_code < 500
