"""Fixtures: one real Kafka and one real Postgres for all tests of a run, and all its workers."""

from collections.abc import Callable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from devstack.locks import Shared, locked
from devstack.scratch_databases import ScratchDatabases
from devstack.stack import REPOSITORY, Stack

_FOLDER = REPOSITORY / "build" / "test-stack"


@pytest.fixture(scope="session")
def servers() -> Iterator[Stack]:
    """Kafka and Postgres that run, with the topics of `contracts`; no services.

    The first worker starts them, the last one stops them. What a killed run left behind is
    removed by the first worker of the next.
    """
    stack = Stack(_FOLDER)
    users, turn = Shared(_FOLDER / "users.lock"), _FOLDER / "turn.lock"
    with locked(turn):
        if users.enter():
            stack.down(wipe=True)
        stack.up(services=False)
    try:
        yield stack
    finally:
        with locked(turn):
            if users.leave():
                stack.down(wipe=True)


@pytest.fixture(scope="session")
def system(servers: Stack) -> Stack:
    """The whole system: the servers, and two replicas of every service."""
    with locked(_FOLDER / "turn.lock"):
        servers.up(replicas=2)
    return servers


@pytest.fixture
def database_dsn(servers: Stack) -> Iterator[Callable[..., str]]:
    """`database_dsn(*migrations)` makes a fresh database for one test."""
    databases = ScratchDatabases(servers)

    def create(*migrations: Traversable | Path) -> str:
        return databases.create(migrations)

    yield create
    databases.drop_all()
