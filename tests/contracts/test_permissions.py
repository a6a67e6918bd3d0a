"""A service says only what topics.py lets it say, and somebody says everything that is in there."""

import ast
from collections.abc import Iterable
from typing import Final

import pytest

from architecture import SERVICES, Module, modules, parse
from contracts.booking import SubmitBooking
from contracts.conversation import Topic
from contracts.topics import CONVERSATION
from contracts.topics import SERVICES as SPEAKERS

# What messaging says in the name of every service.
BY_ALL: Final = {
    kind for topic in CONVERSATION.topics if topic.writers == SPEAKERS for kind in topic.types
}
# `contracts.booking` is how a service calls it, whichever file of that package it is in.
NAMES: Final = {
    f"{'.'.join(kind.__module__.split('.')[:2])}.{kind.__name__}": kind.type
    for topic in CONVERSATION.topics
    for kind in topic.types
    if kind not in BY_ALL
}

# A forecast plans this command as if it came, and says nothing.
PLANNED: Final = {"booking": {SubmitBooking.type}}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_only_what_it_may_say(service: str) -> None:
    allowed = {kind.type for topic in CONVERSATION.said_by(service) for kind in topic.types}
    assert said_in(modules(service)) - PLANNED.get(service, set()) <= allowed


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_something_on_every_topic_that_it_may_write(service: str) -> None:
    said = said_in(modules(service))
    silent = [
        topic.name
        for topic in CONVERSATION.said_by(service)
        if not BY_ALL.issuperset(topic.types) and said.isdisjoint(kind.type for kind in topic.types)
    ]
    assert silent == []


@pytest.mark.parametrize("topic", CONVERSATION.topics, ids=lambda one: one.name)
def test_all_that_may_be_said_is_said_by_a_writer_of_its_topic(topic: Topic) -> None:
    said = said_in(modules(*topic.writers))
    assert {kind.type for kind in topic.types if kind not in BY_ALL} - said == set()


@pytest.mark.parametrize(
    "source",
    [
        "from contracts.sales import BillChanged\nBillChanged(owed=0)",
        "from contracts import sales\nsales.BillChanged(owed=0)",
        "from contracts import sales as said\nsaid.BillChanged(owed=0)",
        "from contracts.sales import BillChanged as Said\nSaid.model_construct(owed=0)",
    ],
)
def test_a_message_that_is_said_is_seen(source: str) -> None:
    assert said_in([parse("booking.commands", source)]) == {"sales.bill_changed.v1"}


def test_a_message_that_is_only_heard_is_not_said() -> None:
    heard = "from contracts.sales import BillChanged\ndef hear(changed: BillChanged): ..."
    assert said_in([parse("booking.consumers", heard)]) == set()


def said_in(code: Iterable[Module]) -> set[str]:
    """Return the types of message that are made somewhere in this code."""
    return {NAMES[name] for module in code for name in _made(module.tree) if name in NAMES}


def _made(tree: ast.Module) -> set[str]:
    """Return the full names of all that is called, imports resolved."""
    meaning = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first, _, rest = ast.unparse(node.func).removesuffix(".model_construct").partition(".")
            names.add(".".join(filter(None, [meaning.get(first, first), rest])))
    return names
