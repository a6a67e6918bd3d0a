"""The example subscriber as a process, what it keeps, and a public stream that repeats itself."""

import asyncio
import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Collection, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from devstack import Stack
from edge import Json
from journeys import until

_EXAMPLE: Final = Path(__file__).parents[2] / "docs" / "examples" / "balances.py"

Balances = dict[str, tuple[int, int | None]]
"""By bucket: the newest revision seen, and the balance."""


@contextmanager
def following(system: Stack, data: Path, *options: str) -> Generator[None]:
    """Let the example keep balances in `data`, until it is killed at the end of the block."""
    command = [sys.executable, str(_EXAMPLE), str(data), *options]
    environment = os.environ | {"KAFKA_BOOTSTRAP_SERVERS": system.bootstrap_servers}
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield
            assert process.poll() is None, "it has ended by itself"
        finally:
            process.kill()


def kept(data: Path, membership_ids: Collection[str]) -> Balances:
    """Return the balances of these memberships as the example keeps them."""
    rows = _read(data, "SELECT bucket_id, revision, balance, membership_id FROM balances")
    return {row[0]: (row[1], row[2]) for row in rows if row[3] in membership_ids}


def caught_up(system: Stack, data: Path, topic: str) -> None:
    """Wait until the example has kept all that the topic holds now."""
    ends = asyncio.run(_ends(system, topic))

    def positions() -> dict[int, int]:
        return dict(_read(data, "SELECT partition, next_offset FROM positions"))

    until(positions, lambda known: all(known.get(one, 0) >= end for one, end in ends.items()))


def stream(system: Stack, topic: str) -> list[Json]:
    """Return all that a topic holds now."""
    return [json.loads(one.value) for one in asyncio.run(_records(system, topic))]


def say_again(system: Stack, topic: str, keys: Collection[str]) -> int:
    """Repeat all that a topic holds under these keys, in another order; return how much it was."""
    return asyncio.run(_say_again(system, topic, {key.encode() for key in keys}))


def _read(data: Path, query: str) -> list[Any]:
    if not data.exists():
        return []
    with closing(sqlite3.connect(data)) as database:
        try:
            return database.execute(query).fetchall()
        except sqlite3.OperationalError:  # it is just being made
            return []


async def _ends(system: Stack, topic: str) -> dict[int, int]:
    async with _consumer(system, topic) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
    return {one.partition: end for one, end in ends.items()}


async def _records(system: Stack, topic: str) -> list[Any]:
    records: list[Any] = []
    async with _consumer(system, topic) as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(one) < end for one, end in ends.items()]):
            batch = await consumer.getmany(timeout_ms=200)
            records += [one for part in batch.values() for one in part]
    return records


async def _say_again(system: Stack, topic: str, keys: set[bytes]) -> int:
    copies = [one for one in await _records(system, topic) if one.key in keys]
    random.shuffle(copies)
    producer: Any = AIOKafkaProducer(bootstrap_servers=system.bootstrap_servers, acks="all")
    async with producer:
        for one in copies:
            await producer.send(one.topic, one.value, key=one.key, headers=list(one.headers))
        await producer.flush()
    return len(copies)


def _consumer(system: Stack, topic: str) -> Any:  # aiokafka has no types
    return AIOKafkaConsumer(
        topic, bootstrap_servers=system.bootstrap_servers, auto_offset_reset="earliest"
    )
