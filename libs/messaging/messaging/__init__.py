"""Batch consumer, inbox, outbox, relay, operations and replies, dead letters."""

from pathlib import Path
from typing import Final

from messaging.batches import Checkpoint
from messaging.delivery import Delivery, Handler
from messaging.envelope import Record, encode_command, encode_request
from messaging.fetch_sessions import use_sessions
from messaging.handled_records import delete_handled
from messaging.operations import Operation, operation
from messaging.publisher import Publisher, PublishError
from messaging.redaction import Personal, redact
from messaging.runtime import Messaging, running
from messaging.work import Work

MIGRATIONS: Final = Path(__file__).parent / "migrations"

__all__ = [
    "MIGRATIONS",
    "Checkpoint",
    "Delivery",
    "Handler",
    "Messaging",
    "Operation",
    "Personal",
    "PublishError",
    "Publisher",
    "Record",
    "Work",
    "delete_handled",
    "encode_command",
    "encode_request",
    "operation",
    "redact",
    "running",
    "use_sessions",
]
