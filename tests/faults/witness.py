"""Sees what the messages did: how many there were, how many came twice, and what is under way."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
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
        partitions = [
            TopicPartition(topic.name, number)
            for topic in CONVERSATION.topics
            for number in range(topic.partitions)
        ]
        consumer: Any = AIOKafkaConsumer(bootstrap_servers=self.stack.bootstrap_servers)
        async with consumer:
            return sum((await consumer.end_offsets(partitions)).values())

    async def debited(self, appointment_ids: list[str]) -> int:
        """Return how many of these appointments are settled, and debited."""
        return await _count(self.stack, "membership", _DEBITED, appointment_ids)

    async def nothing_under_way(self) -> None:
        """Wait until every message is published and every command answered."""
        give_up = monotonic() + _PATIENCE_SECONDS
        for name in _SPEAKERS:
            while number := await _count(self.stack, name, _UNDER_WAY):
                assert monotonic() < give_up, f"{number} are stuck in {name}"
                await asyncio.sleep(0.1)


async def _count(stack: Stack, database: str, query: str, *arguments: object) -> int:
    connection = await asyncpg.connect(stack.database(database))
    try:
        return int(await connection.fetchval(query, *arguments))
    finally:
        await connection.close()
