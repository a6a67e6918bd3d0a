"""What this machine can do by itself: the measures that ours are compared with."""

import re
import subprocess
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from contracts.conversation import Conversation, Topic
from devstack import Stack
from devstack.postgresql import binaries

_ROUND_TRIPS: Final = 300
_WARM_UP: Final = 50
_TOPIC: Final = Topic(  # nobody else's
    name="yardstick", types={}, writers=(), readers=(), retention=timedelta(hours=1)
)


def pgbench_tps(stack: Stack, seconds: int) -> float:
    """Return the transactions per second of `pgbench -c 8 -j 2 -M prepared` at scale 10."""
    dsn = stack.database("pgbench")
    program = binaries.find(None) / "pgbench"
    subprocess.run([program, "-i", "-q", "-s", "10", dsn], check=True, capture_output=True)
    command = [program, "-c", "8", "-j", "2", "-M", "prepared", "-T", str(seconds), dsn]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", answer.stdout)
    assert found, answer.stdout
    return float(found[1])


async def kafka_round_trip_ms(stack: Stack) -> float:
    """Return the median of producing one record with `acks=all` and consuming it."""
    stack.create_topics(Conversation((_TOPIC,)))
    options: Any = {"bootstrap_servers": stack.bootstrap_servers}
    producer: Any = AIOKafkaProducer(**options, acks="all", linger_ms=0)
    consumer: Any = AIOKafkaConsumer(_TOPIC.name, **options, auto_offset_reset="latest")
    samples: list[float] = []
    async with producer, consumer:
        await consumer.getmany(timeout_ms=500)
        for _ in range(_ROUND_TRIPS + _WARM_UP):
            began = perf_counter()
            await producer.send(_TOPIC.name, b"{}", key=b"yardstick")
            await consumer.getone()
            samples.append((perf_counter() - began) * 1000)
    return median(samples[_WARM_UP:])
