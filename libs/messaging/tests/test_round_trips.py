"""What a batch costs beside its handler: its round trips to the database."""

from collections.abc import Callable
from time import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import ConsumerRecord

from messaging import Handler, Publisher, Record, Work
from messaging.batches import Batches
from messaging.relay import Relay
from messaging.speaking import Speaker

from .bench import Bench
from .toy import Added, Open


def _say(work: Work, cause: UUID, counter_id: UUID) -> None:
    work.publish(Added(counter_id=counter_id, total=1, revision=1), cause=cause)


async def _events(work: Work, deliveries: Any) -> None:
    for one in deliveries:
        _say(work, one.id, one.body.counter_id)


async def _commands(work: Work, deliveries: Any) -> None:
    for one in deliveries:
        _say(work, one.id, one.body.counter_id)
        work.conclude(one.id, {}, status=201)


def _adds(bench: Bench) -> list[Record]:
    return bench.adds([1] * 3)


def _opens(bench: Bench) -> list[Record]:
    return [bench.command(Open(counter_id=uuid4()), uuid4()) for _ in range(3)]


@pytest.mark.parametrize(("handle", "records"), [(_events, _adds), (_commands, _opens)])
async def test_a_batch_takes_four_round_trips(
    bench: Bench, handle: Handler, records: Callable[[Bench], list[Record]]
) -> None:
    relay = Relay(bench.database, Publisher("nowhere:1", "tests"))  # it never runs
    speaker = Speaker(bench.service, bench.conversation, bench.database, relay)
    batches = Batches(speaker, handle, lambda _: None)
    await batches.settle([_raw(one) for one in records(bench)])  # the connection learns its types
    queries: list[str] = []

    def note(query: Any) -> None:
        queries.append(query.query)

    async with bench.database.pool.acquire() as connection:
        connection.add_query_logger(note)
    await batches.settle([_raw(one) for one in records(bench)])

    assert len(queries) == 4, queries
    assert await bench.count("outbox") == 6 + await bench.count("operations")
    assert await bench.count("operations WHERE state = 'done'") == await bench.count("operations")


def _raw(record: Record) -> "ConsumerRecord[bytes, bytes]":
    return ConsumerRecord(
        topic=record.topic,
        partition=0,
        offset=0,
        timestamp=int(time() * 1000),
        timestamp_type=1,
        key=record.key,
        value=record.value,
        checksum=None,
        serialized_key_size=len(record.key),
        serialized_value_size=len(record.value),
        headers=record.headers,
    )
