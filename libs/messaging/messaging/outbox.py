"""What committed transactions said, until the broker has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic_core import to_json

from messaging.envelope import headers_of
from messaging.work import Work
from postgres import Transaction

CHANNEL: Final = "outbox"

_SAVE: Final = """
INSERT INTO outbox (message_id, topic, key, headers, body)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::text[])
ON CONFLICT (message_id) DO NOTHING
"""
# In one statement, for one round trip.
_SAVE_AND_NOTIFY: Final = """
WITH said AS (
    INSERT INTO outbox (message_id, topic, key, headers, body)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::text[])
    ON CONFLICT (message_id) DO NOTHING
    RETURNING 1
)
SELECT pg_notify('outbox', '') WHERE EXISTS (SELECT FROM said)
"""
_FORGET: Final = "DELETE FROM outbox WHERE message_id = ANY($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Packed:
    """A message as it came from the wire, to be published once more."""

    message_id: UUID
    topic: str
    key: str
    headers: Mapping[str, str]
    body: str


async def replace(
    transaction: Transaction, messages: Sequence[Packed], *, forgotten: Sequence[UUID]
) -> None:
    """Publish messages, again if they were published before; those forgotten may be said anew."""
    await transaction.execute(_FORGET, [*forgotten, *(one.message_id for one in messages)])
    await transaction.execute(
        _SAVE_AND_NOTIFY,
        [one.message_id for one in messages],
        [one.topic for one in messages],
        [one.key for one in messages],
        [to_json(one.headers).decode() for one in messages],
        [one.body for one in messages],
    )


async def save(work: Work, *, source: str, notify: bool) -> None:
    """Write what `work` says, in its order; with `notify` a relay elsewhere wakes at the commit."""
    if not work.sayings:
        return
    ids: list[UUID] = []
    topics: list[str] = []
    keys: list[str] = []
    headers: list[str] = []
    bodies: list[str] = []
    for saying in work.sayings:
        message = saying.message
        ids.append(saying.id)
        topics.append(work.conversation.topic_of(message).name)
        keys.append(str(work.conversation.key_of(message)))
        headers.append(
            to_json(
                headers_of(
                    message,
                    message_id=saying.id,
                    source=source,
                    time=work.now,
                    trace=saying.trace,
                )
            ).decode()
        )
        bodies.append(saying.body)
    statement = _SAVE_AND_NOTIFY if notify else _SAVE
    await work.transaction.execute(statement, ids, topics, keys, headers, bodies)
