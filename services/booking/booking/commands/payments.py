"""Show what membership and sales say of appointments; whatever is older than known is ignored."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from booking.announcements import visit_id_of
from booking.domain.bookings import Appointment
from booking.domain.payments import bill, fail, settle
from booking.store import booking_changes, payment_changes
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
            outcome=settlement.outcome,
            debited={line.line_id: line.membership_id for line in settlement.lines if line.debited},
            claimed={line.line_id for line in settlement.lines if line.reason == "claimed"},
            held=_held(settlement),
            of_a_void_start=appointment.has_replaced(
                settlement.appointment_revision, settlement.start
            ),
        ):
            changed[appointment.appointment_id] = appointment
    await payment_changes.save_settled(work.transaction, list(changed.values()))


async def hear_failures(work: Work, appointment_ids: Collection[UUID]) -> None:
    """Show which starts could not be settled, because of an error of ours."""
    appointments = await booking_store.load_appointments(
        work.transaction, appointment_ids, lines=True
    )
    changed = [appointment for appointment in appointments.values() if fail(appointment)]
    await booking_changes.save_with_lines(work.transaction, changed)


async def hear_bills(work: Work, bills: Sequence[BillChanged]) -> None:
    """Show what is paid and owed for each appointment of a visit (rules A9, A12).

    The bill of a visit to which an appointment does not belong any more says nothing of it.
    """
    appointments = await booking_store.load_appointments(
        work.transaction,
        (owed.appointment_id for said in bills for owed in said.appointments),
        lines=False,
    )
    visits = await _visits_of(work, appointments.values())
    changed: dict[UUID, Appointment] = {}
    for said in bills:
        for owed in said.appointments:
            appointment = appointments.get(owed.appointment_id)
            if appointment is None:
                continue
            if visits.get(owed.appointment_id, said.visit_id) != said.visit_id:
                continue
            if bill(appointment, said.revision, owed.payment_status, owed.owed):
                changed[appointment.appointment_id] = appointment
    await payment_changes.save_billed(work.transaction, list(changed.values()))


def _held(settlement: AppointmentSettled) -> dict[UUID, UUID] | None:
    if settlement.held is None:
        return None
    return {line.line_id: line.membership_id for line in settlement.held}


async def _visits_of(work: Work, appointments: Iterable[Appointment]) -> dict[UUID, UUID]:
    """Return the visits to which those belong that were changed, and so may have had another."""
    changed = [each.appointment_id for each in appointments if each.revision > 1]
    if not changed:
        return {}
    bookings = await booking_store.load_of(work.transaction, changed)
    return {
        appointment_id: visit_id_of(booking, booking.appointment(appointment_id).start)
        for appointment_id, booking in bookings.items()
    }
