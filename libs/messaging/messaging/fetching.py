"""What is taken from the broker: nothing of it gets lost on the way to the handler."""

import asyncio
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, cast

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from messaging import failures
from messaging.fetch_sessions import use_sessions

_log = structlog.get_logger(__name__)

_CROWD: Final = 8  # messages in a batch, from which on the next one waits for company
_COMPANY: Final = 0.005  # seconds
_LONGEST_COMPANY: Final = 1.0  # seconds; it may meet a rebalance


class PatientConsumer(AIOKafkaConsumer):
    """Waits until there is something: FastStream sleeps after every empty answer.

    Under load it waits a little more for company: a batch costs about the same whether it has five
    messages or fifty. A message that comes alone never waits.
    """

    def __init__(self, *topics: str, **options: Any) -> None:
        cast("Any", super()).__init__(*topics, **options)  # aiokafka has no types
        use_sessions(self)
        self.polled = time.monotonic()
        """When it looked for messages last."""
        self._crowded = False

    async def getmany(  # noqa: D102 - as in aiokafka
        self, *partitions: Any, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[Any, Any]:
        records: dict[Any, list[Any]] = {}
        while not records:
            self.polled = time.monotonic()
            self._leave_if_dead()
            with cancelled_by_us_alone():
                records = await self._fetch(partitions, timeout_ms, max_records)
        if self._crowded:
            await asyncio.sleep(_COMPANY)
            room = (max_records or _count(records)) - _count(records)
            if room > 0:
                for partition, more in (await self._company(partitions, room)).items():
                    records.setdefault(partition, []).extend(more)
        self._crowded = _count(records) >= _CROWD
        return records

    async def _company(self, partitions: Any, room: int) -> dict[Any, list[Any]]:
        """Return what has come meanwhile; an error must not cost what was taken before."""
        try:
            async with asyncio.timeout(_LONGEST_COMPANY):
                with cancelled_by_us_alone():
                    return await self._fetch(partitions, 0, room)
        except (KafkaError, TimeoutError) as error:
            _log.warning("nothing more is fetched for this batch", error=repr(error))
            return {}

    async def _fetch(self, partitions: Any, timeout_ms: int, max_records: int | None) -> Any:
        fetch = cast("Any", super()).getmany
        return await fetch(*partitions, timeout_ms=timeout_ms, max_records=max_records)

    def _leave_if_dead(self) -> None:
        """Leave when a task of aiokafka's has ended: it goes on as if there were no messages."""
        parts = cast("Any", self)
        tasks = {"fetcher": parts._fetcher._fetch_task}
        tasks["coordinator"] = parts._coordinator._coordination_task
        for name, task in tasks.items():
            if task.done() and not parts._closed:
                failures.leave(f"the consumer's {name} has ended", task=repr(task))


@contextmanager
def cancelled_by_us_alone() -> Generator[None]:
    """Make an error of a cancellation that nobody here asked for.

    aiokafka lets the cancellation of its own requests out when its broker dies, and FastStream
    would end the consumer for it.
    """
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise KafkaError("a request was cancelled") from error


def _count(records: dict[Any, list[Any]]) -> int:
    return sum(map(len, records.values()))
