"""A gateway, and a small service behind it, shared by the tests of one process.

Every test sees them with a chain, a location and an ear of its own.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from contracts.conversation import Conversation
from devstack.scratch_databases import ScratchDatabases
from devstack.stack import Stack
from messaging import MIGRATIONS as MESSAGING
from web.identity import KeyPair, new_key_pair

from .owner import Owner, conversations
from .public_edge import PublicEdge

MIGRATIONS = Path(str(files("gateway") / "migrations"))


@pytest.fixture(scope="session")
def keys() -> KeyPair:
    """The key pair of the gateway and the services of these tests."""
    return new_key_pair()


@pytest.fixture(scope="session")
def suffix(servers: Stack) -> str:
    """What the topics of these tests end with, so that nobody else hears them."""
    name = uuid4().hex[:12]
    servers.create_topics(conversations(name).of_the_gateway)
    return name


@pytest.fixture(scope="session")
def conversation(suffix: str) -> Conversation:
    """The conversation as the gateway of these tests knows it."""
    return conversations(suffix).of_the_gateway


@pytest.fixture(scope="session")
def databases(servers: Stack) -> Iterator[ScratchDatabases]:
    """Databases that last as long as the shared gateways."""
    made = ScratchDatabases(servers)
    yield made
    made.drop_all()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_owner(
    servers: Stack, suffix: str, databases: ScratchDatabases, keys: KeyPair
) -> AsyncGenerator[Owner, None]:
    dsn = await asyncio.to_thread(databases.create, [MESSAGING])
    async with Owner.running(servers, suffix, dsn, keys.verify_key) as owner:
        yield owner


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_edge(
    servers: Stack, conversation: Conversation, databases: ScratchDatabases, keys: KeyPair
) -> AsyncGenerator[PublicEdge, None]:
    dsn = await asyncio.to_thread(databases.create, [MIGRATIONS])
    async with PublicEdge.running(servers, conversation, dsn, keys) as edge:
        yield edge


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_edge_of_owner(
    servers: Stack,
    conversation: Conversation,
    databases: ScratchDatabases,
    keys: KeyPair,
    shared_owner: Owner,
) -> AsyncGenerator[PublicEdge, None]:
    dsn = await asyncio.to_thread(databases.create, [MIGRATIONS])
    async with PublicEdge.running(
        servers, conversation, dsn, keys, service_url=shared_owner.url
    ) as edge:
        yield edge


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_impatient_edge(
    servers: Stack,
    conversation: Conversation,
    databases: ScratchDatabases,
    keys: KeyPair,
    shared_owner: Owner,
) -> AsyncGenerator[PublicEdge, None]:
    dsn = await asyncio.to_thread(databases.create, [MIGRATIONS])
    async with PublicEdge.running(
        servers, conversation, dsn, keys, service_url=shared_owner.url, deadline_seconds=1
    ) as edge:
        yield edge


@pytest.fixture
def owner(shared_owner: Owner) -> Owner:
    """A small service that answers commands and questions in the place of booking."""
    shared_owner.forget()
    return shared_owner


@pytest.fixture
def edge(shared_edge: PublicEdge) -> PublicEdge:
    """A gateway behind which no service runs."""
    return replace(shared_edge, chain_id=uuid4(), location_id=uuid4())


@pytest.fixture
def edge_of_owner(shared_edge_of_owner: PublicEdge) -> PublicEdge:
    """A gateway in front of `owner`."""
    return replace(shared_edge_of_owner, chain_id=uuid4(), location_id=uuid4())


@pytest.fixture
def impatient_edge(shared_impatient_edge: PublicEdge) -> PublicEdge:
    """A gateway in front of `owner` that waits for replies a moment only."""
    return replace(shared_impatient_edge, chain_id=uuid4(), location_id=uuid4())
