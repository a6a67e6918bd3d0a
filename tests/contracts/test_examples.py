"""Every type of message has examples; its readers understand them, today's and yesterday's."""

import json
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import uuid4

import pytest
from aiokafka import ConsumerRecord
from jsonschema import Draft7Validator, FormatChecker

from contracts.base import Command, Message
from contracts.topics import CONVERSATION
from contracts_docs.files import committed_schemas, examples, type_of_example
from messaging.decoding import Arrival, decode
from messaging.envelope import REQUEST_HASH, headers_of, on_the_wire

EXAMPLES: Final = examples()
TYPES: Final = {kind.type: kind for topic in CONVERSATION.topics for kind in topic.types}
FREE: Final[Any] = {"result": True, "problem": {"reasons"}}  # of a reply: any object, kept whole

each_example = pytest.mark.parametrize("name", EXAMPLES)


def test_every_type_has_an_example_and_every_example_a_type() -> None:
    shown = {type_of_example(name) for name in EXAMPLES}
    assert TYPES.keys() - shown == set(), "write libs/contracts/examples/<type>.json"
    assert shown - TYPES.keys() == set()


@each_example
def test_an_example_is_what_the_schema_says(name: str) -> None:
    assert errors(type_of_example(name), EXAMPLES[name]) == []


@each_example
def test_an_example_has_no_field_that_the_type_lacks(name: str) -> None:
    message_type = TYPES[type_of_example(name)]
    message_type.model_validate_json(json.dumps(EXAMPLES[name]), extra="forbid")


@each_example
def test_what_was_written_by_the_committed_schema_is_read_by_this_code(name: str) -> None:
    assert read(type_of_example(name), EXAMPLES[name]).type == type_of_example(name)


@each_example
def test_what_this_code_writes_is_read_by_the_committed_schema(name: str) -> None:
    message = read(type_of_example(name), EXAMPLES[name])
    assert errors(message.type, json.loads(message.model_dump_json())) == []


@each_example
def test_fields_of_newer_writers_are_ignored_by_this_code(name: str) -> None:
    kind, body = type_of_example(name), EXAMPLES[name]
    today = read(kind, body).model_dump(exclude=FREE)
    assert read(kind, with_news(body)).model_dump(exclude=FREE) == today


@each_example
def test_fields_of_newer_writers_are_ignored_by_the_committed_schema(name: str) -> None:
    assert errors(type_of_example(name), with_news(EXAMPLES[name])) == []


@pytest.mark.parametrize(
    ("field", "wrong"), [("booking_id", "seven"), ("shortfall", "1"), ("outcome", "forgotten")]
)
def test_a_wrong_example_is_seen(field: str, wrong: str) -> None:
    kind = "membership.appointment_settled.v1"
    assert len(errors(kind, EXAMPLES[f"{kind}.json"] | {field: wrong})) == 1


def errors(kind: str, body: Any) -> list[str]:
    """Say what the committed schema of this type has against `body`."""
    validator: Any = Draft7Validator(committed_schemas()[kind], format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(body)]


def read(kind: str, body: Any) -> Message:
    """Read a body as the services do, with its headers around it."""
    message_type = TYPES[kind]
    headers = headers_of(
        message_type.model_validate_json(json.dumps(body), extra="ignore"),
        message_id=uuid4(),
        source="example",
        time=datetime.now(UTC),
    )
    if issubclass(message_type, Command):
        headers[REQUEST_HASH] = "example"
    record = ConsumerRecord(
        topic="example",
        partition=0,
        offset=0,
        timestamp=0,
        timestamp_type=1,
        key=b"",
        value=json.dumps(body).encode(),
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=on_the_wire(headers),
    )
    arrival = decode(record, CONVERSATION)
    assert isinstance(arrival, Arrival), arrival
    return arrival.delivery.body


def with_news(body: Any) -> Any:
    """Give every object in `body` a field that nobody knows yet."""
    if isinstance(body, list):
        return [with_news(item) for item in cast("list[Any]", body)]
    if not isinstance(body, dict):
        return body
    fields = cast("dict[str, Any]", body)
    return {name: with_news(value) for name, value in fields.items()} | {"from_the_future": 1}
