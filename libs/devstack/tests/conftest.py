import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.conversation import FOR_EVER, Conversation, Topic
from devstack import Stack
from devstack.locks import locked
from devstack.stack import REPOSITORY

TOYS = Path(__file__).parent / "toys" / "services"
# Each worker has its own, so that it does not matter how tests are spread over them.
FOLDER = REPOSITORY / "build" / f"devstack-{os.environ.get('PYTEST_XDIST_WORKER', 'tests')}"
CONVERSATION = Conversation(
    (Topic(name="toys", types={}, writers=(), readers=(), retention=FOR_EVER),)
)


def toy_stack(folder: Path = FOLDER, **settings: str) -> Stack:
    environment = {"PYTHONPATH": str(TOYS / "toy"), **settings}
    return Stack(folder, services_root=TOYS, conversation=CONVERSATION, settings=environment)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A stack of its own with one toy service, which the tests may break."""
    with locked(FOLDER / "test.lock"):
        stack = toy_stack()
        stack.down(wipe=True)
        stack.up()
        yield stack
        stack.down(wipe=True)


@pytest.fixture(autouse=True)
def no_other_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests start their own, also where others are given."""
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.delenv("POSTGRES_DSN", raising=False)
