"""A database of the service's own, with a studio in it."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

import booking
import clocks
from messaging import MIGRATIONS
from postgres import Database

from .asking import Asking, opened
from .studio import Studio


@pytest.fixture
async def database(database_dsn: Callable[..., str]) -> AsyncGenerator[Database, None]:
    own = Path(booking.__file__).parent / "migrations"
    dsn = database_dsn(MIGRATIONS, clocks.MIGRATIONS, own)
    async with Database.connect(dsn, application_name="tests") as database:
        yield database


@pytest.fixture
async def studio(database: Database) -> Studio:
    return await Studio.open(database)


@pytest.fixture
async def asking(studio: Studio) -> AsyncGenerator[Asking, None]:
    async with opened(studio) as asking:
        yield asking
