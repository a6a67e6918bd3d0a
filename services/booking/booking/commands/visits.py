"""What people do with appointments: cancel them, set their visit status."""

from collections.abc import Sequence
from uuid import UUID

from booking.announcements import appointment_view, message_of
from booking.commands.asked import Asked, answering
from booking.commands.new_times import CANCELLED, Pending, booking_ids_of
from booking.commands.wishes import ONLINE, within_reach
from booking.domain.bookings import Appointment, Booking
from booking.domain.visits import cancel, set_visit_status
from booking.store import booking_changes, slots
from booking.store import bookings as booking_store
from contracts.booking import CancelAppointment, SetVisitStatus
from messaging import Work


async def cancel_appointments(work: Work, asked: Sequence[Asked[CancelAppointment]]) -> None:
    """Cancel appointments; their slots and spots are free at once (rule A2).

    A new time that waits for membership is refused with it.
    """
    bookings = await booking_store.load_of(
        work.transaction, (each.body.appointment_id for each in asked)
    )
    pending = await Pending.load(work, booking_ids_of(bookings.values()))
    cancelled: list[tuple[Booking, Appointment]] = []
    for each in asked:
        with answering(work, each):
            booking, appointment = within_reach(each, bookings)
            waiting = pending.of_appointment(appointment.appointment_id)
            fact = cancel(
                booking,
                appointment,
                at=each.at,
                online=each.principal.role in ONLINE,
                charge=each.body.cancellation.charge,
            )
            if waiting is not None:
                pending.keep_old(work, booking, waiting, "cancelled", CANCELLED, cause=each.id)
            cancelled.append((booking, appointment))
            work.publish(message_of(fact), cause=each.id)
            _conclude(work, each, booking, appointment)
    await pending.save(work)
    await booking_changes.save_with_lines(
        work.transaction, [appointment for _, appointment in cancelled]
    )
    await slots.free(work.transaction, cancelled)


async def set_visit_statuses(work: Work, asked: Sequence[Asked[SetVisitStatus]]) -> None:
    """Set visit statuses by hand; debiting is not touched (rules A6, A7)."""
    bookings = await booking_store.load_of(
        work.transaction, (each.body.appointment_id for each in asked)
    )
    changed: dict[UUID, Appointment] = {}
    for each in asked:
        with answering(work, each):
            booking, appointment = within_reach(each, bookings)
            fact = set_visit_status(booking, appointment, each.body.status.visit_status)
            changed[appointment.appointment_id] = appointment
            work.publish(message_of(fact), cause=each.id)
            _conclude(work, each, booking, appointment)
    await booking_changes.save(work.transaction, list(changed.values()))


def _conclude(
    work: Work,
    asked: Asked[CancelAppointment] | Asked[SetVisitStatus],
    booking: Booking,
    appointment: Appointment,
) -> None:
    view = appointment_view(booking, appointment)
    work.conclude(asked.id, view.model_dump(mode="json"))
