"""Sees what the messages did: how many there were, how many came twice, and what is under way."""

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import CONVERSATION
from devstack import Stack

_DUPLICATES: Final = re.compile(
    r'^messaging_messages_total\{outcome="duplicate".*\} (\S+)$', re.MULTILINE
)
_SPEAKERS: Final = ("booking", "membership", "sales", "scheduler")
_PATIENCE_SECONDS: Final = 90
_UNDER_WAY: Final = """
SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL)
     + (SELECT count(*) FROM operations WHERE state = 'pending')
"""
_DEBITED: Final = """
SELECT count(*) FROM settlements WHERE appointment_id = ANY($1::uuid[]) AND outcome = 'debited'
"""
_SETTLED: Final = """
SELECT appointment_id::text, outcome FROM settlements WHERE appointment_id = ANY($1::uuid[])
"""
_SESSIONS: Final = """
SELECT appointment_id::text,
       sum(CASE kind WHEN 'debited' THEN sessions WHEN 'reversed' THEN -sessions ELSE 0 END)::int
FROM ledger WHERE appointment_id = ANY($1::uuid[]) GROUP BY appointment_id
"""

Offsets = Mapping[TopicPartition, int]


@dataclass(frozen=True)
class Said:
    """A record of a topic, and when the broker had it."""

    body: dict[str, Any]
    appended_at: datetime


@dataclass
class Witness:
    """Asks from outside, over fresh connections, so that it survives every fault itself."""

    stack: Stack
    duplicates: int = 0
    _seen: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])

    async def look(self, replicas: Iterable[tuple[str, int]]) -> None:
        """Add up the duplicates that these processes have counted since the last look.

        What a process sees between a look and its end is missed: they are at least so many.
        """
        async with httpx.AsyncClient(timeout=2) as client:
            for name, replica in replicas:
                try:
                    answer = await client.get(f"{self.stack.service_url(name, replica)}/metrics")
                except httpx.TransportError:
                    continue
                counted = sum(int(float(one)) for one in _DUPLICATES.findall(answer.text))
                before = self._seen.get((name, replica), 0)
                self.duplicates += counted - before if counted >= before else counted
                self._seen[name, replica] = counted

    async def messages(self) -> int:
        """Return how many messages all topics ever had."""
        ends = [await self.ends(topic.name) for topic in CONVERSATION.topics]
        return sum(sum(topic.values()) for topic in ends)

    async def ends(self, topic: str) -> Offsets:
        """Return where a topic ends now."""
        async with self._consumer(topic) as consumer:
            return dict(await consumer.end_offsets(consumer.assignment()))

    async def said_since(self, ends: Offsets) -> list[Said]:
        """Return what a topic got since it ended there."""
        said: list[Said] = []
        async with self._consumer(next(iter(ends)).topic) as consumer:
            for partition, end in ends.items():
                consumer.seek(partition, end)
            now = await consumer.end_offsets(list(ends))
            while any([await consumer.position(one) < now[one] for one in ends]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    said += [_said(record) for record in records]
        return said

    async def debited(self, appointment_ids: list[str]) -> int:
        """Return how many of these appointments are settled, and debited."""
        return await _count(self.stack, "membership", _DEBITED, appointment_ids)

    async def outcomes(self, appointment_ids: list[str]) -> dict[str, str]:
        """Return how those of these appointments are settled that are."""
        return dict(await _rows(self.stack, "membership", _SETTLED, appointment_ids))

    async def sessions(self, appointment_ids: list[str]) -> dict[str, int]:
        """Return how many sessions the ledger has net for those of these that it knows."""
        return dict(await _rows(self.stack, "membership", _SESSIONS, appointment_ids))

    async def nothing_under_way(self) -> None:
        """Wait until every message is published and every command answered."""
        give_up = monotonic() + _PATIENCE_SECONDS
        for name in _SPEAKERS:
            while number := await _count(self.stack, name, _UNDER_WAY):
                assert monotonic() < give_up, f"{number} are stuck in {name}"
                await asyncio.sleep(0.1)

    def _consumer(self, topic: str) -> Any:  # aiokafka has no types
        return AIOKafkaConsumer(topic, bootstrap_servers=self.stack.bootstrap_servers)


def _said(record: Any) -> Said:
    return Said(json.loads(record.value), datetime.fromtimestamp(record.timestamp / 1000, UTC))


async def _count(stack: Stack, database: str, query: str, *arguments: object) -> int:
    [(number,)] = await _rows(stack, database, query, *arguments)
    return int(number)


async def _rows(stack: Stack, database: str, query: str, *arguments: object) -> list[Any]:
    connection = await asyncpg.connect(stack.database(database))
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()
