"""What is asked for when bookings and events change, and what membership and sales answer."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.booking import (
    CancelAppointment,
    CancelEvent,
    CancellationForm,
    CapacityForm,
    ChangeEventCapacity,
    ChangeLocation,
    EventMoveForm,
    LocationForm,
    MoveEvent,
    NewTimeForm,
    OnlinePayment,
    RepeatAppointment,
    RepeatForm,
    RescheduleAppointment,
)
from contracts.booking_views import AppointmentView
from contracts.membership import HeldLine, HoldPlaced, HoldRefused, HoldSessions, RefusalDetail
from contracts.sales import PaymentFailed, PaymentReceived, RequestPayment
from contracts.values import Appointment
from web import Role

from .studio import Studio


def rescheduling(
    studio: Studio,
    appointment: AppointmentView | Appointment,
    start: datetime | None = None,
    **form: Any,
) -> RescheduleAppointment:
    """Ask for another time."""
    return RescheduleAppointment(
        reschedule_id=uuid4(),
        appointment_id=appointment.appointment_id,
        location_id=studio.location_id,
        new_time=NewTimeForm(start=start, **form),
    )


def repeating(
    studio: Studio,
    appointment: AppointmentView | Appointment,
    start: datetime | None = None,
    **form: Any,
) -> RepeatAppointment:
    """Ask for the same again."""
    return RepeatAppointment(
        booking_id=uuid4(),
        appointment_id=appointment.appointment_id,
        location_id=studio.location_id,
        repeat=RepeatForm(start=start, **form),
    )


def cancelling(
    studio: Studio, appointment: AppointmentView | Appointment, *, charge: bool = False
) -> CancelAppointment:
    """Ask for the end of an appointment."""
    return CancelAppointment(
        appointment_id=appointment.appointment_id,
        location_id=studio.location_id,
        cancellation=CancellationForm(charge=charge),
    )


def moving(studio: Studio, event_id: UUID, start: datetime) -> MoveEvent:
    """Ask for another start of an event."""
    move = EventMoveForm(start=start)
    return MoveEvent(event_id=event_id, location_id=studio.location_id, move=move)


def resizing(studio: Studio, event_id: UUID, capacity: int) -> ChangeEventCapacity:
    """Ask for another capacity of an event."""
    form = CapacityForm(capacity=capacity)
    return ChangeEventCapacity(event_id=event_id, location_id=studio.location_id, capacity=form)


def calling_off(studio: Studio, event_id: UUID) -> CancelEvent:
    """Ask for the end of an event."""
    return CancelEvent(event_id=event_id, location_id=studio.location_id)


async def let_pay_online(
    studio: Studio, *, phone_confirmation: bool = False, **policy: Any
) -> None:
    """Change what is paid online at the location, and whether phones must be confirmed."""
    form = LocationForm(
        name="Mitte",
        time_zone="Europe/Berlin",
        currency="EUR",
        region="DE",
        online_payment=OnlinePayment(**policy),
        phone_confirmation=phone_confirmation,
    )
    command = ChangeLocation(location_id=studio.location_id, location=form)
    await studio.done(Role.GATEWAY, command)


async def asked_last(studio: Studio) -> HoldSessions:
    """Return what membership was asked last."""
    return (await studio.said(HoldSessions))[-1]


def placed(asked: HoldSessions, membership_id: UUID | None = None) -> HoldPlaced:
    """Let one membership carry all lines that were asked about."""
    carrier = membership_id or uuid4()
    return HoldPlaced(
        booking_id=asked.booking_id,
        location_id=asked.location_id,
        client_id=asked.client_id,
        lines=tuple(
            HeldLine(line_id=line.line_id, membership_id=carrier)
            for appointment in asked.appointments
            for line in appointment.lines
        ),
        reschedule_id=asked.reschedule_id,
    )


def not_placed(asked: HoldSessions) -> HoldRefused:
    """Let no membership carry them."""
    detail = RefusalDetail(
        membership_id=None,
        service_id=asked.appointments[0].lines[0].service_id,
        rule="G5",
        reason="used_up",
    )
    return HoldRefused(
        booking_id=asked.booking_id,
        location_id=asked.location_id,
        client_id=asked.client_id,
        reasons=(detail,),
        reschedule_id=asked.reschedule_id,
    )


def received(asked: RequestPayment) -> PaymentReceived:
    """Let the money come in."""
    return PaymentReceived(
        payment_id=asked.payment_id,
        booking_id=asked.booking_id,
        location_id=asked.location_id,
        client_id=asked.client_id,
        amount=asked.amount,
        received_at=asked.expires_at,
    )


def failed(asked: RequestPayment) -> PaymentFailed:
    """Let the money never come."""
    return PaymentFailed(
        payment_id=asked.payment_id,
        booking_id=asked.booking_id,
        location_id=asked.location_id,
        client_id=asked.client_id,
        reason="expired",
    )


async def occupied(studio: Studio) -> tuple[int, int]:
    """Return how many slot cells and how many spots are taken."""
    pool = studio.database.pool
    cells = await pool.fetchval("SELECT count(*) FROM slot_cells")
    spots = await pool.fetchval("SELECT coalesce(sum(spots_taken), 0) FROM events")
    return cells, spots
