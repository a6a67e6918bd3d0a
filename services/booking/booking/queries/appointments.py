"""A client's appointments, in pages."""

from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from booking.announcements import appointment_view
from booking.queries.snapshots import snapshot
from booking.store import bookings, clients
from contracts.booking_views import AppointmentPage
from postgres import Database
from web.pagination import instant, page, position

# What was refused was never the client's.
_OF_CLIENT: Final = """
SELECT a.appointment_id, a.start_at
FROM bookings AS b JOIN appointments AS a USING (booking_id)
WHERE b.client_id = ANY($1::uuid[]) AND a.state <> 'refused'
    AND ($2::timestamptz IS NULL OR (a.start_at, a.appointment_id) < ($2, $3::uuid))
ORDER BY a.start_at DESC, a.appointment_id DESC LIMIT $4
"""


async def appointments_of(
    database: Database, chain_id: UUID, client_id: UUID, cursor: str | None, limit: int
) -> AppointmentPage | None:
    """Return a client's appointments in all locations of the chain, the latest start first."""
    before, before_id = position(cursor, instant) or (None, None)
    async with snapshot(database) as transaction:
        client = (await clients.load(transaction, chain_id, [client_id])).get(client_id)
        if client is None:
            return None
        rows = await transaction.fetch(_OF_CLIENT, client.ids, before, before_id, limit + 1)
        shown, following = page(rows, limit, _place)
        ids = [row["appointment_id"] for row in shown]
        found = await bookings.load_of(transaction, ids)
    views = tuple(appointment_view(found[each], found[each].appointment(each)) for each in ids)
    return AppointmentPage(appointments=views, next_cursor=following)


def _place(row: asyncpg.Record) -> tuple[datetime, UUID]:
    return row["start_at"], row["appointment_id"]
