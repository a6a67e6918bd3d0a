"""The locks of a batch: all at once, in one order, before anything is read.

Chains (for clients who are changed, merged or erased), locations (for settings that have to
agree), then bookings (the row is the lock of their appointments and lines, and of their new times
that wait), then events (for spots), then team members (for slot cells), each in the order of their
ids: so two batches never wait in a circle.
What a booking occupies changes only under its lock, and is looked up when that is held.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from postgres import Transaction

_LOCK_CHAINS: Final = """
SELECT chain_id FROM chains WHERE chain_id = ANY($1::uuid[])
ORDER BY chain_id FOR NO KEY UPDATE
"""
_LOCK_LOCATIONS: Final = """
SELECT location_id FROM locations WHERE location_id = ANY($1::uuid[])
ORDER BY location_id FOR NO KEY UPDATE
"""
_LOCK_BOOKINGS: Final = """
SELECT b.booking_id
FROM (
    SELECT unnest($1::uuid[]) AS booking_id
    UNION
    SELECT a.booking_id
    FROM unnest($2::uuid[]) AS asked (appointment_id)
    JOIN appointments AS a USING (appointment_id)
) AS asked
JOIN bookings AS b USING (booking_id)
ORDER BY b.booking_id FOR NO KEY UPDATE OF b
"""
# Of appointments and of bookings, the new times that wait among them included.
_OCCUPIED: Final = """
WITH asked AS (
    SELECT unnest($1::uuid[]) AS appointment_id
    UNION
    SELECT a.appointment_id
    FROM unnest($2::uuid[]) AS asked (booking_id)
    JOIN appointments AS a USING (booking_id)
)
SELECT b.event_id, line.team_member_id
FROM asked
JOIN appointments AS a USING (appointment_id)
JOIN bookings AS b USING (booking_id)
JOIN appointment_lines AS line USING (appointment_id)
UNION
SELECT reschedule.event_id, line.team_member_id
FROM asked
JOIN reschedules AS reschedule USING (appointment_id)
JOIN reschedule_lines AS line USING (reschedule_id)
"""
_SERVICES_OF: Final = """
SELECT DISTINCT line.service_id
FROM unnest($1::uuid[]) AS asked (appointment_id)
JOIN appointment_lines AS line USING (appointment_id)
"""
_LOCK_EVENTS: Final = """
SELECT event_id FROM events WHERE event_id = ANY($1::uuid[])
ORDER BY event_id FOR NO KEY UPDATE
"""
_LOCK_TEAM_MEMBERS: Final = """
SELECT team_member_id FROM team_members
WHERE team_member_id = ANY($1::uuid[]) OR service_ids && (SELECT meaning_the_same($2::uuid[]))
ORDER BY team_member_id FOR NO KEY UPDATE
"""
# Whoever takes part starts with the event.
_BOOKINGS_IN: Final = """
SELECT b.booking_id
FROM events AS event
JOIN appointments AS a ON a.location_id = event.location_id AND a.start_at = event.start_at
JOIN bookings AS b ON b.booking_id = a.booking_id AND b.event_id = event.event_id
WHERE event.event_id = ANY($1::uuid[])
UNION
SELECT booking_id FROM reschedules WHERE event_id = ANY($1::uuid[])
"""
_LEADERS: Final = """
SELECT team_member_id FROM events
WHERE event_id = ANY($1::uuid[]) AND team_member_id IS NOT NULL
"""


@dataclass(slots=True)
class Touched:
    """What a batch decides about.

    `bookings` and `appointments` change; the slots and spots of those in `freed_bookings` and
    `freed_appointments` may be given back or replaced. `events` and `team_members` are booked, and
    of each service in `services`, or of the `again_by_any` appointments, any team member who
    performs it. `whole_events` change together with all their bookings. The settings of
    `locations` or of their services change, which have to agree (rule G2). Clients of `chains` are
    changed, merged or erased.
    """

    chains: set[UUID] = field(default_factory=set[UUID])
    locations: set[UUID] = field(default_factory=set[UUID])
    bookings: set[UUID] = field(default_factory=set[UUID])
    appointments: set[UUID] = field(default_factory=set[UUID])
    freed_bookings: set[UUID] = field(default_factory=set[UUID])
    freed_appointments: set[UUID] = field(default_factory=set[UUID])
    events: set[UUID] = field(default_factory=set[UUID])
    team_members: set[UUID] = field(default_factory=set[UUID])
    services: set[UUID] = field(default_factory=set[UUID])
    again_by_any: set[UUID] = field(default_factory=set[UUID])
    whole_events: set[UUID] = field(default_factory=set[UUID])


class _JoinedMeanwhileError(Exception):
    """Somebody came into an event before it was locked."""


async def lock(transaction: Transaction, touched: Touched) -> None:
    """Wait until nobody else decides about what is touched."""
    if touched.chains:
        await transaction.execute(_LOCK_CHAINS, list(touched.chains))
    if touched.locations:
        await transaction.execute(_LOCK_LOCATIONS, list(touched.locations))
    if not touched.whole_events:
        await _lock(transaction, touched, touched.freed_bookings)
        return None
    while True:
        try:
            async with transaction.transaction():  # its end gives back the locks, if it must
                return await _lock_whole_events(transaction, touched)
        except _JoinedMeanwhileError:
            continue


async def bookings_in(transaction: Transaction, event_ids: set[UUID]) -> set[UUID]:
    """Return the bookings that have spots in these events, or wait for some."""
    return {row["booking_id"] for row in await transaction.fetch(_BOOKINGS_IN, list(event_ids))}


async def _lock_whole_events(transaction: Transaction, touched: Touched) -> None:
    """Lock events with all their bookings, which have to be locked first, and may become more."""
    joined = await bookings_in(transaction, touched.whole_events)
    await _lock(transaction, touched, touched.freed_bookings | joined)
    if not await bookings_in(transaction, touched.whole_events) <= joined:
        raise _JoinedMeanwhileError


async def _lock(transaction: Transaction, touched: Touched, freed_bookings: set[UUID]) -> None:
    events = touched.events | touched.whole_events
    team_members, services = set(touched.team_members), set(touched.services)
    bookings = touched.bookings | freed_bookings
    appointments = touched.appointments | touched.freed_appointments
    if bookings or appointments:
        await transaction.execute(_LOCK_BOOKINGS, list(bookings), list(appointments))
    if freed_bookings or touched.freed_appointments:
        for event_id, team_member_id in await transaction.fetch(
            _OCCUPIED, list(touched.freed_appointments), list(freed_bookings)
        ):
            events |= {event_id} - {None}
            team_members |= {team_member_id} - {None}
    if touched.again_by_any:
        rows = await transaction.fetch(_SERVICES_OF, list(touched.again_by_any))
        services |= {row["service_id"] for row in rows}
    if events:
        await transaction.execute(_LOCK_EVENTS, list(events))
    if touched.whole_events:
        rows = await transaction.fetch(_LEADERS, list(touched.whole_events))
        team_members |= {row["team_member_id"] for row in rows}
    if team_members or services:
        await transaction.execute(_LOCK_TEAM_MEMBERS, list(team_members), list(services))
