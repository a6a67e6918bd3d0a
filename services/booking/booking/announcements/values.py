"""The plan of an appointment, as its hearers need it."""

from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from booking.domain.bookings import Appointment, Booking
from contracts.base import derive_id
from contracts.values import Appointment as AppointmentValue
from contracts.values import AppointmentLine, Money


def visit_id_of(booking: Booking, start: datetime) -> UUID:
    """Return the visit: the appointments of one client on one local day at one location."""
    day = booking.location.day_of(start)
    return _visit_id(booking.location.location_id, booking.client_id, day)


def payment_id_of(booking: Booking) -> UUID:
    """Return the one online payment that a booking may have."""
    return derive_id(booking.booking_id, "payment")


@lru_cache(maxsize=4096)  # the event and the view of one appointment name the same
def _visit_id(location_id: UUID, client_id: UUID, day: date) -> UUID:
    return derive_id(location_id, "visit", f"{client_id}/{day}")


def appointment_value(booking: Booking, appointment: Appointment) -> AppointmentValue:
    """Return the plan of an accepted appointment."""
    assert appointment.accepted_at is not None
    location = booking.location
    return AppointmentValue(
        appointment_id=appointment.appointment_id,
        revision=appointment.revision,
        booking_id=booking.booking_id,
        visit_id=visit_id_of(booking, appointment.start),
        chain_id=location.chain_id,
        location_id=location.location_id,
        time_zone=location.time_zone,
        client_id=booking.client_id,
        event_id=booking.event_id,
        start=appointment.start,
        end=appointment.end,
        accepted_at=appointment.accepted_at,
        lines=tuple(
            AppointmentLine(
                line_id=line.line_id,
                ordinal=line.ordinal,
                service_id=line.service_id,
                service_name=line.service_name,
                price=Money(amount=line.price, currency=location.currency),
                membership_booking=line.membership_booking,
                automatic_debiting=line.automatic_debiting,
                category_id=line.category_id,
                paid_online=line.paid_online,
            )
            for line in appointment.lines
        ),
    )
