"""Transactions that may speak: what they say is in the outbox when they commit."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from contracts.conversation import Conversation
from messaging import operations, outbox
from messaging.relay import Relay
from messaging.work import Work
from postgres import Database


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: a service with its database and its relay."""

    service: str
    conversation: Conversation
    database: Database
    relay: Relay

    @asynccontextmanager
    async def work(self) -> AsyncGenerator[Work, None]:
        """Begin a transaction; commit it with all that the work says, and wake the relay."""
        async with self.database.transaction() as transaction:
            now: datetime = await transaction.fetchval("SELECT now()")
            work = Work(transaction, now, self.conversation)
            yield work
            await self.save(work)
        self.committed(work)

    def committed(self, work: Work) -> None:
        """Wake the relay, if there is something for it."""
        if work.sayings:
            self.relay.wake()

    async def save(self, work: Work) -> None:
        """Write the conclusions and, last of all, the outbox."""
        concluded = await operations.conclude(work)
        notify = not self.relay.leading
        await outbox.save(work, concluded, source=self.service, notify=notify)
