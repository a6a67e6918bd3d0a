"""What callers are told while the gateway's own database does not answer."""

import asyncio
from collections.abc import AsyncGenerator

import pytest_asyncio

from contracts.conversation import Conversation
from devstack.scratch_databases import ScratchDatabases
from devstack.stack import Stack
from gateway.services import CONNECTIONS
from web.identity import KeyPair
from web.serving import KEEP_ALIVE_SECONDS

from .conftest import MIGRATIONS
from .public_edge import PublicEdge, problem_of


@pytest_asyncio.fixture
async def edge_of_nobody(
    servers: Stack, conversation: Conversation, databases: ScratchDatabases, keys: KeyPair
) -> AsyncGenerator[PublicEdge, None]:
    """A gateway with a database of its own that hardly waits for replies."""
    dsn = await asyncio.to_thread(databases.create, [MIGRATIONS])
    async with PublicEdge.running(servers, conversation, dsn, keys, deadline_seconds=0.2) as edge:
        yield edge


async def test_a_late_operation_that_cannot_be_noted_is_503_and_to_be_repeated(
    edge_of_nobody: PublicEdge,
) -> None:
    await edge_of_nobody.database.pool.execute("ALTER TABLE late_operations RENAME TO gone")
    async with edge_of_nobody.platform() as platform:
        answer = await platform.post("/v1/chains", json={"name": "unnoted"})
    problem = problem_of(answer, 503, "service-unavailable")
    assert "same idempotency key" in problem["detail"]
    assert answer.headers["retry-after"] == "1"


async def test_a_key_that_cannot_be_checked_is_503(edge_of_nobody: PublicEdge) -> None:
    await edge_of_nobody.database.pool.execute("ALTER TABLE api_keys RENAME TO gone")
    async with edge_of_nobody.platform() as platform:
        problem_of(await platform.get("/v1/api-keys"), 503, "service-unavailable")


def test_the_gateway_closes_idle_connections_before_the_services_do() -> None:
    """Or a question now and then meets a connection that is just being closed."""
    kept = CONNECTIONS.keepalive_expiry
    assert kept is not None
    assert 2 * kept < KEEP_ALIVE_SECONDS
