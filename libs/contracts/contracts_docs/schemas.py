"""JSON Schemas (draft 7) of the messages, as their readers see them."""

from typing import Any, Final, cast

from pydantic.json_schema import GenerateJsonSchema

from contracts.base import Message
from contracts.conversation import Conversation

DIALECT: Final = "http://json-schema.org/draft-07/schema#"

Schema = dict[str, Any]


class _PlainSchema(GenerateJsonSchema):
    """Names the objects, and not their fields: generators make a type of every title."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def schemas_of(conversation: Conversation) -> dict[str, Schema]:
    """Return the schema of every message type, by its name on the wire."""
    return {
        message_type.type: schema_of(message_type)
        for topic in conversation.topics
        for message_type in topic.types
    }


def schema_of(message_type: type[Message]) -> Schema:
    """Return what a message of this type is sure to have, and what it may have.

    Whatever has a default may be absent: on a stream that is kept for ever, messages are older
    than the field. Fields that are not named may come, and are to be ignored.
    """
    schema = message_type.model_json_schema(
        ref_template="#/definitions/{model}", schema_generator=_PlainSchema
    )
    definitions = schema.pop("$defs", None)
    if definitions is not None:
        schema["definitions"] = definitions
    return {"$schema": DIALECT, **_open(schema)}


def _open(node: Any) -> Any:
    """Let objects have more fields: only at the public edge is an unknown one an error."""
    if isinstance(node, list):
        return [_open(item) for item in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    return {
        key: _open(value)
        for key, value in cast("dict[str, Any]", node).items()
        if not (key == "additionalProperties" and value is False)
    }
