"""What booking asks of other services."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never
from uuid import UUID

from booking.announcements.values import payment_id_of, visit_id_of
from booking.domain import facts
from booking.domain.bookings import Appointment, Booking
from contracts.base import Message
from contracts.membership import HoldAppointment, HoldLine, HoldSessions
from contracts.sales import PaidLine, RequestPayment
from contracts.values import Money


def request_of(fact: facts.Question) -> Message:
    """Return the request that asks what booking has to know before it decides."""
    match fact:
        case facts.HoldAsked(booking):
            return hold_sessions(booking)
        case facts.PaymentAsked(booking):
            return _request_payment(booking)
        case facts.NewTimeHoldAsked(booking, reschedule):
            return _hold_sessions(
                booking,
                [reschedule.plan],
                reschedule.asked_at,
                reschedule_id=reschedule.reschedule_id,
            )
        case _:
            assert_never(fact)


def hold_sessions(booking: Booking) -> HoldSessions:
    """Ask membership to hold sessions for a booking."""
    return _hold_sessions(booking, booking.appointments, booking.submitted_at)


def _request_payment(booking: Booking) -> RequestPayment:
    assert booking.pay_until is not None
    paid = [
        (appointment, line)
        for appointment in booking.appointments
        for line in appointment.lines
        if line.paid_online
    ]
    return RequestPayment(
        payment_id=payment_id_of(booking),
        booking_id=booking.booking_id,
        chain_id=booking.location.chain_id,
        location_id=booking.location.location_id,
        client_id=booking.client_id,
        amount=Money(amount=booking.to_pay, currency=booking.location.currency),
        description=", ".join(dict.fromkeys(line.service_name for _, line in paid)),
        lines=tuple(
            PaidLine(
                line_id=line.line_id,
                appointment_id=appointment.appointment_id,
                visit_id=visit_id_of(booking, appointment.start),
                amount=line.price,
            )
            for appointment, line in paid
        ),
        expires_at=booking.pay_until,
    )


def _hold_sessions(
    booking: Booking,
    appointments: Iterable[Appointment],
    asked_at: datetime,
    *,
    reschedule_id: UUID | None = None,
) -> HoldSessions:
    return HoldSessions(
        booking_id=booking.booking_id,
        chain_id=booking.location.chain_id,
        location_id=booking.location.location_id,
        time_zone=booking.location.time_zone,
        client_id=booking.client_id,
        submitted_at=asked_at,
        reschedule_id=reschedule_id,
        appointments=tuple(
            HoldAppointment(
                appointment_id=appointment.appointment_id,
                revision=appointment.revision,
                start=appointment.start,
                lines=tuple(
                    HoldLine(
                        line_id=line.line_id,
                        ordinal=line.ordinal,
                        service_id=line.service_id,
                        required=line.required,
                        automatic_debiting=line.automatic_debiting,
                        category_id=line.category_id,
                        merged_service_ids=line.merged_service_ids,
                    )
                    for line in appointment.lines
                    if line.by_membership
                ),
            )
            for appointment in appointments
            if appointment.by_membership
        ),
    )
