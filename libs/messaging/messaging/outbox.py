"""What committed transactions said, until the broker has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from pydantic_core import to_json

from messaging.envelope import headers_of
from messaging.operations import columns_of
from messaging.work import Conclusion, Work
from postgres import Transaction

CHANNEL: Final = "outbox"

# All in one statement, for one round trip: what is said, the conclusions of commands that were
# registered in the same transaction, and the call to whoever relays.
_SAID: Final = """
INSERT INTO outbox (message_id, topic, key, headers, body)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
ON CONFLICT (message_id) DO NOTHING
RETURNING 1
"""
_CONCLUDED: Final = """
UPDATE operations AS operation
SET state = conclusion.state, status = conclusion.status, result = conclusion.result,
    problem = conclusion.problem, concluded_at = now()
FROM unnest($6::uuid[], $7::text[], $8::integer[], $9::jsonb[], $10::jsonb[])
    AS conclusion (command_id, state, status, result, problem)
WHERE operation.command_id = conclusion.command_id
"""
_NOTIFY: Final = "SELECT pg_notify('outbox', '') WHERE EXISTS (SELECT FROM said)"
_COUNT: Final = "SELECT count(*) FROM said"
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
        _statement(notify=True, concluding=False),
        [one.message_id for one in messages],
        [one.topic for one in messages],
        [one.key for one in messages],
        [to_json(one.headers).decode() for one in messages],
        [one.body for one in messages],
    )


async def save(work: Work, concluded: Sequence[Conclusion], *, source: str, notify: bool) -> None:
    """Write what `work` says, in its order, and conclusions of commands that it registered.

    With `notify` a relay elsewhere wakes at the commit.
    """
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
    statement = _statement(notify=notify, concluding=bool(concluded))
    conclusions = columns_of(concluded) if concluded else ()
    await work.transaction.execute(statement, ids, topics, keys, headers, bodies, *conclusions)


@cache
def _statement(*, notify: bool, concluding: bool) -> str:
    concluded = f", concluded AS ({_CONCLUDED})" if concluding else ""
    return f"WITH said AS ({_SAID}){concluded} {_NOTIFY if notify else _COUNT}"
