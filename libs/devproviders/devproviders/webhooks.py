"""Telling what happened: signed, again and again until it is heard, as Stripe does."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import httpx

FIRST_PAUSE: Final = 0.2  # seconds; it doubles
LONGEST_PAUSE: Final = 30.0

_log = logging.getLogger(__name__)


def signature(payload: bytes, secret: str, at: datetime) -> str:
    """Return the `Stripe-Signature` of a payload."""
    seconds = int(at.timestamp())
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + payload, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"


class Webhooks:
    """Sends events to one address; every event on its own, so that none waits for another."""

    def __init__(
        self, url: str | None, secret: str, http: httpx.AsyncClient, now: Callable[[], datetime]
    ) -> None:
        self._url = url
        self._secret = secret
        self._http = http
        self._now = now
        self._sending: set[asyncio.Task[None]] = set()

    def send(self, event: dict[str, Any]) -> None:
        """Send an event, until it is answered 2xx."""
        if self._url is not None:
            task = asyncio.get_running_loop().create_task(self._deliver(self._url, event))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def stop(self) -> None:
        """Give up what was not heard yet."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _deliver(self, url: str, event: dict[str, Any]) -> None:
        payload, pause = json.dumps(event).encode(), FIRST_PAUSE
        while not await self._heard(url, payload, event["type"]):
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _heard(self, url: str, payload: bytes, kind: str) -> bool:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload, self._secret, self._now()),
        }
        try:
            answer = await self._http.post(url, content=payload, headers=headers)
        except httpx.HTTPError as error:
            _log.warning("%s was not heard: %r", kind, error)
            return False
        if not answer.is_success:
            _log.warning("%s was answered %s: %s", kind, answer.status_code, answer.text[:200])
        return answer.is_success
