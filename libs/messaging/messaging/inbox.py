"""Which messages of a batch nobody has handled before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from messaging.work import Submission
from postgres import Transaction

# In the order of the ids, so that two replicas with the same ids wait for, not on, each other. Both
# in one statement, for one round trip.
_CLAIM: Final = """
WITH fresh AS (
    INSERT INTO inbox (message_id)
    SELECT unnest($1::uuid[])
    ON CONFLICT DO NOTHING
    RETURNING message_id
), registered AS (
    INSERT INTO operations (command_id, request_hash, principal, trace)
    SELECT * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[])
    ON CONFLICT DO NOTHING
    RETURNING command_id
)
SELECT now() AS now, ARRAY(SELECT message_id FROM fresh) AS fresh,
       ARRAY(SELECT command_id FROM registered) AS registered
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What is ours to handle `now`, by the database's clock, and the copies of known commands."""

    now: datetime
    message_ids: set[UUID]
    commands: dict[UUID, Submission]
    again: list[Submission]


async def claim(
    transaction: Transaction,
    message_ids: Iterable[UUID] = (),
    submissions: Sequence[Submission] = (),
) -> Claimed:
    """Note the ids of requests and events, and register commands; say which were new."""
    first: dict[UUID, Submission] = {}
    again = [one for one in submissions if first.setdefault(one.command_id, one) is not one]
    ordered = [first[command_id] for command_id in sorted(first)]
    row = await transaction.fetchrow(
        _CLAIM,
        sorted(set(message_ids)),
        [one.command_id for one in ordered],
        [one.request_hash for one in ordered],
        [one.principal for one in ordered],
        [one.trace for one in ordered],
    )
    assert row is not None
    commands = {command_id: first[command_id] for command_id in row["registered"]}
    again += [one for one in ordered if one.command_id not in commands]
    return Claimed(row["now"], {*row["fresh"], *commands}, commands, again)
