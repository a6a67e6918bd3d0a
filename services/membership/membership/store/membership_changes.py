"""The history of memberships in the database: rows are added, never changed."""

from collections.abc import Iterable
from typing import Final

from membership.domain.history import HistoryRow
from membership.store.arrays import Row, write
from postgres import Transaction

_ADD: Final = """
INSERT INTO membership_changes (
    change_id, membership_id, revision, expires_on, kind, at, principal_id, role, reason,
    client_id, sessions, bucket_id
)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::integer[], $4::date[], $5::text[], $6::timestamptz[], $7::uuid[],
    $8::text[], $9::text[], $10::uuid[], $11::integer[], $12::uuid[]
)
"""


async def add_changes(transaction: Transaction, history: Iterable[HistoryRow]) -> None:
    """Write what was done with memberships."""
    await write(transaction, _ADD, map(_row, history))


def _row(row: HistoryRow) -> Row:
    change = row.change
    return (
        row.change_id,
        row.membership_id,
        row.revision,
        row.expires_on,
        change.kind,
        change.at,
        *(change.by or (None, None)),
        change.reason,
        change.client_id,
        change.sessions,
        change.bucket_id,
    )
