"""What a consumer takes from its broker is handled, whatever the broker says meanwhile."""

import asyncio
from operator import attrgetter
from typing import Any, cast
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from contracts.base import Message
from messaging import Messaging, failures, fetching

from .bench import Bench, until
from .toy import Add


def _kafka(messaging: Messaging) -> Any:
    """Return the consumer's own aiokafka, which has no types."""
    running = messaging._consumer  # pyright: ignore[reportPrivateUsage]
    assert running is not None
    return running._subscriber.consumer  # pyright: ignore[reportPrivateUsage]


def _taken(kafka: Any) -> int:
    """Return how many messages were taken from the broker."""
    positions = [
        kafka._subscription.subscription.assignment.state_value(one) for one in kafka.assignment()
    ]
    return sum(one.position for one in positions if one.has_valid_position)


async def test_what_waits_for_company_is_not_lost_when_the_group_reports_an_error(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_COMPANY", 1.0)
    async with bench.running() as messaging:
        kafka = _kafka(messaging)
        await bench.tell(*bench.adds(range(100, 120)))
        await bench.expect("effects", 20)  # a crowd: the next batch waits for company
        await bench.acknowledged()
        await bench.tell(*bench.adds(range(200, 210)))

        async def taken() -> bool:
            return _taken(kafka) > 20

        await until(taken, "a batch that waits for company")
        kafka._coordinator._pending_exception = KafkaError("the coordinator is loading")
        await bench.expect("effects", 30)
        await bench.acknowledged()


async def test_what_does_not_concern_the_service_is_acknowledged_and_leaves_no_trace(
    bench: Bench,
) -> None:
    def concerns(message: Message) -> bool:
        return not isinstance(message, Add) or message.amount >= 200

    await bench.tell(*bench.adds([100, 200, 101, 201]))
    async with bench.running(concerns=concerns):
        await bench.acknowledged()
    assert await bench.effects() == [200, 201]
    assert await bench.count("inbox") == 2


@pytest.mark.parametrize("part", ["_fetcher._fetch_task", "_coordinator._coordination_task"])
async def test_a_consumer_one_of_whose_tasks_has_ended_leaves_its_process(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    left = asyncio.Event()

    def leave(*_: object, **__: object) -> None:
        left.set()

    async with bench.running() as messaging:
        monkeypatch.setattr(failures, "leave", leave)
        attrgetter(part)(_kafka(messaging)).cancel()
        async with asyncio.timeout(10):
            await left.wait()


async def test_a_cancellation_that_nobody_asked_for_does_not_end_the_consumer(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = cast("Any", AIOKafkaConsumer).getmany  # aiokafka has no types
    cancelled = asyncio.Event()

    async def getmany(*arguments: Any, **options: Any) -> Any:
        if not cancelled.is_set():
            cancelled.set()
            raise asyncio.CancelledError
        return await fetch(*arguments, **options)

    async with bench.running():
        monkeypatch.setattr(AIOKafkaConsumer, "getmany", getmany)
        async with asyncio.timeout(30):
            await cancelled.wait()
        await bench.tell(*bench.adds([1]))
        await bench.expect("effects", 1)


async def test_a_batch_whose_partitions_are_given_away_meanwhile_does_not_end_the_process(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons: list[object] = []

    def leave(reason: object, **_: object) -> None:
        reasons.append(reason)

    monkeypatch.setattr(failures, "leave", leave)
    counters = [uuid4() for _ in range(20)]
    async with bench.running() as messaging:
        kafka = _kafka(messaging)
        everything = len(kafka.assignment())
        held = await bench.database.pool.acquire()
        await held.execute("BEGIN; LOCK TABLE effects")
        await bench.tell(*(record for one in counters for record in bench.adds([1], one)))

        async def given_away() -> bool:
            return 0 < len(kafka.assignment()) < everything

        async with bench.running("toy-2"):
            await until(given_away, "half of the partitions with the other replica")
            await held.execute("COMMIT")
            await bench.database.pool.release(held)
            await bench.acknowledged()
    assert await bench.effects() == [1] * 20
    assert reasons == []
