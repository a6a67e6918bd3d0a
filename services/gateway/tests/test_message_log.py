"""What people may see of messages, and how they come to see them: from real topics."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from pydantic import BaseModel

from contracts.base import Command, Message
from contracts.booking import ChainForm, CreateChain
from contracts.conversation import Conversation
from contracts.membership import HoldReleased, MembershipVoided, SoldMembershipVoided
from contracts.sales import RefundSale
from contracts.topics import CONVERSATION
from devstack.stack import Stack
from gateway.message_log import Heard, MessageLog, Sought, TooManyWatchersError, shown_topics
from gateway.message_log.heard import read
from gateway.message_log.log import MOST_WATCHERS, opened
from messaging import Publisher, Record, encode_command
from messaging.envelope import headers_of, on_the_wire

NOW = datetime(2030, 3, 1, 10, tzinfo=UTC)
WORDS_ABOUT_NOBODY = {
    *("currency", "time_zone", "description", "reference", "provider_event_id"),
    *("service_name", "name", "rule", "reason"),  # of services and types; of refusals
    *("message_type", "service", "topic", "detail"),  # the detail of a dead letter is left out
}


class TestWhatIsShown:
    def test_topics_with_names_phones_and_what_people_type_are_not(self) -> None:
        names = {topic.name for topic in shown_topics(CONVERSATION)}
        hidden = set(CONVERSATION.names()) - names
        assert hidden == {"booking.commands", "membership.commands", "replies"}

    def test_no_message_that_is_shown_has_text_of_which_it_is_not_known_what_it_says(self) -> None:
        shown = [kind for topic in shown_topics(CONVERSATION) for kind in topic.types]
        assert {name for kind in shown for name in texts_in(kind)} <= WORDS_ABOUT_NOBODY

    def test_the_token_of_who_asked_is_not(self) -> None:
        heard = heard_of({}, ce_type="x.y.v1", ce_principal="signed", ce_requesthash="h")
        assert dict(heard.headers) == {"ce_type": "x.y.v1"}
        assert "signed" not in heard.text

    def test_the_detail_of_a_dead_letter_is_not(self) -> None:
        kind = "operations.message_dead_lettered.v1"
        heard = heard_of({"reason": "failed", "detail": "Ana, +351 912 000 000"}, ce_type=kind)
        assert "Ana" not in heard.body + heard.text
        assert "failed" in heard.body

    @pytest.mark.parametrize("value", [None, b"", b"{", b"\xff", b'"text"', b"[1]", b"{}" * 9])
    def test_whatever_cannot_be_read_is_seen_as_such(self, value: bytes | None) -> None:
        heard = read(1, record_of(value, [("ce_type", b"\xff")]))
        assert (heard.type, heard.chain_ids) == ("", frozenset())

    def test_of_a_very_long_message_there_is_the_beginning(self) -> None:
        heard = heard_of({"text": "x" * 1_000_000})
        assert len(heard.body) < 10_000


class TestWhoSeesWhat:
    chain = uuid4()

    def fits(self, body: Any, **sought: Any) -> bool:
        return Sought(**sought).fits(heard_of(body, ce_type="sales.make_sale.v1"))

    def test_an_owner_sees_what_names_the_own_chain_however_deep(self) -> None:
        own = str(self.chain)
        bodies = {"chain_id": own}, {"a": [{"b": {"chain_id": own}}]}, {"chain_id": own, "x": [1]}
        assert all(self.fits(body, chain_id=self.chain) for body in bodies)

    def test_an_owner_sees_nothing_of_another_chain_nor_what_names_none(self) -> None:
        own, foreign = str(self.chain), str(uuid4())
        bodies: tuple[Any, ...] = (
            {"chain_id": foreign},
            {"chain_id": own, "appointments": [{"chain_id": foreign}]},
            {"chain_id": None},
            {"location_id": own},
            {},
            [own],
        )
        assert not any(self.fits(body, chain_id=self.chain) for body in bodies)
        assert all(self.fits(body) for body in bodies)

    def test_messages_are_looked_for_by_topic_type_and_any_text(self) -> None:
        client = uuid4()
        body = {"client_id": str(client)}
        assert self.fits(body, topic="sales.commands", type="Make", text=str(client).upper())
        assert not self.fits(body, topic="sales.events")
        assert not self.fits(body, type="refund")
        assert not self.fits(body, text=str(uuid4()))


def heard_of(body: Any, **headers: str) -> Heard:
    on_wire = [(name, value.encode()) for name, value in headers.items()]
    return read(1, record_of(json.dumps(body).encode(), on_wire))


def record_of(value: bytes | None, headers: list[tuple[str, bytes]]) -> Any:
    return SimpleNamespace(
        topic="sales.commands", partition=3, offset=7, timestamp=0, value=value, headers=headers
    )


def texts_in(kind: type[BaseModel]) -> Iterator[str]:
    """Give the names of all fields of a message that hold text of any kind."""
    for name, field in kind.model_fields.items():
        for part in parts_of(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from texts_in(part)
            elif part in {str, Any, dict, object}:
                yield name


def parts_of(annotation: Any) -> Iterator[Any]:
    """Give all types that an annotation is made of; literals are no types."""
    yield annotation
    for part in get_args(annotation):
        if not isinstance(part, str):
            yield from parts_of(part)


SAID = (RefundSale, CreateChain, MembershipVoided, SoldMembershipVoided, HoldReleased)


@pytest.fixture
def topics(servers: Stack) -> Conversation:
    """Some of the topics, with names of their own."""
    suffix = uuid4().hex[:12]
    wanted = [topic for topic in CONVERSATION.topics if set(SAID) & set(topic.types)]
    own = Conversation(
        tuple(replace(one, name=f"{one.name}.{suffix}", partitions=2) for one in wanted)
    )
    servers.create_topics(own)
    return own


@pytest_asyncio.fixture
async def log(servers: Stack, topics: Conversation) -> AsyncGenerator[MessageLog, None]:
    async with opened(servers.bootstrap_servers, topics) as log:
        yield log


@pytest_asyncio.fixture
async def publisher(servers: Stack) -> AsyncGenerator[Publisher, None]:
    async with Publisher.connect(servers.bootstrap_servers, client_id="tests") as publisher:
        yield publisher


def refund() -> RefundSale:
    return RefundSale.model_validate(
        {name: str(uuid4()) for name in RefundSale.model_fields if name.endswith("_id")}
        | {"refund": {}}
    )


def said(topics: Conversation, message: Message) -> Record:
    if isinstance(message, Command):
        return encode_command(
            topics,
            message,
            command_id=uuid4(),
            principal="signed",
            request_hash="hash",
            time=NOW,
        )
    headers = headers_of(message, message_id=uuid4(), source="tests", time=NOW)
    key = str(topics.key_of(message)).encode()
    value = message.model_dump_json().encode()
    return Record(topics.topic_of(message).name, key, value, on_the_wire(headers))


def voided() -> SoldMembershipVoided:
    return SoldMembershipVoided(refund_id=uuid4(), membership_id=uuid4())


async def subjects(log: MessageLog, *wanted: UUID) -> list[str]:
    """Return the subjects of what is shown, as soon as these are among them."""
    async with asyncio.timeout(30):
        while True:
            found = [heard.subject for heard in await log.recent()]
            if {str(one) for one in wanted} <= set(found):
                return found
            await asyncio.sleep(0.05)


async def test_what_was_said_a_while_ago_is_there_newest_first_and_commands_with_names_are_not(
    log: MessageLog, topics: Conversation, publisher: Publisher
) -> None:
    chain = CreateChain(chain_id=uuid4(), chain=ChainForm(name="Ana"))
    first, second = voided(), voided()
    for message in (first, chain, second):
        await publisher.publish(said(topics, message))
    assert await subjects(log, first.refund_id, second.refund_id) == [
        str(second.refund_id),
        str(first.refund_id),
    ]
    assert not any("Ana" in heard.body for heard in log.newest)


async def test_what_is_said_while_somebody_watches_arrives(
    log: MessageLog, topics: Conversation, publisher: Publisher
) -> None:
    await log.recent()
    with log.watching() as watcher, log.watching() as other:
        message, command = voided(), refund()
        await publisher.publish(said(topics, message))
        for each in (watcher, other):
            heard = await each.next(30)
            assert heard is not None
            assert heard.subject == str(message.refund_id)
            assert heard.topic == topics.topic_of(message).name
        await publisher.publish(said(topics, command))
        heard = await watcher.next(30)
        assert heard is not None
        assert (heard.title, heard.chain_ids) == ("Refund sale", {str(command.chain_id)})


async def test_who_does_not_keep_up_is_let_go_and_the_others_are_not(
    log: MessageLog, topics: Conversation, publisher: Publisher
) -> None:
    await log.recent()
    with log.watching() as slow, log.watching() as quick:
        count = 0
        async with asyncio.timeout(60):
            while not slow.is_over:
                async with asyncio.TaskGroup() as together:
                    for _ in range(100):
                        together.create_task(publisher.publish(said(topics, voided())))
                while await quick.next(1) is not None:
                    count += 1
        assert not quick.is_over
        assert count > 1000


async def test_no_more_watch_than_one_process_serves(log: MessageLog) -> None:
    watching = [log.watching() for _ in range(MOST_WATCHERS)]
    for each in watching:
        each.__enter__()
    assert log.is_full
    with pytest.raises(TooManyWatchersError), log.watching():
        pass
    watching[0].__exit__(None, None, None)
    with log.watching():
        pass
    for each in watching[1:]:
        each.__exit__(None, None, None)


async def test_who_watches_is_let_go_when_the_process_stops(log: MessageLog) -> None:
    with log.watching() as watcher:
        waiting = asyncio.create_task(watcher.next(30))
        await asyncio.sleep(0)
        log.let_go()
        assert await waiting is None
        assert watcher.is_over
