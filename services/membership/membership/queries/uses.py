"""Uses of memberships: a row a debit, and when it was reversed, if it was (rule S3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from contracts.membership_views import UsePage, UseView
from membership.queries.connection import Connection
from membership.queries.merged_services import merged
from web.pagination import number, page, position

_NEWEST: Final = 20
_BEYOND_ALL: Final = 2**31 - 1
# A line that is debited again was reversed before. What still pays is on the bill of the visit that
# the appointment belongs to now.
_USES: Final = """
SELECT use.membership_id, use.revision, use.entry_id, use.sessions,
    coalesce(client.merged_into, use.client_id) AS client_id,
    use.appointment_id, use.line_id, use.service_id, use.automatic, use.recorded_at,
    back.recorded_at AS reversed_at, coalesce(settlement.visit_id, use.visit_id) AS visit_id
FROM unnest($1::uuid[]) AS of (membership_id)
CROSS JOIN LATERAL (
    SELECT * FROM ledger
    WHERE ledger.membership_id = of.membership_id AND kind = 'debited' AND revision < $2
    ORDER BY revision DESC LIMIT $3
) AS use
LEFT JOIN LATERAL (
    SELECT recorded_at FROM ledger
    WHERE line_id = use.line_id AND bucket_id = use.bucket_id AND kind = 'reversed'
        AND revision > use.revision
    ORDER BY revision LIMIT 1
) AS back ON true
LEFT JOIN clients AS client ON client.client_id = use.client_id
LEFT JOIN settlements AS settlement
    ON settlement.appointment_id = use.appointment_id AND back.recorded_at IS NULL
ORDER BY use.membership_id, use.revision DESC
"""


async def newest_uses(
    connection: Connection, membership_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[UseView]]:
    """Return the newest uses of memberships, newest first."""
    rows = await connection.fetch(_USES, membership_ids, _BEYOND_ALL, _NEWEST)
    uses: defaultdict[UUID, list[UseView]] = defaultdict(list)
    for row, view in zip(rows, await _views(connection, rows), strict=True):
        uses[row["membership_id"]].append(view)
    return uses


async def uses_of(
    connection: Connection, membership_id: UUID, cursor: str | None, limit: int
) -> UsePage:
    """Return a page of the uses of a membership, newest first."""
    before, _ = position(cursor, number) or (_BEYOND_ALL, None)
    rows = await connection.fetch(_USES, [membership_id], before, limit + 1)
    kept, next_cursor = page(rows, limit, lambda row: (row["revision"], row["entry_id"]))
    return UsePage(uses=tuple(await _views(connection, kept)), next_cursor=next_cursor)


async def _views(connection: Connection, rows: Sequence[asyncpg.Record]) -> list[UseView]:
    services = {row["service_id"] for row in rows if row["service_id"] is not None}
    left = await merged(connection, services) if services else {}
    return [
        UseView(
            entry_id=row["entry_id"],
            sessions=row["sessions"],
            client_id=row["client_id"],
            service_id=left.get(row["service_id"], row["service_id"]),
            visit_id=row["visit_id"],
            appointment_id=row["appointment_id"],
            line_id=row["line_id"],
            automatic=row["automatic"],
            recorded_at=row["recorded_at"],
            reversed_at=row["reversed_at"],
        )
        for row in rows
    ]
