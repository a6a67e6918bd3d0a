"""A studio on a database of its own."""

from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

import clocks
import membership
from clocks import Clocks
from contracts.topics import CONVERSATION
from membership import api, consumers
from messaging import MIGRATIONS, Publisher, operation
from messaging.batches import Batches
from messaging.relay import Relay
from messaging.speaking import Speaker
from postgres import Database
from web import service_app
from web.identity import new_key_pair

from .studio import Studio


@pytest.fixture
async def database(database_dsn: Callable[..., str]) -> AsyncGenerator[Database, None]:
    own = Path(membership.__file__).parent / "migrations"
    dsn = database_dsn(MIGRATIONS, clocks.MIGRATIONS, own)
    async with Database.connect(dsn, application_name="tests") as database:
        yield database


@pytest.fixture
def studio(database: Database) -> Studio:
    # Its relay never runs: what is said stays in the outbox, where the tests look for it.
    relay = Relay(database, Publisher("nowhere:1", "tests"))
    keys = new_key_pair()
    handle = partial(consumers.handle, verify_key=keys.verify_key, clocks=Clocks(enabled=True))
    speaker = Speaker("membership", CONVERSATION, database, relay)
    return Studio(database, Batches(speaker, handle, lambda _: None, consumers.concerns), keys)


@pytest.fixture
async def http(studio: Studio) -> AsyncGenerator[httpx.AsyncClient, None]:
    async def ready() -> bool:
        return True

    app: Any = service_app(
        route_handlers=api.ROUTES,
        verify_key=studio.keys.verify_key,
        ready=ready,
        find_operation=partial(operation, studio.database),
        given={"database": studio.database, "clocks": Clocks(enabled=True)},
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://membership") as http:
        yield http
