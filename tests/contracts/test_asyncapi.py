"""The AsyncAPI document says what topics.py says, and is valid."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

import pytest
from jsonschema import Draft7Validator, FormatChecker, ValidationError

from contracts.base import Message
from contracts.conversation import Topic
from contracts.sales import MakeSale
from contracts.scheduler import AppointmentStarted
from contracts.topics import CONVERSATION
from contracts_docs.files import ASYNCAPI, committed_document, examples
from messaging.envelope import encode_command, headers_of

M = TypeVar("M", bound=Message)

DOCUMENT: Final = committed_document()
HEADERS: Final = DOCUMENT["components"]["schemas"]

each_topic = pytest.mark.parametrize("topic", CONVERSATION.topics, ids=lambda topic: topic.name)


def test_the_channels_are_the_topics() -> None:
    assert [channel["address"] for channel in DOCUMENT["channels"].values()] == list(
        CONVERSATION.names()
    )


@each_topic
def test_a_channel_has_the_types_partitions_and_retention_of_its_topic(topic: Topic) -> None:
    channel = DOCUMENT["channels"][topic.name]
    kafka = channel["bindings"]["kafka"]
    kept = kafka["topicConfiguration"]["retention.ms"]
    assert set(channel["messages"]) == {message_type.type for message_type in topic.types}
    assert kafka["partitions"] == topic.partitions
    assert (None if kept == -1 else timedelta(milliseconds=kept)) == topic.retention


@each_topic
def test_the_operations_are_those_of_its_writers_and_readers(topic: Topic) -> None:
    here = {"$ref": f"#/channels/{topic.name}"}
    who = {
        (operation["action"], name.partition(".")[0])
        for name, operation in DOCUMENT["operations"].items()
        if operation["channel"] == here
    }
    sends, receives = product(["send"], topic.writers), product(["receive"], topic.readers)
    assert who == {*sends, *receives}


@each_topic
def test_a_message_is_keyed_by_what_keeps_its_order(topic: Topic) -> None:
    for message_type, key in topic.types.items():
        message = DOCUMENT["components"]["messages"][message_type.type]
        assert message["x-key-field"] == key
        assert key in message_type.model_fields
        assert (ASYNCAPI.parent / message["payload"]["$ref"]).is_file()


def test_the_headers_are_those_of_an_event() -> None:
    started = example(AppointmentStarted)
    headers = headers_of(started, message_id=uuid4(), source="scheduler", time=datetime.now(UTC))
    assert errors(started, headers) == []
    assert errors(started, {**headers, "ce_type": "scheduler.appointment_ended.v1"}) != []
    assert errors(started, {**headers, "ce_id": "7"}) != []


def test_the_headers_are_those_of_a_command() -> None:
    sell = example(MakeSale)
    record = encode_command(
        CONVERSATION,
        sell,
        command_id=uuid4(),
        principal="a.signed.token",
        request_hash="0f",
        time=datetime.now(UTC),
    )
    headers = {name: value.decode() for name, value in record.headers}
    assert errors(sell, headers) == []
    assert errors(sell, {k: v for k, v in headers.items() if k != "ce_principal"}) != []


def test_the_document_is_asyncapi(node_modules: Path) -> None:
    schemas = node_modules / "@asyncapi" / "specs" / "schemas"
    official: Any = Draft7Validator(json.loads((schemas / "3.0.0-without-$id.json").read_text()))
    official.validate(DOCUMENT)
    [anything, *_] = DOCUMENT["operations"]
    wrong = {**DOCUMENT, "operations": {anything: {"action": "shout"}}}
    with pytest.raises(ValidationError):
        official.validate(wrong)


def example(message_type: type[M]) -> M:
    return message_type.model_validate_json(json.dumps(examples()[f"{message_type.type}.json"]))


def errors(message: Message, headers: Mapping[str, str]) -> list[str]:
    """Say what the documented headers of this message have against `headers`."""
    schema = {
        **DOCUMENT["components"]["messages"][message.type]["headers"],
        "components": {"schemas": HEADERS},
    }
    validator: Any = Draft7Validator(schema, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(headers)]
