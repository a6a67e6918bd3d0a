"""Write bookings: one statement for many of them, with their appointments and lines."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from booking.domain.bookings import Appointment, Booking
from booking.store.columns import columns
from postgres import Transaction

_ADD: Final = """
WITH new_bookings AS (
    INSERT INTO bookings (booking_id, command_id, location_id, client_id, event_id, submitted_at,
                          decide_by, state, pay_until)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[],
                         $6::timestamptz[], $7::timestamptz[], $8::text[], $9::timestamptz[])
), new_appointments AS (
    INSERT INTO appointments (booking_id, location_id, appointment_id, start_at, end_at,
                              free_cancellation_until, owed, state, revision, accepted_at,
                              visit_status, status_revision, debit_status, booked_with_membership,
                              settlement_revision, bill_revision, payment_status, charged)
    SELECT * FROM unnest($10::uuid[], $11::uuid[], $12::uuid[], $13::timestamptz[],
                         $14::timestamptz[], $15::timestamptz[], $16::bigint[], $17::text[],
                         $18::integer[], $19::timestamptz[], $20::text[], $21::integer[],
                         $22::text[], $23::boolean[], $24::integer[], $25::integer[], $26::text[],
                         $27::boolean[])
    RETURNING location_id, appointment_id
), changes AS (
    INSERT INTO calendar_changes (location_id, appointment_id) SELECT * FROM new_appointments
)
INSERT INTO appointment_lines (appointment_id, ordinal, line_id, service_id, service_name,
                               team_member_id, start_at, end_at, price, membership_booking,
                               automatic_debiting, required, membership_id, debit_status,
                               category_id, paid_online, hold_released, carrier_revision)
SELECT * FROM unnest($28::uuid[], $29::integer[], $30::uuid[], $31::uuid[], $32::text[],
                     $33::uuid[], $34::timestamptz[], $35::timestamptz[], $36::bigint[],
                     $37::boolean[], $38::boolean[], $39::boolean[], $40::uuid[], $41::text[],
                     $42::uuid[], $43::boolean[], $44::boolean[], $45::integer[])
"""
_SAVE_APPOINTMENTS: Final = """
UPDATE appointments AS appointment
SET owed = new.owed, state = new.state, revision = new.revision, accepted_at = new.accepted_at,
    visit_status = new.visit_status, status_revision = new.status_revision,
    debit_status = new.debit_status, booked_with_membership = new.booked_with_membership,
    settlement_revision = new.settlement_revision, bill_revision = new.bill_revision,
    payment_status = new.payment_status, charged = new.charged
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::integer[], $5::timestamptz[], $6::text[],
            $7::integer[], $8::text[], $9::boolean[], $10::integer[], $11::integer[], $12::text[],
            $13::boolean[])
    AS new (appointment_id, owed, state, revision, accepted_at, visit_status, status_revision,
            debit_status, booked_with_membership, settlement_revision, bill_revision,
            payment_status, charged)
WHERE appointment.appointment_id = new.appointment_id
RETURNING appointment.location_id, appointment.appointment_id
"""
# In the same statement, so that those who follow the calendar cost no round trip.
NOTE: Final = "INSERT INTO calendar_changes (location_id, appointment_id) SELECT * FROM changed"
_SAVE_LINES: Final = """
UPDATE appointment_lines AS line
SET membership_id = new.membership_id, debit_status = new.debit_status,
    hold_released = new.hold_released, carrier_revision = new.carrier_revision
FROM unnest($14::uuid[], $15::integer[], $16::uuid[], $17::text[], $18::boolean[], $19::integer[])
    AS new (appointment_id, ordinal, membership_id, debit_status, hold_released, carrier_revision)
WHERE line.appointment_id = new.appointment_id AND line.ordinal = new.ordinal
"""
_SAVE_BOOKINGS: Final = """
UPDATE bookings AS b
SET state = new.state, decide_by = new.decide_by, pay_until = new.pay_until,
    event_id = new.event_id
FROM unnest($20::uuid[], $21::text[], $22::timestamptz[], $23::timestamptz[], $24::uuid[])
    AS new (booking_id, state, decide_by, pay_until, event_id)
WHERE b.booking_id = new.booking_id
"""
_SAVE: Final = f"WITH changed AS ({_SAVE_APPOINTMENTS}) {NOTE}"
_SAVE_WITH_LINES: Final = f"WITH changed AS ({_SAVE_APPOINTMENTS}), note AS ({NOTE}) {_SAVE_LINES}"
_SAVE_DECIDED: Final = (
    f"WITH changed AS ({_SAVE_APPOINTMENTS}), note AS ({NOTE}), booking AS ({_SAVE_BOOKINGS})"
    f" {_SAVE_LINES}"
)
_SAVE_PLANS: Final = """
WITH moved_appointments AS (
    UPDATE appointments AS appointment
    SET start_at = new.start_at, end_at = new.end_at,
        free_cancellation_until = new.free_cancellation_until
    FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[])
        AS new (appointment_id, start_at, end_at, free_cancellation_until)
    WHERE appointment.appointment_id = new.appointment_id
)
UPDATE appointment_lines AS line
SET service_name = new.service_name, team_member_id = new.team_member_id, start_at = new.start_at,
    end_at = new.end_at, price = new.price, membership_booking = new.membership_booking,
    automatic_debiting = new.automatic_debiting, required = new.required,
    category_id = new.category_id, paid_online = new.paid_online
FROM unnest($5::uuid[], $6::integer[], $7::text[], $8::uuid[], $9::timestamptz[],
            $10::timestamptz[], $11::bigint[], $12::boolean[], $13::boolean[], $14::boolean[],
            $15::uuid[], $16::boolean[])
    AS new (appointment_id, ordinal, service_name, team_member_id, start_at, end_at, price,
            membership_booking, automatic_debiting, required, category_id, paid_online)
WHERE line.appointment_id = new.appointment_id AND line.ordinal = new.ordinal
"""

_APPOINTMENT: Final = attrgetter(
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
    "charged",
)
_APPOINTMENT_STATE: Final = attrgetter(
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
    "charged",
)
_APPOINTMENT_PLAN: Final = attrgetter("appointment_id", "start", "end", "free_cancellation_until")
_LINE: Final = attrgetter(
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
    "category_id",
    "paid_online",
    "hold_released",
    "carrier_revision",
)
_LINE_STATE: Final = attrgetter(
    "ordinal", "membership_id", "debit_status", "hold_released", "carrier_revision"
)
_LINE_PLAN: Final = attrgetter(
    "ordinal",
    "service_name",
    "team_member_id",
    "start",
    "end",
    "price",
    "membership_booking",
    "automatic_debiting",
    "required",
    "category_id",
    "paid_online",
)
_BOOKING_STATE: Final = attrgetter("booking_id", "state", "decide_by", "pay_until", "event_id")


async def add(transaction: Transaction, bookings: Sequence[Booking]) -> None:
    """Insert new bookings."""
    rows = (
        (
            booking.booking_id,
            booking.command_id,
            booking.location.location_id,
            booking.client_id,
            booking.event_id,
            booking.submitted_at,
            booking.decide_by,
            booking.state,
            booking.pay_until,
        )
        for booking in bookings
    )
    appointments = (
        (booking.booking_id, booking.location.location_id, *_APPOINTMENT(appointment))
        for booking in bookings
        for appointment in booking.appointments
    )
    lines = (
        (appointment.appointment_id, *_LINE(line))
        for booking in bookings
        for appointment in booking.appointments
        for line in appointment.lines
    )
    await transaction.execute(_ADD, *columns(rows), *columns(appointments), *columns(lines))


async def save_decided(transaction: Transaction, bookings: Sequence[Booking]) -> None:
    """Update bookings that were decided, with their appointments and lines; each is given once."""
    if bookings:
        appointments = [each for booking in bookings for each in booking.appointments]
        await transaction.execute(
            _SAVE_DECIDED,
            *columns(map(_APPOINTMENT_STATE, appointments)),
            *_line_states(appointments),
            *columns(map(_BOOKING_STATE, bookings)),
        )


async def save(transaction: Transaction, appointments: Sequence[Appointment]) -> None:
    """Update appointments without their lines; each may be given once."""
    if appointments:
        await transaction.execute(_SAVE, *columns(map(_APPOINTMENT_STATE, appointments)))


async def save_with_lines(transaction: Transaction, appointments: Sequence[Appointment]) -> None:
    """Update appointments, and how their lines are paid; each may be given once."""
    if appointments:
        await transaction.execute(
            _SAVE_WITH_LINES,
            *columns(map(_APPOINTMENT_STATE, appointments)),
            *_line_states(appointments),
        )


async def save_plans(transaction: Transaction, appointments: Sequence[Appointment]) -> None:
    """Update when, by whom and under which settings appointments are; each may be given once.

    What they became is saved besides.
    """
    if appointments:
        lines = (
            (appointment.appointment_id, *_LINE_PLAN(line))
            for appointment in appointments
            for line in appointment.lines
        )
        await transaction.execute(
            _SAVE_PLANS, *columns(map(_APPOINTMENT_PLAN, appointments)), *columns(lines)
        )


def _line_states(appointments: Sequence[Appointment]) -> list[tuple[object, ...]]:
    return columns(
        (appointment.appointment_id, *_LINE_STATE(line))
        for appointment in appointments
        for line in appointment.lines
    )
