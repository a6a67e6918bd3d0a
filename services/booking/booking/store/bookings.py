"""Bookings with their appointments and lines."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from booking.domain.bookings import Appointment, Booking, Line
from booking.store import catalogue, clients
from postgres import Transaction

# Ids are joined, not compared with `= ANY`: whatever the planner believes about a table, it never
# compares every row with every id.
_LOAD_BOOKINGS: Final = """
SELECT b.booking_id, b.command_id, b.location_id, b.client_id, b.event_id, b.submitted_at,
       b.decide_by, b.state
FROM unnest($1::uuid[]) AS asked (booking_id)
JOIN bookings AS b USING (booking_id)
"""
# The columns after the first are the fields of the dataclass, in their order.
_APPOINTMENT_FIELDS: Final = """
SELECT a.booking_id, a.appointment_id, a.start_at, a.end_at, a.free_cancellation_until, a.owed,
       a.state, a.revision, a.accepted_at, a.visit_status, a.status_revision, a.debit_status,
       a.booked_with_membership, a.settlement_revision, a.bill_revision, a.payment_status
"""
_LOAD_APPOINTMENTS_OF: Final = (
    _APPOINTMENT_FIELDS
    + """
FROM unnest($1::uuid[]) AS asked (booking_id)
JOIN appointments AS a USING (booking_id)
ORDER BY a.start_at, a.appointment_id
"""
)
_LOAD_APPOINTMENTS: Final = (
    _APPOINTMENT_FIELDS
    + """
FROM unnest($1::uuid[]) AS asked (appointment_id)
JOIN appointments AS a USING (appointment_id)
"""
)
_LOAD_LINES: Final = """
SELECT line.appointment_id, line.ordinal, line.line_id, line.service_id, line.service_name,
       line.team_member_id, line.start_at, line.end_at, line.price, line.membership_booking,
       line.automatic_debiting, line.required, line.membership_id, line.debit_status
FROM unnest($1::uuid[]) AS asked (appointment_id)
JOIN appointment_lines AS line USING (appointment_id)
ORDER BY line.appointment_id, line.ordinal
"""
_BOOKINGS_OF: Final = """
SELECT DISTINCT a.booking_id
FROM unnest($1::uuid[]) AS asked (appointment_id)
JOIN appointments AS a USING (appointment_id)
"""
_INSERT_BOOKINGS: Final = """
INSERT INTO bookings (booking_id, command_id, location_id, client_id, event_id, submitted_at,
                      decide_by, state)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[],
                     $6::timestamptz[], $7::timestamptz[], $8::text[])
"""
_INSERT_APPOINTMENTS: Final = """
INSERT INTO appointments (booking_id, location_id, appointment_id, start_at, end_at,
                          free_cancellation_until, owed, state, revision, accepted_at,
                          visit_status, status_revision, debit_status, booked_with_membership,
                          settlement_revision, bill_revision, payment_status)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[],
                     $6::timestamptz[], $7::bigint[], $8::text[], $9::integer[],
                     $10::timestamptz[], $11::text[], $12::integer[], $13::text[],
                     $14::boolean[], $15::integer[], $16::integer[], $17::text[])
"""
_INSERT_LINES: Final = """
INSERT INTO appointment_lines (appointment_id, ordinal, line_id, service_id, service_name,
                               team_member_id, start_at, end_at, price, membership_booking,
                               automatic_debiting, required, membership_id, debit_status)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[],
                     $7::timestamptz[], $8::timestamptz[], $9::bigint[], $10::boolean[],
                     $11::boolean[], $12::boolean[], $13::uuid[], $14::text[])
"""
_SAVE_BOOKINGS: Final = """
UPDATE bookings AS b SET state = new.state
FROM unnest($1::uuid[], $2::text[]) AS new (booking_id, state)
WHERE b.booking_id = new.booking_id
"""
_SAVE_APPOINTMENTS: Final = """
UPDATE appointments AS appointment
SET owed = new.owed, state = new.state, revision = new.revision, accepted_at = new.accepted_at,
    visit_status = new.visit_status, status_revision = new.status_revision,
    debit_status = new.debit_status, booked_with_membership = new.booked_with_membership,
    settlement_revision = new.settlement_revision, bill_revision = new.bill_revision,
    payment_status = new.payment_status
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::integer[], $5::timestamptz[], $6::text[],
            $7::integer[], $8::text[], $9::boolean[], $10::integer[], $11::integer[], $12::text[])
    AS new (appointment_id, owed, state, revision, accepted_at, visit_status, status_revision,
            debit_status, booked_with_membership, settlement_revision, bill_revision,
            payment_status)
WHERE appointment.appointment_id = new.appointment_id
"""
_SAVE_LINES: Final = """
UPDATE appointment_lines AS line
SET membership_id = new.membership_id, debit_status = new.debit_status
FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[])
    AS new (appointment_id, ordinal, membership_id, debit_status)
WHERE line.appointment_id = new.appointment_id AND line.ordinal = new.ordinal
"""

_APPOINTMENT_COLUMNS: Final = attrgetter(
    "appointment_id",
    "start",
    "end",
    "free_cancellation_until",
    "owed",
    "state",
    "revision",
    "accepted_at",
    "visit_status",
    "status_revision",
    "debit_status",
    "booked_with_membership",
    "settlement_revision",
    "bill_revision",
    "payment_status",
)
_APPOINTMENT_CHANGES: Final = attrgetter(
    "appointment_id",
    "owed",
    "state",
    "revision",
    "accepted_at",
    "visit_status",
    "status_revision",
    "debit_status",
    "booked_with_membership",
    "settlement_revision",
    "bill_revision",
    "payment_status",
)
_LINE_COLUMNS: Final = attrgetter(
    "ordinal",
    "line_id",
    "service_id",
    "service_name",
    "team_member_id",
    "start",
    "end",
    "price",
    "membership_booking",
    "automatic_debiting",
    "required",
    "membership_id",
    "debit_status",
)


async def load(transaction: Transaction, booking_ids: Iterable[UUID]) -> dict[UUID, Booking]:
    """Return the bookings of these ids that exist, whole."""
    rows = await transaction.fetch(_LOAD_BOOKINGS, list(set(booking_ids)))
    locations = await catalogue.locations(transaction, {row["location_id"] for row in rows})
    names = await clients.names(transaction, {row["client_id"] for row in rows})
    bookings: dict[UUID, Booking] = {}
    for booking_id, command_id, location_id, client_id, *others in rows:
        event_id, submitted_at, decide_by, state = others
        bookings[booking_id] = Booking(
            booking_id=booking_id,
            command_id=command_id,
            location=locations[location_id],
            client_id=client_id,
            client_name=names[client_id],
            event_id=event_id,
            submitted_at=submitted_at,
            decide_by=decide_by,
            state=state,
            appointments=[],
        )
    appointments: dict[UUID, Appointment] = {}
    for row in await transaction.fetch(_LOAD_APPOINTMENTS_OF, list(bookings)):
        booking_id, *fields = row
        appointment = appointments[row[1]] = Appointment(*fields)
        bookings[booking_id].appointments.append(appointment)
    await _load_lines(transaction, appointments)
    return bookings


async def load_appointments(
    transaction: Transaction, appointment_ids: Iterable[UUID], *, lines: bool
) -> dict[UUID, Appointment]:
    """Return the appointments of these ids that exist, with or without their lines."""
    rows = await transaction.fetch(_LOAD_APPOINTMENTS, list(set(appointment_ids)))
    appointments = {row[1]: Appointment(*row[1:]) for row in rows}
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


async def add(transaction: Transaction, bookings: Sequence[Booking]) -> None:
    """Insert new bookings."""
    await transaction.execute(
        _INSERT_BOOKINGS,
        *_columns(
            (
                booking.booking_id,
                booking.command_id,
                booking.location.location_id,
                booking.client_id,
                booking.event_id,
                booking.submitted_at,
                booking.decide_by,
                booking.state,
            )
            for booking in bookings
        ),
    )
    await transaction.execute(
        _INSERT_APPOINTMENTS,
        *_columns(
            (booking.booking_id, booking.location.location_id, *_APPOINTMENT_COLUMNS(appointment))
            for booking in bookings
            for appointment in booking.appointments
        ),
    )
    await transaction.execute(
        _INSERT_LINES,
        *_columns(
            (appointment.appointment_id, *_LINE_COLUMNS(line))
            for booking in bookings
            for appointment in booking.appointments
            for line in appointment.lines
        ),
    )


async def save_decided(transaction: Transaction, bookings: Sequence[Booking]) -> None:
    """Update bookings that were decided, with their appointments and lines."""
    appointments = [each for booking in bookings for each in booking.appointments]
    await transaction.execute(
        _SAVE_BOOKINGS, *_columns((booking.booking_id, booking.state) for booking in bookings)
    )
    await save(transaction, appointments)
    await save_lines(transaction, appointments)


async def save(transaction: Transaction, appointments: Sequence[Appointment]) -> None:
    """Update appointments; each may be given once."""
    if appointments:
        await transaction.execute(
            _SAVE_APPOINTMENTS, *_columns(map(_APPOINTMENT_CHANGES, appointments))
        )


async def save_lines(transaction: Transaction, appointments: Sequence[Appointment]) -> None:
    """Update which membership pays the lines of appointments, and their debit status."""
    if appointments:
        await transaction.execute(
            _SAVE_LINES,
            *_columns(
                (appointment.appointment_id, line.ordinal, line.membership_id, line.debit_status)
                for appointment in appointments
                for line in appointment.lines
            ),
        )


async def _load_lines(transaction: Transaction, appointments: Mapping[UUID, Appointment]) -> None:
    for row in await transaction.fetch(_LOAD_LINES, list(appointments)):
        appointments[row[0]].lines.append(Line(*row[1:]))


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Turn rows into the arrays that `unnest` takes."""
    return list(zip(*rows, strict=True))
