"""The AsyncAPI 3.0 document of a conversation: who sends and receives what, on which topics."""

from inspect import cleandoc
from typing import Any, Final

from contracts.base import Command, Message
from contracts.conversation import FOR_EVER, Conversation, Topic

SCHEMAS: Final = "../libs/contracts/schemas"  # as seen from docs/

Node = dict[str, Any]

_INTRODUCTION: Final = """
What the services of Punchcard say to each other and to whoever subscribes.

Messages are CloudEvents 1.0 in binary mode: attributes in headers, a JSON body. Several types share
a topic, and `ce_type` tells them apart. Deliveries may repeat: ignore a `ce_id`, or a `revision`,
that you have seen. Ignore types and fields that you do not know: a change adds an optional field or
a type, nothing else; the rest is a `.v2` beside the `.v1`.
"""


def document_of(conversation: Conversation) -> Node:
    """Return the whole document, as plain data."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Punchcard",
            "version": "1.0.0",
            "description": cleandoc(_INTRODUCTION),
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic) for topic in conversation.topics},
        "operations": _operations(conversation),
        "components": {
            "messages": {
                message_type.type: _message(message_type, key)
                for topic in conversation.topics
                for message_type, key in topic.types.items()
            },
            "schemas": {"event_headers": _event_headers(), "command_headers": _command_headers()},
        },
    }


def _channel(topic: Topic) -> Node:
    for_ever = topic.retention is FOR_EVER
    retention = -1 if topic.retention is None else round(topic.retention.total_seconds() * 1000)
    return {
        "address": topic.name,
        "description": _whereabouts(topic),
        "messages": {
            message_type.type: {"$ref": f"#/components/messages/{message_type.type}"}
            for message_type in topic.types
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": retention},
                "bindingVersion": "0.5.0",
            }
        },
        **({"tags": [{"name": "public"}]} if for_ever else {}),
    }


def _whereabouts(topic: Topic) -> str:
    readers = f", read by {_and(topic.readers)}" if topic.readers else ""
    public = " Public: kept for ever, for whoever subscribes." if topic.retention is None else ""
    return f"Written by {_and(topic.writers)}{readers}.{public}"


def _and(names: tuple[str, ...]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _operations(conversation: Conversation) -> Node:
    operations: Node = {}
    for topic in conversation.topics:
        for service in topic.writers:
            operations[f"{service}.send.{topic.name}"] = _sending(topic)
        for service in topic.readers:
            operations[f"{service}.receive.{topic.name}"] = _receiving(topic, service)
    return operations


def _sending(topic: Topic) -> Node:
    sending: Node = {"action": "send", "channel": {"$ref": f"#/channels/{topic.name}"}}
    if any(issubclass(message_type, Command) for message_type in topic.types):
        sending["reply"] = {"channel": {"$ref": "#/channels/replies"}}
    return sending


def _receiving(topic: Topic, service: str) -> Node:
    receiving: Node = {"action": "receive", "channel": {"$ref": f"#/channels/{topic.name}"}}
    if topic.name != "replies":  # which every replica reads whole, without a group
        group = {"type": "string", "const": service}
        receiving["bindings"] = {"kafka": {"groupId": group, "bindingVersion": "0.5.0"}}
    return receiving


def _message(message_type: type[Message], key: str) -> Node:
    headers = "command_headers" if issubclass(message_type, Command) else "event_headers"
    summary, _, rest = cleandoc(message_type.__doc__ or "").partition("\n\n")
    return {
        "name": message_type.type,
        "title": message_type.__name__,
        "summary": " ".join(summary.split()),
        **({"description": rest} if rest else {}),
        "x-key-field": key,
        "headers": {
            "allOf": [
                {"$ref": f"#/components/schemas/{headers}"},
                {
                    "type": "object",
                    "properties": {
                        "ce_type": {"const": message_type.type},
                        "ce_subject": {"description": f"The `{message_type.subject}`."},
                    },
                },
            ]
        },
        "payload": {"$ref": f"{SCHEMAS}/{message_type.type}.json"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "format": "uuid", "description": f"The `{key}`."},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _event_headers() -> Node:
    return {
        "type": "object",
        "required": [
            "ce_specversion",
            "ce_id",
            "ce_type",
            "ce_source",
            "ce_time",
            "ce_subject",
            "content-type",
        ],
        "properties": {
            "ce_specversion": {"type": "string", "const": "1.0"},
            "ce_id": {
                "type": "string",
                "format": "uuid",
                "description": "The message; a repeated delivery has the same.",
            },
            "ce_type": {"type": "string"},
            "ce_source": {"type": "string", "description": "The service that says it."},
            "ce_time": {"type": "string", "format": "date-time"},
            "ce_subject": {"type": "string", "format": "uuid"},
            "content-type": {"type": "string", "const": "application/json"},
            "traceparent": {"type": "string", "description": "W3C Trace Context."},
        },
    }


def _command_headers() -> Node:
    return {
        "allOf": [
            {"$ref": "#/components/schemas/event_headers"},
            {
                "type": "object",
                "required": ["ce_principal", "ce_requesthash"],
                "properties": {
                    "ce_principal": {
                        "type": "string",
                        "description": "Who asks: a short-lived token, signed by the gateway.",
                    },
                    "ce_requesthash": {
                        "type": "string",
                        "description": "Tells a repetition from another request under one key.",
                    },
                },
            },
        ]
    }
