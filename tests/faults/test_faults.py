"""Faults strike once each, with small counts; `make faults` plays more of them, with large ones."""

import asyncio

import pytest
from rich.console import Console
from rich.progress import Progress

from counts import SMALL
from devstack import Stack
from devstack.stack import REPOSITORY
from ground import REPLICAS
from play import opened, play

_SEED = 1
_CHOSEN = (
    "services-killed",
    "kafka-killed",
    "postgres-killed",
    "zombies",
    "copied-and-shuffled",
    "last-session",
    "start-races",
    "late",
    "replies-lost",
)


# One test, so that one worker plays all on one stack; and not on that of the other tests, for
# their servers are not to be killed.
@pytest.mark.rule("A4", "A15", "A16", "X1", "X2", "X3", "S7")
@pytest.mark.timeout(600)
def test_every_message_has_exactly_one_effect_whatever_fails() -> None:
    stack = Stack(REPOSITORY / "build" / "faults-test-stack")
    stack.down(wipe=True)
    try:
        stack.up(replicas=REPLICAS)
        asyncio.run(_play_all(stack))
    finally:
        stack.down(wipe=True)


async def _play_all(stack: Stack) -> None:
    with Progress(console=Console(quiet=True)) as progress:
        async with opened(stack, SMALL, progress) as ground:
            for fault in _CHOSEN:
                row = await play(ground, fault, _SEED)
                print(row)  # noqa: T201 - shown when a later fault fails
