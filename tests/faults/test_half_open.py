"""A server that goes away, with or without a word."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from urllib.parse import urlsplit

import asyncpg
import pytest

import messaging
from devstack import Stack
from gateway.keys import Directory
from messaging import Publisher, relay
from messaging.failures import passes
from messaging.relay import Relay
from postgres import Database, database
from proxy import Proxy
from web.problems import ProblemError

_PATIENCE_SECONDS = 20


@asynccontextmanager
async def _routed(dsn: str) -> AsyncGenerator[tuple[Database, Proxy]]:
    place = urlsplit(dsn)
    async with Proxy.to(place.port or 0) as proxy:
        account = place.netloc.rpartition(":")[0]
        through = place._replace(netloc=f"{account}:{proxy.port}").geturl()
        async with Database.connect(through, application_name="routed") as routed:
            try:
                yield routed, proxy
            finally:
                routed.pool.terminate()  # closing would wait for answers


async def _use(routed: Database) -> None:
    async with routed.transaction() as transaction:
        await transaction.execute("SELECT pg_sleep(0.05)")


async def test_a_server_that_falls_silent_costs_one_timeout_however_many_connections_there_are(
    monkeypatch: pytest.MonkeyPatch, database_dsn: Callable[..., str]
) -> None:
    monkeypatch.setattr(database, "_COMMAND_TIMEOUT", 1.0)
    dsn = await asyncio.to_thread(database_dsn)
    async with _routed(dsn) as (routed, proxy):
        await asyncio.gather(*(_use(routed) for _ in range(5)))
        proxy.go_silent()
        proxy.heal()  # for new connections
        with pytest.raises((TimeoutError, asyncpg.InterfaceError)) as failure:
            await _use(routed)

        assert passes(failure.value)
        async with asyncio.timeout(1):
            await _use(routed)


async def test_a_connection_that_was_begun_while_the_server_was_silent_is_given_up_soon(
    monkeypatch: pytest.MonkeyPatch, database_dsn: Callable[..., str]
) -> None:
    monkeypatch.setattr(database, "_CONNECT_TIMEOUT", 1.0)
    dsn = await asyncio.to_thread(database_dsn)
    async with _routed(dsn) as (routed, proxy), routed.pool.acquire():
        proxy.go_silent()
        waiting = asyncio.create_task(_use(routed))  # on a second connection
        await asyncio.wait([waiting], timeout=0.2)
        proxy.heal()
        await asyncio.wait([waiting], timeout=_PATIENCE_SECONDS)

        assert waiting.done()
        failure = waiting.exception()
        assert failure is not None
        assert passes(failure)
        async with asyncio.timeout(1):
            await _use(routed)


async def test_a_relay_that_is_cut_off_without_a_word_loses_the_lead(
    monkeypatch: pytest.MonkeyPatch, servers: Stack, database_dsn: Callable[..., str]
) -> None:
    monkeypatch.setattr(relay, "_SILENCE", "2s")
    dsn = await asyncio.to_thread(database_dsn, messaging.MIGRATIONS)
    async with (
        Publisher.connect(servers.bootstrap_servers, client_id="relay") as publisher,
        Database.connect(dsn, application_name="near") as near,
        _routed(dsn) as (far, proxy),
    ):
        first, second = Relay(far, publisher), Relay(near, publisher)
        tasks = [asyncio.create_task(first.run())]
        await _leads(first)
        tasks.append(asyncio.create_task(second.run()))
        proxy.go_silent()

        await _leads(second)

        for task in tasks:
            task.cancel()


async def test_an_api_key_that_cannot_be_checked_is_answered_with_come_back(
    database_dsn: Callable[..., str],
) -> None:
    dsn = await asyncio.to_thread(database_dsn)
    async with _routed(dsn) as (routed, proxy):
        proxy.cut()
        with pytest.raises(ProblemError) as refused:
            await Directory(routed, 5).holder("pk_unknown")

    assert refused.value.problem.status == 503


async def _leads(one: Relay) -> None:
    give_up = monotonic() + _PATIENCE_SECONDS
    while not one.leading:
        assert monotonic() < give_up, "it does not get the lead"
        await asyncio.sleep(0.05)
