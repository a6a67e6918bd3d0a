"""One batch, one transaction; a batch that fails is split down to the culprit."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog

from contracts.base import Command, Message
from messaging import dead_letters, failures, inbox, operations
from messaging.dead_letters import Letter, letter_about
from messaging.decoding import Arrival, RawRecord, Skipped, decode
from messaging.delivery import Concerns, Delivery, Handler
from messaging.metrics import BATCH_SECONDS, BATCH_SIZE, MESSAGES, RETRIES
from messaging.principals import subject_of
from messaging.speaking import Speaker
from messaging.work import Submission, Work
from observability import traces

_log = structlog.get_logger(__name__)

Checkpoint = Callable[[str], None]

POLL_LIMIT: Final = 600.0  # seconds that a batch may take before the group goes on without us
_GIVE_UP: Final = 0.9 * POLL_LIMIT
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 5.0


class StoppingError(Exception):
    """The process ends; the batch in hand was not committed and comes again."""


@dataclass(slots=True)
class Batches:
    """Handles the batches of one service, one after the other."""

    speaker: Speaker
    handle: Handler
    checkpoint: Checkpoint
    concerns: Concerns = lambda _: True
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _began: float = 0.0

    async def settle(self, records: Sequence[RawRecord]) -> None:
        """Return when every record has been handled, skipped or set aside, and that is committed.

        Raises `StoppingError` when the process is to end before a failure has passed.
        """
        self._began = time.monotonic()
        arrivals: list[Arrival] = []
        letters: list[Letter] = []
        for record in records:
            match decode(record, self.speaker.conversation):
                case Arrival(delivery=delivery) as arrival:
                    if self.concerns(delivery.body):
                        arrivals.append(arrival)
                    else:
                        MESSAGES.labels(delivery.body.type, "ignored").inc()
                case Letter() as letter:
                    letters.append(letter)
                case Skipped():
                    MESSAGES.labels("unknown", "skipped").inc()
        if letters:
            await self._retrying(lambda: self._bury(letters))
        if arrivals:
            await self._settle(arrivals)
        BATCH_SIZE.observe(len(records))
        BATCH_SECONDS.observe(time.monotonic() - self._began)

    async def _settle(self, arrivals: Sequence[Arrival]) -> None:
        deliveries = [one.delivery for one in arrivals]
        try:
            with traces.linking("handle batch", (one.trace for one in deliveries)):
                await self._retrying(lambda: self._transact(deliveries))
        except StoppingError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the handler raises is somebody's fault
            if len(arrivals) == 1:
                letter = letter_about(arrivals[0].record, error)
                await self._retrying(lambda: self._bury([letter]))
                return
            middle = len(arrivals) // 2
            await self._settle(arrivals[:middle])
            await self._settle(arrivals[middle:])

    async def _transact(self, deliveries: Sequence[Delivery[Message]]) -> None:
        async with self.speaker.database.transaction() as transaction:
            self.checkpoint("after_begin")
            others = [one.id for one in deliveries if not isinstance(one.body, Command)]
            submitted = [_submission(one) for one in deliveries if isinstance(one.body, Command)]
            claimed = await inbox.claim(transaction, others, submitted)
            traces = {one.id: one.trace for one in deliveries if one.trace}
            conversation = self.speaker.conversation
            work = Work(transaction, claimed.now, conversation, traces, claimed.commands)
            new = _first_copies(deliveries, claimed.message_ids)
            await operations.answer_again(work, claimed.again)
            if new:
                await self.handle(work, new)
            self.checkpoint("after_effect")
            await self.speaker.save(work)
            self.checkpoint("before_commit")
        self.speaker.committed(work)
        self.checkpoint("after_commit")
        handled = Counter(one.body.type for one in new)
        for name, number in Counter(one.body.type for one in deliveries).items():
            MESSAGES.labels(name, "handled").inc(handled[name])
            MESSAGES.labels(name, "duplicate").inc(number - handled[name])

    async def _bury(self, letters: Sequence[Letter]) -> None:
        async with self.speaker.work() as work:
            buried = await dead_letters.bury(work, letters, service=self.speaker.service)
        for letter in buried:
            name = letter.type or ""
            known = self.speaker.conversation.type_named(name) is not None
            MESSAGES.labels(name if known else "unknown", "dead_lettered").inc()
            _log.error(
                "message set aside",
                dead_letter_id=str(letter.id),
                type=letter.type,
                message_id=letter.message_id and str(letter.message_id),
                topic=letter.record.topic,
                partition=letter.record.partition,
                offset=letter.record.offset,
                reason=letter.reason,
                detail=letter.public_detail,
            )

    async def _retrying(self, attempt: Callable[[], Awaitable[None]]) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                return await attempt()
            except Exception as error:
                if not failures.passes(error):
                    raise
                RETRIES.labels(type(error).__name__).inc()
                _log.warning("batch will be tried again", error=repr(error), pause=pause)
            if time.monotonic() - self._began > _GIVE_UP:
                failures.leave("a batch could not be handled within the poll limit")
            await self._pause(pause * random.uniform(0.5, 1.0))  # noqa: S311 - not a secret
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return
        raise StoppingError


def _submission(delivery: Delivery[Message]) -> Submission:
    assert delivery.request_hash is not None  # a command without it was not decoded
    asked_by = subject_of(delivery.principal)
    return Submission(delivery.id, delivery.request_hash, asked_by, delivery.trace)


def _first_copies(
    deliveries: Sequence[Delivery[Message]], fresh: set[UUID]
) -> list[Delivery[Message]]:
    first: dict[UUID, Delivery[Message]] = {}
    for delivery in deliveries:
        if delivery.id in fresh:
            first.setdefault(delivery.id, delivery)
    return list(first.values())
