"""What people do with an accepted appointment: cancel it, or say how the visit goes."""

from datetime import datetime, timedelta
from typing import Final

from booking.domain.bookings import Appointment, Booking, VisitStatus
from booking.domain.facts import AppointmentCancelled, VisitStatusChanged
from booking.domain.payments import debit_status_of
from booking.domain.refusals import Refusal

SHORTEST_NOTICE: Final = timedelta(minutes=5)


def free_cancellation_until(start: datetime, hours: int) -> datetime:
    """Return the instant until which a client may cancel; 0 hours mean 5 minutes (rule A2)."""
    return start - (timedelta(hours=hours) or SHORTEST_NOTICE)


def cancel(
    booking: Booking,
    appointment: Appointment,
    *,
    at: datetime,
    online: bool,
    charge: bool,
) -> AppointmentCancelled:
    """Cancel an appointment at the effective time `at`.

    A client may do so until the deadline; an operator always, and says whether the sessions are
    charged all the same (rule A2). What is not charged is no longer planned to be debited; what
    has been debited is membership's to give back.
    Raises `Refusal` "conflict", "forbidden" or "cancellation-too-late".
    """
    must_stand(appointment)
    if online and charge:
        raise Refusal("forbidden", "Only the back office says whether a cancellation is charged.")
    if online and at > appointment.free_cancellation_until:
        deadline = booking.location.local(appointment.free_cancellation_until)
        raise Refusal("cancellation-too-late", f"Cancelling was possible until {deadline}.")
    appointment.state, appointment.charged = "cancelled", charge
    appointment.revision += 1
    if not charge:
        _plan_no_debit(appointment)
    return AppointmentCancelled(booking, appointment, at, charge)


def set_visit_status(
    booking: Booking, appointment: Appointment, visit_status: VisitStatus
) -> VisitStatusChanged:
    """Say how the visit goes; debiting and its status stay as they are (rules A6, A7)."""
    must_stand(appointment)
    appointment.visit_status = visit_status
    appointment.status_revision += 1
    return VisitStatusChanged(booking, appointment)


def must_stand(appointment: Appointment) -> None:
    """Refuse what was not accepted, or has ended."""
    if appointment.state != "accepted":
        words = {"requested": "not decided yet", "refused": "refused", "cancelled": "cancelled"}
        raise Refusal("conflict", f"The appointment is {words[appointment.state]}.")


def _plan_no_debit(appointment: Appointment) -> None:
    """What was debited is shown until its reversal is heard; nothing else is due any more."""
    for line in appointment.lines:
        if line.debit_status != "debited":
            line.debit_status = None
    appointment.debit_status = debit_status_of(appointment)
