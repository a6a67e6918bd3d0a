"""Show what membership and sales say of appointments; whatever is older than known is ignored."""

from collections.abc import Collection, Sequence
from uuid import UUID

from booking.domain.bookings import Appointment
from booking.domain.payments import bill, fail, settle
from booking.store import bookings as booking_store
from contracts.membership import AppointmentSettled
from contracts.sales import BillChanged
from messaging import Work


async def hear_settlements(work: Work, settlements: Sequence[AppointmentSettled]) -> None:
    """Show what was debited (rules A3, A9); the visit status stays as it is (rule A6)."""
    appointments = await booking_store.load_appointments(
        work.transaction, (settlement.appointment_id for settlement in settlements), lines=True
    )
    changed: dict[UUID, Appointment] = {}
    for settlement in settlements:
        appointment = appointments.get(settlement.appointment_id)
        if appointment is not None and settle(
            appointment,
            settlement.revision,
            debited={line.line_id: line.membership_id for line in settlement.lines if line.debited},
            reversed_=settlement.outcome == "reversed",
        ):
            changed[appointment.appointment_id] = appointment
    await booking_store.save(work.transaction, list(changed.values()))
    await booking_store.save_lines(work.transaction, list(changed.values()))


async def hear_failures(work: Work, appointment_ids: Collection[UUID]) -> None:
    """Show which starts could not be settled, because of an error of ours."""
    appointments = await booking_store.load_appointments(
        work.transaction, appointment_ids, lines=True
    )
    changed = [appointment for appointment in appointments.values() if fail(appointment)]
    await booking_store.save(work.transaction, changed)
    await booking_store.save_lines(work.transaction, changed)


async def hear_bills(work: Work, bills: Sequence[BillChanged]) -> None:
    """Show what is paid and owed for each appointment of a visit (rules A9, A12)."""
    appointments = await booking_store.load_appointments(
        work.transaction,
        (owed.appointment_id for said in bills for owed in said.appointments),
        lines=False,
    )
    changed: dict[UUID, Appointment] = {}
    for said in bills:
        for owed in said.appointments:
            appointment = appointments.get(owed.appointment_id)
            if appointment is not None and bill(
                appointment, said.revision, owed.payment_status, owed.owed
            ):
                changed[appointment.appointment_id] = appointment
    await booking_store.save(work.transaction, list(changed.values()))
