"""The process starts from its environment alone, and ends when it is told to."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable

import httpx
import pytest

from devstack.stack import Stack
from gateway.keys import new_key
from web.identity import KeyPair, Role
from web.serving import GRACE_SECONDS

from .public_edge import NOWHERE
from .serving import eventually, free_port


@pytest.fixture
def environment(servers: Stack, database_dsn: Callable[..., str], keys: KeyPair) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "KAFKA_BOOTSTRAP_SERVERS": servers.bootstrap_servers,
        "POSTGRES_DSN": database_dsn(),
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(free_port()),
        "BOOKING_URL": NOWHERE,
        "MEMBERSHIP_URL": NOWHERE,
        "SALES_URL": NOWHERE,
        "SCHEDULER_URL": NOWHERE,
        "PRINCIPAL_SIGNING_KEY": keys.signing_key,
        "PRINCIPAL_VERIFY_KEY": keys.verify_key,
        "PLATFORM_KEY": new_key(Role.PLATFORM).text,
        "LOG_FORMAT": "json",
        "INSTANCE": "gateway-test",
    }


async def test_the_process_migrates_serves_and_ends(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "gateway"]
    for _ in range(2):
        migrating = await asyncio.create_subprocess_exec(*command, "migrate", env=environment)
        assert await migrating.wait() == 0
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    url = f"http://127.0.0.1:{environment['HTTP_PORT']}"
    key = {"Authorization": f"Bearer {environment['PLATFORM_KEY']}"}
    try:
        async with httpx.AsyncClient(base_url=url, headers=key) as caller:

            async def ready() -> bool:
                try:
                    return (await caller.get("/readyz")).is_success
                except httpx.TransportError:
                    return False

            await eventually(ready)
            assert (await caller.get("/v1/api-keys")).is_success
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), GRACE_SECONDS) == 0
    finally:
        if process.returncode is None:
            process.kill()
