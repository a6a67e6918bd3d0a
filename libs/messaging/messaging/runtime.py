"""The messaging of one process: its consumer, its relay, and what it says outside of batches."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from contracts.conversation import Conversation
from messaging.delivery import Handler
from messaging.work import Work
from postgres import Database

Checkpoint = Callable[[str], None]


class Messaging:
    """What `running` gives to a service."""

    @asynccontextmanager
    async def work(self) -> AsyncGenerator[Work, None]:
        """Begin a transaction that may speak, for timers and other entrances than messages."""
        raise NotImplementedError
        yield

    async def ready(self) -> bool:
        """Whether the consumer has joined its group and the database answers."""
        raise NotImplementedError


@asynccontextmanager
async def running(
    *,
    service: str,
    conversation: Conversation,
    database: Database,
    bootstrap_servers: str,
    instance: str,
    handle: Handler | None,
    checkpoint: Callable[[str], None] = lambda _: None,
) -> AsyncGenerator[Messaging, None]:
    """Consume what `service` hears (when there is a `handle`) and relay its outbox."""
    raise NotImplementedError
    yield Messaging()
