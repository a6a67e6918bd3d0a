"""What people do with appointments: cancel them, set their visit status."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from booking.announcements import appointment_view, message_of
from booking.commands.asked import Asked, answering
from booking.commands.submissions import ONLINE
from booking.domain.bookings import Appointment, Booking
from booking.domain.refusals import unknown
from booking.domain.visits import cancel, set_visit_status
from booking.store import bookings as booking_store
from booking.store import slots
from contracts.booking import CancelAppointment, SetVisitStatus
from messaging import Work


async def cancel_appointments(work: Work, asked: Sequence[Asked[CancelAppointment]]) -> None:
    """Cancel appointments; their slots and spots are free at once (rule A2)."""
    bookings = await booking_store.load_of(
        work.transaction, (each.body.appointment_id for each in asked)
    )
    cancelled: list[tuple[Booking, Appointment]] = []
    for each in asked:
        with answering(work, each):
            booking, appointment = _within_reach(each, bookings)
            fact = cancel(
                booking,
                appointment,
                at=each.at,
                online=each.principal.role in ONLINE,
                charge=each.body.cancellation.charge,
            )
            cancelled.append((booking, appointment))
            work.publish(message_of(fact), cause=each.id)
            _conclude(work, each, booking, appointment)
    appointments = [appointment for _, appointment in cancelled]
    await booking_store.save(work.transaction, appointments)
    await booking_store.save_lines(work.transaction, appointments)
    await slots.free(work.transaction, cancelled)


async def set_visit_statuses(work: Work, asked: Sequence[Asked[SetVisitStatus]]) -> None:
    """Set visit statuses by hand; debiting is not touched (rules A6, A7)."""
    bookings = await booking_store.load_of(
        work.transaction, (each.body.appointment_id for each in asked)
    )
    changed: dict[UUID, Appointment] = {}
    for each in asked:
        with answering(work, each):
            booking, appointment = _within_reach(each, bookings)
            fact = set_visit_status(booking, appointment, each.body.status.visit_status)
            changed[appointment.appointment_id] = appointment
            work.publish(message_of(fact), cause=each.id)
            _conclude(work, each, booking, appointment)
    await booking_store.save(work.transaction, list(changed.values()))


def _within_reach(
    asked: Asked[CancelAppointment] | Asked[SetVisitStatus], bookings: Mapping[UUID, Booking]
) -> tuple[Booking, Appointment]:
    appointment_id, location_id = asked.body.appointment_id, asked.body.location_id
    booking = bookings.get(appointment_id)
    if (
        booking is None
        or booking.location.location_id != location_id
        or not asked.principal.reaches(booking.location.chain_id, location_id)
    ):
        raise unknown(f"appointment {appointment_id}")
    return booking, booking.appointment(appointment_id)


def _conclude(
    work: Work,
    asked: Asked[CancelAppointment] | Asked[SetVisitStatus],
    booking: Booking,
    appointment: Appointment,
) -> None:
    view = appointment_view(booking, appointment)
    work.conclude(asked.id, view.model_dump(mode="json"))
