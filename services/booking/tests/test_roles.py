"""Every command that may be said to booking has an answer."""

from uuid import uuid4

import pytest

from booking import consumers
from contracts.base import Command
from contracts.booking import ChainForm, CreateChain
from contracts.topics import CONVERSATION
from web import Role

from .studio import Studio

COMMANDS = {
    kind
    for topic in CONVERSATION.heard_by("booking")
    for kind in topic.types
    if issubclass(kind, Command)
}


def test_of_every_command_it_is_known_who_may_ask_for_it() -> None:
    assert set(consumers.MAY) == COMMANDS


async def test_a_command_that_nobody_may_ask_for_is_answered(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(consumers.MAY, CreateChain)
    command = CreateChain(chain_id=uuid4(), chain=ChainForm(name="Lotus"))
    assert (await studio.refused(Role.PLATFORM, command))[0] == "forbidden"
