"""Fixtures: one real Kafka and one real Postgres for all tests of a run, and all its workers."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from devstack.locks import Shared, locked
from devstack.scratch_databases import ScratchDatabases
from devstack.stack import REPOSITORY, Stack

# Runs on other servers must not meet in one folder.
_STACK = os.environ.get("STACK", "test")
_FOLDER = REPOSITORY / "build" / f"{_STACK}-stack"


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Take the servers from containers if STACK=containers; all workers inherit their addresses."""
    is_worker = hasattr(session.config, "workerinput")
    if _STACK == "containers" and not is_worker:
        from devstack import containers  # noqa: PLC0415 - Docker is no need of those without it

        running = ExitStack()
        session.config.add_cleanup(running.close)
        os.environ.update(running.enter_context(containers.servers()))


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
