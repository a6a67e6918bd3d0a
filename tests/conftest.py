"""What journeys through the running system share: a studio of their own each, and an audit."""

from collections.abc import Iterator

import pytest

from audit import audit
from devstack import Stack
from devstack.locks import Shared, locked
from edge import Edge
from sandbox import Sandbox
from studio import Studio, issue_key, open_studio

_PATIENCE_SECONDS = 60


@pytest.fixture(scope="session")
def audited(system: Stack) -> Iterator[None]:
    """When the last test of all workers has ended, everything is recomputed: nothing differs."""
    users, turn = Shared(system.folder / "audited.lock"), system.folder / "audited-turn.lock"
    with locked(turn):
        users.enter()
    yield
    with locked(turn):
        if users.leave():
            _, differences = audit(system, _PATIENCE_SECONDS)
            # What is poisoned on purpose is set aside, and nobody decides about it here.
            assert [one for one in differences if not one.endswith("dead letters")] == []


@pytest.fixture
def platform(system: Stack) -> Iterator[Edge]:
    """The public edge, with the first key."""
    with Edge(system.service_url("gateway"), system.platform_key) as edge:
        yield edge


@pytest.fixture
def studio(platform: Edge) -> Iterator[Studio]:
    """A studio in a chain of its own, with yoga, massage and an operator's key."""
    opened = open_studio(platform)
    with opened.operator:
        yield opened


@pytest.fixture
def app(platform: Edge, studio: Studio) -> Iterator[Edge]:
    """The clients' app: a trusted gateway that confirms phone numbers itself."""
    with Edge(platform.url, issue_key(platform, "gateway", studio.chain)) as edge:
        yield edge


@pytest.fixture
def sandbox(platform: Edge) -> Iterator[Sandbox]:
    """A location on a test clock, in a chain of its own."""
    opened = Sandbox.opened(platform)
    with opened.studio.operator, opened.app:
        yield opened
