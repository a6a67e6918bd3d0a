"""Bookings as callers see them: in answers to commands and to questions alike."""

from booking.announcements.values import payment_id_of, visit_id_of
from booking.domain.bookings import Appointment, Booking
from contracts.booking_views import AppointmentView, BookingView, LineView
from contracts.values import Money


def booking_view(booking: Booking) -> BookingView:
    """Return a submission and what became of it."""
    return BookingView(
        booking_id=booking.booking_id,
        location_id=booking.location.location_id,
        client_id=booking.client.client_id,
        state=booking.state,
        submitted_at=booking.submitted_at,
        appointments=tuple(appointment_view(booking, each) for each in booking.appointments),
        payment_id=None if booking.pay_until is None else payment_id_of(booking),
        pay_until=booking.pay_until,
    )


def appointment_view(booking: Booking, appointment: Appointment) -> AppointmentView:
    """Return an entry of the calendar."""
    currency = booking.location.currency
    return AppointmentView(
        appointment_id=appointment.appointment_id,
        booking_id=booking.booking_id,
        visit_id=visit_id_of(booking, appointment.start),
        location_id=booking.location.location_id,
        client_id=booking.client.client_id,
        client_name=booking.client.name or "",
        event_id=booking.event_id,
        start=appointment.start,
        end=appointment.end,
        state=appointment.state,
        visit_status=appointment.visit_status,
        debit_status=appointment.debit_status,
        debit_failure="technical_error" if appointment.is_unsettled_by_error else None,
        payment_status=appointment.payment_status,
        owed=Money(amount=appointment.owed, currency=currency),
        booked_with_membership=appointment.booked_with_membership,
        free_cancellation_until=appointment.free_cancellation_until,
        lines=tuple(
            LineView(
                line_id=line.line_id,
                service_id=line.service_id,
                service_name=line.service_name,
                team_member_id=line.team_member_id,
                price=Money(amount=line.price, currency=currency),
                debit_status=line.debit_status,
                membership_id=line.membership_id,
                paid_online=line.paid_online,
                hold_released=line.hold_released,
            )
            for line in appointment.lines
        ),
    )
