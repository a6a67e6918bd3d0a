"""Write what sessions and money pay of appointments: it comes for every one that begins.

So it touches few columns, and notes the change in the same statement.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from booking.domain.bookings import Appointment
from booking.store.booking_changes import NOTE
from booking.store.columns import columns
from postgres import Transaction

_SETTLED: Final = """
UPDATE appointments AS appointment
SET debit_status = new.debit_status, settlement_revision = new.settlement_revision
FROM unnest($1::uuid[], $2::text[], $3::integer[])
    AS new (appointment_id, debit_status, settlement_revision)
WHERE appointment.appointment_id = new.appointment_id
RETURNING appointment.location_id, appointment.appointment_id
"""
_SETTLED_LINES: Final = """
UPDATE appointment_lines AS line
SET membership_id = new.membership_id, debit_status = new.debit_status,
    hold_released = new.hold_released, carrier_revision = new.carrier_revision
FROM unnest($4::uuid[], $5::integer[], $6::uuid[], $7::text[], $8::boolean[],
            $9::integer[])
    AS new (appointment_id, ordinal, membership_id, debit_status, hold_released, carrier_revision)
WHERE line.appointment_id = new.appointment_id AND line.ordinal = new.ordinal
"""
_BILLED: Final = """
UPDATE appointments AS appointment
SET owed = new.owed, bill_revision = new.bill_revision, payment_status = new.payment_status
FROM unnest($1::uuid[], $2::bigint[], $3::integer[], $4::text[])
    AS new (appointment_id, owed, bill_revision, payment_status)
WHERE appointment.appointment_id = new.appointment_id
RETURNING appointment.location_id, appointment.appointment_id
"""
_SAVE_SETTLED: Final = f"WITH changed AS ({_SETTLED}), note AS ({NOTE}) {_SETTLED_LINES}"
_SAVE_BILLED: Final = f"WITH changed AS ({_BILLED}) {NOTE}"

_DEBIT: Final = attrgetter("appointment_id", "debit_status", "settlement_revision")
_LINE_DEBIT: Final = attrgetter(
    "ordinal", "membership_id", "debit_status", "hold_released", "carrier_revision"
)
_BILL: Final = attrgetter("appointment_id", "owed", "bill_revision", "payment_status")


async def save_settled(transaction: Transaction, appointments: Sequence[Appointment]) -> None:
    """Update what sessions pay of appointments and their lines; each may be given once."""
    if appointments:
        lines = (
            (appointment.appointment_id, *_LINE_DEBIT(line))
            for appointment in appointments
            for line in appointment.lines
        )
        debits = columns(map(_DEBIT, appointments))
        await transaction.execute(_SAVE_SETTLED, *debits, *columns(lines))


async def save_billed(transaction: Transaction, appointments: Sequence[Appointment]) -> None:
    """Update what is paid and owed of appointments; each may be given once."""
    if appointments:
        await transaction.execute(_SAVE_BILLED, *columns(map(_BILL, appointments)))
