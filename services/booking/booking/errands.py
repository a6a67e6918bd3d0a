"""After an erasure: the copies that are left in the database, and those in the topics."""

import asyncio
import logging
from collections.abc import Collection
from typing import Final
from uuid import UUID

import asyncpg
from aiokafka.errors import KafkaError

from booking.commands import erasing
from booking.store import erasures
from contracts.booking import EraseClient
from contracts.reply import Reply
from contracts.topics import CONVERSATION
from messaging import Messaging, delete_handled

_log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS: Final = 1.0
SECONDS_AFTER_FAILURE: Final = 5.0

# Names are said in commands and in their answers, and nowhere else.
[_COMMANDS] = (topic for topic in CONVERSATION.topics if EraseClient in topic.types)
[_REPLIES] = (topic for topic in CONVERSATION.topics if Reply in topic.types)


async def forget_copies(messaging: Messaging, bootstrap_servers: str, group: str) -> None:
    """Look for the copies of what was erased until they are gone, for ever.

    Any number of replicas may do so at the same time, and again after a crash.
    """
    while True:
        try:
            await forget_copies_now(messaging, bootstrap_servers, group)
            seconds = SECONDS_BETWEEN_LOOKS
        except (KafkaError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            _log.warning("copies of what was erased are left; trying again", exc_info=True)
            seconds = SECONDS_AFTER_FAILURE
        await asyncio.sleep(seconds)


async def forget_copies_now(messaging: Messaging, bootstrap_servers: str, group: str) -> None:
    """Do so once, for all who were erased so far that nobody can write down any more."""
    async with messaging.work() as work:
        client_ids = await erasures.settled(work.transaction)
        if not client_ids:
            return
        await erasing.forget_copies(work, client_ids)
        last_said = await erasures.last_said(work.transaction)
    while not await _is_published(messaging, last_said):  # noqa: ASYNC110 — there is no event
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
    if await delete_handled(bootstrap_servers, group=group, commands=_COMMANDS, replies=_REPLIES):
        await _be_done(messaging, client_ids)


async def _is_published(messaging: Messaging, last_said: int) -> bool:
    async with messaging.work() as work:
        return await erasures.is_published(work.transaction, last_said)


async def _be_done(messaging: Messaging, client_ids: Collection[UUID]) -> None:
    async with messaging.work() as work:
        await erasures.remove(work.transaction, client_ids)
