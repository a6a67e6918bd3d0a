"""The messaging of one process: its consumer, its relay, and what it says outside of batches."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import structlog

from contracts.conversation import Conversation
from messaging import failures
from messaging.batches import Batches, Checkpoint
from messaging.consumer import Consumer
from messaging.delivery import Concerns, Handler
from messaging.gauges import keep_counting
from messaging.publisher import Publisher
from messaging.relay import Relay
from messaging.retention import keep_pruning
from messaging.speaking import Speaker
from messaging.watchdog import watch
from messaging.work import Work
from postgres import Database

_log = structlog.get_logger(__name__)

_LAST_FLUSH: Final = 5.0  # seconds
_DATABASE_ANSWER: Final = 2.0


class Messaging:
    """What `running` gives to a service."""

    def __init__(self, speaker: Speaker, consumer: Consumer | None) -> None:
        self._speaker = speaker
        self._consumer = consumer

    def work(self) -> AbstractAsyncContextManager[Work]:
        """Begin a transaction that may speak, for timers and other entrances than messages."""
        return self._speaker.work()

    async def ready(self) -> bool:
        """Whether the consumer has joined its group and the database answers."""
        if self._consumer is not None and not self._consumer.membership.joined:
            return False
        try:
            async with asyncio.timeout(_DATABASE_ANSWER):
                await self._speaker.database.pool.execute("SELECT 1")
        except Exception as error:
            if not failures.passes(error):
                raise
            return False
        return True


@asynccontextmanager
async def running(
    *,
    service: str,
    conversation: Conversation,
    database: Database,
    bootstrap_servers: str,
    instance: str,
    handle: Handler | None,
    concerns: Concerns = lambda _: True,
    checkpoint: Checkpoint = lambda _: None,
    patience: timedelta = timedelta(seconds=30),
) -> AsyncGenerator[Messaging, None]:
    """Consume what `service` hears (when there is a `handle`) and relay its outbox.

    Messages that do not concern the service are acknowledged, and leave no trace in its database.
    At the end the batch in hand is finished and the outbox flushed. The process is left, for its
    supervisor to start it again, when the consumer has been behind without progress for
    `patience`. `checkpoint` is called at `after_begin`, `after_effect`, `before_commit`,
    `after_commit` and `before_acknowledge`, for tests that end the process there.
    """
    async with AsyncExitStack() as stack:
        publisher = await stack.enter_async_context(
            Publisher.connect(bootstrap_servers, client_id=instance)
        )
        relay = Relay(database, publisher)
        stack.push_async_callback(_finish, relay, _background(relay.run()))
        stack.callback(_background(keep_pruning(database)).cancel)
        stack.callback(_background(keep_counting(database)).cancel)
        speaker = Speaker(service, conversation, database, relay)
        if handle is None:
            yield Messaging(speaker, None)
            return
        consumer = Consumer(
            bootstrap_servers=bootstrap_servers,
            group=service,
            instance=instance,
            topics=[topic.name for topic in conversation.heard_by(service)],
            batches=Batches(speaker, handle, checkpoint, concerns),
        )
        stack.push_async_callback(consumer.stop)
        stack.callback(_background(consumer.start()).cancel)
        stack.callback(_background(watch(consumer, bootstrap_servers, service, patience)).cancel)
        yield Messaging(speaker, consumer)


async def _finish(relay: Relay, running_relay: "asyncio.Task[None]") -> None:
    relay.stop()
    try:
        async with asyncio.timeout(_LAST_FLUSH):
            await running_relay
    except TimeoutError:
        _log.warning("the outbox was not empty; another process or the next one publishes it")


def _background(work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    """Run beside the service; whatever breaks here unexpectedly ends the process."""

    async def guarded() -> None:
        try:
            await work
        except Exception:  # noqa: BLE001 - it is nobody else's any more
            _log.exception("a background task broke")
            failures.leave("a background task broke")

    return asyncio.create_task(guarded())
