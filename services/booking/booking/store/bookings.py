"""Bookings with their appointments and lines, whole, as they are."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import asyncpg

from booking.domain.bookings import Appointment, Booking, Line
from booking.domain.catalogue import Location
from booking.domain.clients import Client
from booking.store import catalogue
from postgres import Transaction

# Ids are joined, not compared with `= ANY`: whatever the planner believes about a table, it never
# compares every row with every id.
# The columns are the fields of the dataclass, in their order.
_APPOINTMENT: Final = """
       a.appointment_id, a.start_at, a.end_at, a.free_cancellation_until, a.owed, a.state,
       a.revision, a.accepted_at, a.visit_status, a.status_revision, a.debit_status,
       a.booked_with_membership, a.settlement_revision, a.bill_revision, a.payment_status, a.charged
"""
# Of clients who were merged into this one: their numbers mean it, too.
_OTHER_PHONES: Final = """
SELECT array_agg(other.phone ORDER BY other.phone) AS phones
FROM client_aliases AS mine JOIN clients AS other ON other.client_id = mine.alias_id
WHERE mine.client_id = client.client_id AND other.phone IS NOT NULL
"""
_LOAD_BOOKINGS: Final = (
    """
SELECT b.booking_id, b.command_id, b.location_id, b.client_id,
       client.client_id AS known_as, client.name, client.phone, merged.phones AS other_phones,
       b.event_id, b.submitted_at, b.decide_by, b.state AS booking_state, b.pay_until,
"""
    + _APPOINTMENT
    + """
FROM unnest($1::uuid[]) AS asked (booking_id)
JOIN bookings AS b USING (booking_id)
LEFT JOIN client_aliases AS alias ON alias.alias_id = b.client_id
JOIN clients AS client ON client.client_id = coalesce(alias.client_id, b.client_id)
CROSS JOIN LATERAL ("""
    + _OTHER_PHONES
    + """) AS merged
JOIN appointments AS a ON a.booking_id = b.booking_id
ORDER BY a.start_at, a.appointment_id
"""
)
_LOAD_APPOINTMENTS: Final = (
    "SELECT "
    + _APPOINTMENT
    + """
FROM unnest($1::uuid[]) AS asked (appointment_id)
JOIN appointments AS a USING (appointment_id)
"""
)
# The service of a line may have been merged into another since (rules A11, A17).
_LOAD_LINES: Final = """
SELECT line.appointment_id, line.ordinal, line.line_id,
       coalesce(merged.service_id, line.service_id), coalesce(merged.name, line.service_name),
       line.team_member_id, line.start_at, line.end_at, line.price, line.membership_booking,
       line.automatic_debiting, line.required, line.membership_id, line.debit_status,
       line.category_id, line.paid_online, line.hold_released, line.carrier_revision
FROM unnest($1::uuid[]) AS asked (appointment_id)
JOIN appointment_lines AS line USING (appointment_id)
LEFT JOIN service_aliases AS alias ON alias.alias_id = line.service_id
LEFT JOIN services AS merged ON merged.service_id = alias.service_id
ORDER BY line.appointment_id, line.ordinal
"""
_BOOKINGS_OF: Final = """
SELECT DISTINCT a.booking_id
FROM unnest($1::uuid[]) AS asked (appointment_id)
JOIN appointments AS a USING (appointment_id)
"""

_BOOKING_FIELDS: Final = 13  # before those of the appointment


async def load(transaction: Transaction, booking_ids: Iterable[UUID]) -> dict[UUID, Booking]:
    """Return the bookings of these ids that exist, whole."""
    rows = await transaction.fetch(_LOAD_BOOKINGS, list(set(booking_ids)))
    if not rows:
        return {}
    locations = await catalogue.locations(transaction, {row["location_id"] for row in rows})
    bookings: dict[UUID, Booking] = {}
    appointments: dict[UUID, Appointment] = {}
    for row in rows:
        booking_id = row[0]
        if booking_id not in bookings:
            bookings[booking_id] = _booking(row, locations[row["location_id"]])
        appointment = Appointment(*row[_BOOKING_FIELDS:])
        appointments[appointment.appointment_id] = appointment
        bookings[booking_id].appointments.append(appointment)
    await _load_lines(transaction, appointments)
    return bookings


async def load_appointments(
    transaction: Transaction, appointment_ids: Iterable[UUID], *, lines: bool
) -> dict[UUID, Appointment]:
    """Return the appointments of these ids that exist, with or without their lines."""
    rows = await transaction.fetch(_LOAD_APPOINTMENTS, list(set(appointment_ids)))
    appointments = {row[0]: Appointment(*row) for row in rows}
    if lines:
        await _load_lines(transaction, appointments)
    return appointments


async def load_of(transaction: Transaction, appointment_ids: Iterable[UUID]) -> dict[UUID, Booking]:
    """Return, for each of these appointments that exist, the booking that it belongs to."""
    rows = await transaction.fetch(_BOOKINGS_OF, list(set(appointment_ids)))
    bookings = await load(transaction, [row["booking_id"] for row in rows])
    return {
        appointment.appointment_id: booking
        for booking in bookings.values()
        for appointment in booking.appointments
    }


def _booking(row: asyncpg.Record, location: Location) -> Booking:
    return Booking(
        booking_id=row["booking_id"],
        command_id=row["command_id"],
        location=location,
        client_id=row["client_id"],
        client=Client(row["known_as"], row["name"], _phones(row)),
        event_id=row["event_id"],
        submitted_at=row["submitted_at"],
        decide_by=row["decide_by"],
        state=row["booking_state"],
        appointments=[],
        pay_until=row["pay_until"],
    )


def _phones(row: asyncpg.Record) -> tuple[str, ...]:
    return () if row["phone"] is None else (row["phone"], *(row["other_phones"] or ()))


async def _load_lines(transaction: Transaction, appointments: Mapping[UUID, Appointment]) -> None:
    for row in await transaction.fetch(_LOAD_LINES, list(appointments)):
        appointments[row[0]].lines.append(Line(*row[1:]))
