"""Sends the codes that were asked for; whichever replica claims one first, and again if need be."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from gateway.errands.senders import Send, TextMessage
from gateway.phones import PhoneCodes, Unsent

_MOST_AT_ONCE: Final = 20
_POLL_SECONDS: Final = 1.0
_PRUNE_EVERY: Final = 60  # polls

_SENT: Final = Counter("gateway_phone_codes", "Tries to send a phone code.", ["outcome"])

_log = logging.getLogger(__name__)


@asynccontextmanager
async def running(
    codes: PhoneCodes, send: Send, *, retry_seconds: float
) -> AsyncGenerator[None, None]:
    """Send in the background until the block ends; a try takes `retry_seconds` at most."""
    task = asyncio.create_task(_run(codes, send, retry_seconds), name="phone codes")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _run(codes: PhoneCodes, send: Send, retry_seconds: float) -> None:
    polls = 0
    while True:
        try:
            if polls % _PRUNE_EVERY == 0:
                await codes.prune()
            polls += 1
            claimed = await codes.claim_unsent(_MOST_AT_ONCE, retry_seconds)
            if claimed:
                await _send_all(codes, send, claimed, retry_seconds)
        except Exception:  # noqa: BLE001 — the next round may find the database again
            _log.warning("phone codes could not be looked up", exc_info=True)
            claimed = []
        if not claimed:
            await asyncio.sleep(min(_POLL_SECONDS, retry_seconds))


async def _send_all(
    codes: PhoneCodes, send: Send, claimed: Sequence[Unsent], retry_seconds: float
) -> None:
    async def attempt(unsent: Unsent) -> UUID | None:
        message = _message(unsent, codes.code_of(unsent.code_id))
        try:
            async with asyncio.timeout(retry_seconds):
                await send(message)
        except Exception as error:  # noqa: BLE001 — whatever it is, it is tried again
            # What the error says may have the number in it, so its name has to do.
            _log.warning("phone code %s was not sent: %s", unsent.code_id, type(error).__name__)
            _SENT.labels("failed").inc()
            return None
        _SENT.labels("sent").inc()
        return unsent.code_id

    done = await asyncio.gather(*map(attempt, claimed))
    await codes.note_sent([code_id for code_id in done if code_id is not None])


def _message(unsent: Unsent, code: str) -> TextMessage:
    text = f"{code} is your code for {unsent.location_name}. It is valid for five minutes."
    return TextMessage(unsent.code_id, unsent.phone, code, text)
