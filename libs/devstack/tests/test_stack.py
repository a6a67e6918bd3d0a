import asyncio
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.request import urlopen

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from contracts.conversation import Conversation, Topic
from devstack import Stack, StackError
from devstack.accounts import unprivileged

from .conftest import CONVERSATION, FOLDER, toy_stack


def pids(stack: Stack) -> dict[str, int]:
    return {process.name: process.pid for process in stack.processes() if process.pid}


def test_up_on_a_running_stack_keeps_what_runs_and_starts_what_is_dead(stack: Stack) -> None:
    before = pids(stack)
    assert before.keys() == {"kafka", "postgres", "toy-1"}
    stack.up()
    assert pids(stack) == before
    stack.kill("toy")
    stack.up()
    after = pids(stack)
    assert after.pop("toy-1") != before.pop("toy-1")
    assert after == before


def test_up_starts_as_many_replicas_as_asked_for_and_no_more(stack: Stack) -> None:
    first = pids(stack)["toy-1"]
    stack.up(replicas=2)
    assert pids(stack).keys() == {"kafka", "postgres", "toy-1", "toy-2"}
    assert stack.service_url("toy", 1) != stack.service_url("toy", 2)
    stack.up()
    assert pids(stack).keys() == {"kafka", "postgres", "toy-1"}
    assert pids(stack)["toy-1"] == first


def test_a_process_that_hangs_is_started_anew(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devstack.supervisor._REUSE_SECONDS", 0.2)
    monkeypatch.setattr("devstack.supervisor._GRACE_SECONDS", 0.2)
    before = pids(stack)["toy-1"]
    stack.kill("toy", signal=signal.SIGSTOP)
    stack.up()
    assert pids(stack)["toy-1"] != before


def test_a_service_is_given_what_it_needs_and_no_secrets_of_the_gateway(stack: Stack) -> None:
    with urlopen(f"{stack.service_url('toy')}/readyz") as answer:
        given = json.load(answer)
    assert given["INSTANCE"] == "toy-1"
    assert given["KAFKA_BOOTSTRAP_SERVERS"] == stack.bootstrap_servers
    assert given["POSTGRES_DSN"] == stack.dsn("toy", "toy")
    assert given["TOY_URL"] == stack.service_url("toy")
    assert given["PRINCIPAL_VERIFY_KEY"]
    assert "PRINCIPAL_SIGNING_KEY" not in given
    assert "PLATFORM_KEY" not in given


def test_secrets_are_for_the_owner_only(stack: Stack) -> None:
    assert (stack.folder / "stack.json").stat().st_mode & 0o777 == 0o600
    assert stack.platform_key.startswith("pk_platform_")


async def test_a_role_cannot_enter_the_database_of_another(stack: Stack) -> None:
    stack.database("one")
    stack.database("two")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(stack.dsn("one", "two"))


async def test_postgres_does_not_trade_safety_for_speed(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.admin_dsn)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await connection.fetchval(f"SHOW {setting}") == "on"
    await connection.close()


def test_a_postgres_that_was_killed_comes_back_with_its_data(stack: Stack) -> None:
    dsn = stack.database("survivor")

    async def execute(query: str) -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    asyncio.run(execute("CREATE TABLE kept AS SELECT 42 AS answer"))
    stack.kill("postgres")
    stack.start("postgres")
    assert asyncio.run(execute("SELECT answer FROM kept")) == 42


def test_a_kafka_that_was_killed_comes_back_with_its_data(stack: Stack) -> None:
    async def write() -> None:
        writer = AIOKafkaProducer(bootstrap_servers=stack.bootstrap_servers)
        async with cast("Any", writer) as producer:
            await producer.send_and_wait("toys", b"kept", partition=3)

    async def read() -> bytes:
        reader = AIOKafkaConsumer(
            bootstrap_servers=stack.bootstrap_servers, auto_offset_reset="earliest"
        )
        async with cast("Any", reader) as consumer:
            consumer.assign([TopicPartition("toys", 3)])
            record = await asyncio.wait_for(consumer.getone(), 10)
            return cast("bytes", record.value)

    asyncio.run(write())
    stack.kill("kafka")
    stack.start("kafka")
    assert asyncio.run(read()) == b"kept"


def test_a_stale_pid_file_never_harms_a_stranger(stack: Stack) -> None:
    # Of the user that runs Postgres, who could signal it.
    stranger = subprocess.Popen(["sleep", "100"], user=unprivileged().user)
    try:
        stack.kill("postgres")
        [pid_file] = (stack.folder / "postgres" / "data").glob("postmaster.pid")
        _, _, rest = pid_file.read_text().partition("\n")
        pid_file.write_text(f"{stranger.pid}\n{rest}")
        stack.start("postgres")
        stack.stop("postgres")
        assert stranger.poll() is None
        stack.start("postgres")
    finally:
        stranger.kill()
        stranger.wait()


def test_topics_are_created_as_the_conversation_says_and_only_once(stack: Stack) -> None:
    other = Topic(
        name="toys.commands",
        types={},
        writers=(),
        readers=(),
        retention=timedelta(hours=24),
        partitions=3,
    )
    assert stack.create_topics(Conversation((*CONVERSATION.topics, other))) == ["toys.commands"]
    more = Conversation((replace(other, partitions=6, retention=timedelta(hours=1)),))
    assert stack.create_topics(more) == []
    topics = asyncio.run(describe(stack, "toys", "toys.commands"))
    assert topics == {
        "toys": (12, "-1", "LogAppendTime", "1048576"),
        "toys.commands": (3, "86400000", "LogAppendTime", "1048576"),
    }


async def describe(stack: Stack, *names: str) -> dict[str, tuple[int, str, str, str]]:
    """Return partitions, retention, type of timestamps and size limit of topics."""
    settings = ("retention.ms", "message.timestamp.type", "max.message.bytes")
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap_servers)
    await admin.start()
    try:
        described: list[dict[str, Any]] = await admin.describe_topics(list(names))
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        [configs] = cast("list[Any]", await admin.describe_configs(asked))
    finally:
        await admin.close()
    partitions = {topic["topic"]: len(topic["partitions"]) for topic in described}
    values = {
        resource[3]: {row[0]: row[1] for row in resource[4]} for resource in configs.resources
    }
    return {
        name: (partitions[name], *(values[name][setting] for setting in settings)) for name in names
    }


def test_down_stops_its_own_processes_and_no_others(stack: Stack, servers: Stack) -> None:
    others = pids(servers)
    assert {"kafka", "postgres"} <= others.keys()
    namesake = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(100)", f"{stack.folder}:kafka"]
    )
    try:
        stack.down()
        assert pids(stack) == {}
        assert pids(servers) == others
        assert namesake.poll() is None
        stack.down()
    finally:
        namesake.kill()
        namesake.wait()
    stack.up()


def test_what_dies_while_it_starts_is_said_at_once_with_its_last_words(stack: Stack) -> None:
    stack.stop("toy")
    broken = toy_stack(TOY_FAILS="yes")
    begun = time.monotonic()
    with pytest.raises(StackError, match=r"(?s)toy-1 ended .*this toy is broken"):
        broken.up()
    assert time.monotonic() - begun < 10
    stack.up()


def test_a_start_that_was_killed_is_continued(stack: Stack) -> None:
    stack.stop("kafka")
    starting = subprocess.Popen(
        [sys.executable, "-m", "devstack", "up", "--no-services", "--folder", str(FOLDER)],
        stdout=subprocess.DEVNULL,
    )
    while "kafka" not in pids(stack):
        assert starting.poll() is None
    starting.kill()
    starting.wait()
    begun_by_it = pids(stack)["kafka"]
    stack.up()
    assert pids(stack)["kafka"] == begun_by_it
