"""Events."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from booking.domain.catalogue import Event
from booking.store.columns import columns
from postgres import Transaction

# The columns are the fields of the dataclass, in their order.
_EVENTS: Final = """
SELECT event.event_id, event.location_id, coalesce(alias.service_id, event.service_id),
       event.team_member_id, event.start_at, event.end_at, event.capacity, event.spots_taken,
       event.series_id, event.cancelled
FROM events AS event LEFT JOIN service_aliases AS alias ON alias.alias_id = event.service_id
WHERE event.event_id = ANY($1::uuid[])
"""
_ADD_EVENTS: Final = """
INSERT INTO events (event_id, location_id, service_id, team_member_id, start_at, end_at, capacity,
                    spots_taken, series_id, cancelled)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[],
                     $6::timestamptz[], $7::integer[], $8::integer[], $9::uuid[], $10::boolean[])
"""
_CHANGE_EVENTS: Final = """
UPDATE events AS event
SET start_at = new.start_at, end_at = new.end_at, capacity = new.capacity,
    cancelled = new.cancelled
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::integer[], $5::boolean[])
    AS new (event_id, start_at, end_at, capacity, cancelled)
WHERE event.event_id = new.event_id
"""


async def events(transaction: Transaction, ids: Iterable[UUID]) -> dict[UUID, Event]:
    """Return the events of these ids that exist."""
    rows = await transaction.fetch(_EVENTS, list(set(ids)))
    return {row["event_id"]: Event(*row) for row in rows}


async def add_events(transaction: Transaction, added: Sequence[Event]) -> None:
    """Insert events."""
    rows = (
        (
            one.event_id,
            one.location_id,
            one.service_id,
            one.team_member_id,
            one.start,
            one.end,
            one.capacity,
            one.spots_taken,
            one.series_id,
            one.cancelled,
        )
        for one in added
    )
    await transaction.execute(_ADD_EVENTS, *columns(rows))


async def change_events(transaction: Transaction, changed: Sequence[Event]) -> None:
    """Update when events are, their capacity, and whether they are cancelled, not their spots."""
    if changed:
        rows = ((one.event_id, one.start, one.end, one.capacity, one.cancelled) for one in changed)
        await transaction.execute(_CHANGE_EVENTS, *columns(rows))
