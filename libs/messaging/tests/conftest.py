"""A toy service of its own for every test, and an ear on what it says."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from uuid import uuid4

import pytest_asyncio

from devstack.stack import Stack
from postgres import Database

from .bench import Bench
from .toy import MIGRATIONS, conversation_of


@pytest_asyncio.fixture
async def bench(servers: Stack, database_dsn: Callable[..., str]) -> AsyncGenerator[Bench, None]:
    """The toy's topics and database; nothing runs yet."""
    service = f"toy-{uuid4().hex[:12]}"
    conversation = conversation_of(service)
    await asyncio.to_thread(servers.create_topics, conversation)
    dsn = await asyncio.to_thread(database_dsn, *MIGRATIONS)
    async with (
        Database.connect(dsn, application_name="tests") as database,
        Bench.open(
            service=service,
            conversation=conversation,
            bootstrap_servers=servers.bootstrap_servers,
            dsn=dsn,
            database=database,
        ) as bench,
    ):
        yield bench
