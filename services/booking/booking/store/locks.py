"""The locks of a batch: all at once, in one order, before anything is read.

Bookings (the row is the lock of their appointments and lines), then events (for spots), then team
members (for slot cells), each in the order of their ids: so two batches never wait in a circle.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from postgres import Transaction

# What an appointment occupies, and to which booking it belongs, never changes.
_OCCUPIED: Final = """
SELECT b.event_id, line.team_member_id
FROM bookings AS b
JOIN appointments AS appointment USING (booking_id)
JOIN appointment_lines AS line USING (appointment_id)
WHERE appointment.appointment_id = ANY(
    $1::uuid[]
    || ARRAY(SELECT a.appointment_id FROM appointments AS a WHERE a.booking_id = ANY($2::uuid[]))
)
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
_LOCK_EVENTS: Final = """
SELECT event_id FROM events WHERE event_id = ANY($1::uuid[])
ORDER BY event_id FOR NO KEY UPDATE
"""
_LOCK_TEAM_MEMBERS: Final = """
SELECT team_member_id FROM team_members
WHERE team_member_id = ANY($1::uuid[]) OR service_ids && $2::uuid[]
ORDER BY team_member_id FOR NO KEY UPDATE
"""


@dataclass(slots=True)
class Touched:
    """What a batch decides about.

    `bookings` and `appointments` change; the slots and spots of those in `freed_bookings` and
    `freed_appointments` may be given back. `events` and `team_members` are booked, and of each
    service in `services` any team member who performs it.
    """

    bookings: set[UUID] = field(default_factory=set[UUID])
    appointments: set[UUID] = field(default_factory=set[UUID])
    freed_bookings: set[UUID] = field(default_factory=set[UUID])
    freed_appointments: set[UUID] = field(default_factory=set[UUID])
    events: set[UUID] = field(default_factory=set[UUID])
    team_members: set[UUID] = field(default_factory=set[UUID])
    services: set[UUID] = field(default_factory=set[UUID])


async def lock(transaction: Transaction, touched: Touched) -> None:
    """Wait until nobody else decides about what is touched."""
    events, team_members = set(touched.events), set(touched.team_members)
    if touched.freed_bookings or touched.freed_appointments:
        for event_id, team_member_id in await transaction.fetch(
            _OCCUPIED, list(touched.freed_appointments), list(touched.freed_bookings)
        ):
            events |= {event_id} - {None}
            team_members |= {team_member_id} - {None}
    bookings = touched.bookings | touched.freed_bookings
    appointments = touched.appointments | touched.freed_appointments
    if bookings or appointments:
        await transaction.execute(_LOCK_BOOKINGS, list(bookings), list(appointments))
    if events:
        await transaction.execute(_LOCK_EVENTS, list(events))
    if team_members or touched.services:
        await transaction.execute(_LOCK_TEAM_MEMBERS, list(team_members), list(touched.services))
