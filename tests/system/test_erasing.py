"""A client who is erased: no table of any service and no topic knows name or number any more."""

import asyncio
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.topics import CONVERSATION, SERVICES
from devstack import Stack
from edge import Edge, Json, RefusedError
from journeys import book, later, massage, membership_of, settled, soon, until
from places import new_phone
from studio import Studio

DATABASES: Final = (*SERVICES, "gateway")
TABLES: Final = """
SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
"""


@pytest.mark.rule("G8", "X1", "X4", "S4")
def test_no_table_and_no_topic_knows_whoever_was_erased_and_all_that_counts_is_left(
    system: Stack, studio: Studio, app: Edge
) -> None:
    name, phone = f"Zuzana {uuid4().hex}", new_phone()
    studio.enter_client(name, phone)
    services = [studio.yoga, studio.massage]
    studio.offer_membership("Pass", sessions=5, price=5000, services=services, days=30)
    pass_ = studio.sell(name, "Pass")
    client = f"/chains/{studio.chain}/clients/{studio.clients[name].client_id}"
    digits = "".join(each for each in phone if each.isdigit())
    texts = [name, name.split()[1], phone, digits]

    used = book(app, studio, name, massage(studio, soon()))
    to_come = book(app, studio, name, massage(studio, later()))
    assert settled(studio, used)["debit_status"] == "debited"
    assert refused(studio.operator, client)["reasons"][0]["booking_id"] == to_come["booking_id"]
    path = f"/locations/{studio.location}/appointments/{to_come['appointment_id']}/cancel"
    studio.operator.post(path)
    known = places(system, texts)
    assert {"booking: public.clients", "topic booking.commands", "topic replies"} <= known

    before = membership_of(studio, pass_)
    erased = studio.operator.delete(client)
    assert (erased["name"], erased["phone"], erased["erased"]) == (None, None, True)

    until(lambda: places(system, texts), lambda found: not found)
    after = membership_of(studio, pass_)
    for kept in ("owner_client_id", "available", "used"):
        assert after.get(kept) == before.get(kept)
    now = studio.operator.get(f"{client}/appointments")["appointments"]
    assert {each["appointment_id"] for each in now} == {
        used["appointment_id"],
        to_come["appointment_id"],
    }
    studio.enter_client("Somebody new", phone)


def refused(edge: Edge, path: str) -> Json:
    """Try to remove, and return the problem document."""
    with pytest.raises(RefusedError) as refusal:
        edge.delete(path)
    return refusal.value.problem


def places(system: Stack, texts: list[str]) -> set[str]:
    """Return the tables and topics that have one of these texts in them."""
    return asyncio.run(_places(system, texts))


async def _places(system: Stack, texts: list[str]) -> set[str]:
    found = {
        f"{service}: {table}"
        for service in DATABASES
        for table in await _tables(system.database(service), texts)
    }
    return found | {f"topic {topic}" for topic in await _topics(system, texts)}


async def _tables(dsn: str, texts: list[str]) -> list[str]:
    wanted = [f"%{text}%" for each in texts for text in (each, each.encode().hex())]
    connection = await asyncpg.connect(dsn)
    try:
        return [
            table
            for [table] in await connection.fetch(TABLES)
            if await connection.fetchval(
                f"SELECT EXISTS (SELECT FROM {table} AS one WHERE one::text ILIKE ANY($1))",
                wanted,
            )
        ]
    finally:
        await connection.close()


async def _topics(system: Stack, texts: list[str]) -> set[str]:
    """Read all topics from the beginning."""
    partitions = [
        TopicPartition(topic.name, number)
        for topic in CONVERSATION.topics
        for number in range(topic.partitions)
    ]
    wanted = [text.encode() for text in texts]
    consumer: Any = AIOKafkaConsumer(bootstrap_servers=system.bootstrap_servers)  # untyped
    await consumer.start()
    found: set[str] = set()
    try:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning()
        while any([await consumer.position(one) < end for one, end in ends.items()]):
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                found |= {one.topic for one in batch if any(text in _all(one) for text in wanted)}
    finally:
        await consumer.stop()
    return found


def _all(record: Any) -> bytes:
    headers = (value or b"" for _, value in record.headers)
    return b" ".join([record.key or b"", record.value or b"", *headers])
