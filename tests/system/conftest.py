"""What journeys through the running system share: a studio of their own each, and patience."""

from collections.abc import Iterator

import pytest

from devstack import Stack
from edge import Edge
from sandbox import Sandbox
from studio import Studio, issue_key, open_studio


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
