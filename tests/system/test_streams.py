"""The public streams: whoever subscribes from the beginning ends with the same balances."""

import asyncio
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from devstack import Stack
from edge import Edge, Json
from journeys import book, massage, member, membership_of, settled, soon, spots, until
from studio import Studio

_README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.rule("A15")
def test_everybody_who_begins_at_one_instant_is_settled_once(
    system: Stack, studio: Studio, app: Edge
) -> None:
    names = [f"Client {number}" for number in range(40)]
    passes = [member(studio, name, sessions=2)[0] for name in names]
    event = studio.plan_class(soon(15), capacity=40)

    def submit(name: str) -> Json:
        return book(app, studio, name, spots(event))

    with ThreadPoolExecutor(8) as pool:
        booked = list(pool.map(submit, names))

    assert {settled(studio, one)["debit_status"] for one in booked} == {"debited"}

    settlements = asyncio.run(_stream(system, "membership.settlements"))
    ours = [one for one in settlements if one["location_id"] == studio.location]
    assert sorted(one["appointment_id"] for one in ours) == sorted(
        one["appointment_id"] for one in booked
    )
    entries = asyncio.run(_stream(system, "membership.ledger"))
    for pass_ in passes:
        own = [entry for entry in entries if entry["membership_id"] == pass_]
        assert [(entry["kind"], entry["balance"]) for entry in own] == [
            ("granted", 2),
            ("debited", 1),
        ]


def test_the_subscriber_of_the_readme_follows_a_balance(
    system: Stack, studio: Studio, app: Edge
) -> None:
    [pass_] = member(studio, "Ana", sessions=4321)
    booked = book(app, studio, "Ana", massage(studio, soon()))
    settled(studio, booked)
    balance = membership_of(studio, pass_)["available"]
    [snippet] = re.findall(r"```python\n(.*?)```", _README.read_text(), re.DOTALL)
    group = f"test-{studio.location}"
    environment = os.environ | {"KAFKA_BOOTSTRAP_SERVERS": system.bootstrap_servers}
    with subprocess.Popen(
        [sys.executable, "-u", "-c", snippet.replace("my-service", group)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as subscriber:
        assert subscriber.stdout is not None
        lines = iter(subscriber.stdout.readline, "")
        try:
            until(lambda: next(lines), lambda line: line == f"debited 1 → {balance}\n")
        finally:
            subscriber.terminate()


async def _stream(system: Stack, topic: str) -> list[Json]:
    """Return all that a topic holds now."""
    consumer: Any = AIOKafkaConsumer(
        topic, bootstrap_servers=system.bootstrap_servers, auto_offset_reset="earliest"
    )
    messages: list[Json] = []
    async with consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(one) < end for one, end in ends.items()]):
            batch = await consumer.getmany(timeout_ms=200)
            messages += [json.loads(one.value) for part in batch.values() for one in part]
    return messages
