"""The history of memberships."""

from typing import Final
from uuid import UUID

import asyncpg

from contracts.membership_views import Actor, ChangePage, ChangeView
from membership.queries.connection import Connection
from web.pagination import number, page, position

_BEYOND_ALL: Final = 2**31 - 1
_CHANGES: Final = """
SELECT change.*, coalesce(client.merged_into, change.client_id) AS kept_id
FROM membership_changes AS change LEFT JOIN clients AS client USING (client_id)
WHERE change.membership_id = $1 AND change.revision < $2
ORDER BY revision DESC LIMIT $3
"""


async def changes_of(
    connection: Connection, membership_id: UUID, cursor: str | None, limit: int
) -> ChangePage:
    """Return a page of the history of a membership, newest first."""
    before, _ = position(cursor, number) or (_BEYOND_ALL, None)
    rows = await connection.fetch(_CHANGES, membership_id, before, limit + 1)
    kept, next_cursor = page(rows, limit, lambda row: (row["revision"], row["change_id"]))
    return ChangePage(changes=tuple(map(_view, kept)), next_cursor=next_cursor)


def _view(row: asyncpg.Record) -> ChangeView:
    principal_id = row["principal_id"]
    return ChangeView(
        change_id=row["change_id"],
        kind=row["kind"],
        by=Actor(principal_id=principal_id, role=row["role"]) if principal_id else None,
        reason=row["reason"],
        client_id=row["kept_id"],
        sessions=row["sessions"],
        bucket_id=row["bucket_id"],
        expires_on=row["expires_on"],
        at=row["at"],
    )
