"""What others say of an appointment."""

from datetime import timedelta
from uuid import UUID, uuid4

from contracts.booking_views import AppointmentView
from contracts.dead_letter import MessageDeadLettered
from contracts.membership import AppointmentSettled, HeldLine, SettledLine
from contracts.sales import AppointmentOwed, BillChanged
from contracts.scheduler import AppointmentStarted


def settled(
    appointment: AppointmentView, revision: int, membership_id: UUID | None
) -> AppointmentSettled:
    """Say that the appointment was debited from the membership, or from none."""
    return AppointmentSettled(
        appointment_id=appointment.appointment_id,
        revision=revision,
        appointment_revision=1,
        booking_id=appointment.booking_id,
        visit_id=appointment.visit_id,
        chain_id=uuid4(),
        location_id=appointment.location_id,
        client_id=appointment.client_id,
        outcome="not_debited" if membership_id is None else "debited",
        lines=tuple(
            SettledLine(
                line_id=line.line_id,
                debited=membership_id is not None,
                membership_id=membership_id,
            )
            for line in appointment.lines
        ),
        shortfall=0,
        start=appointment.start,
        settled_at=appointment.start + timedelta(milliseconds=40),
        delay_ms=40,
    )


def planned(
    appointment: AppointmentView, revision: int, *, claimed: bool, held: UUID | None
) -> AppointmentSettled:
    """Say before the start whether the appointment is claimed, and what holds sessions for it."""
    lines = tuple(
        SettledLine(line_id=line.line_id, debited=False, reason="claimed")
        for line in appointment.lines
        if claimed
    )
    holds = tuple(
        HeldLine(line_id=line.line_id, membership_id=held)
        for line in appointment.lines
        if held is not None
    )
    told = {"outcome": "planned", "lines": lines, "held": holds}
    return settled(appointment, revision, None).model_copy(update=told)


def billed(appointment: AppointmentView, revision: int, owed: int) -> BillChanged:
    """Say that so much of the appointment's 50 € is owed."""
    status = "paid" if owed == 0 else "unpaid" if owed == 5_000 else "paid_partially"
    return BillChanged(
        visit_id=appointment.visit_id,
        revision=revision,
        location_id=appointment.location_id,
        client_id=appointment.client_id,
        currency="EUR",
        total=5_000,
        debited=5_000 - owed,
        paid=0,
        owed=owed,
        payment_status=status,
        appointments=(
            AppointmentOwed(
                appointment_id=appointment.appointment_id,
                total=5_000,
                owed=owed,
                payment_status=status,
            ),
        ),
    )


def start_failed(appointment: AppointmentView) -> MessageDeadLettered:
    """Say that membership could not handle the start."""
    return MessageDeadLettered(
        dead_letter_id=uuid4(),
        service="membership",
        topic="scheduler.events",
        partition=0,
        offset=0,
        message_type=AppointmentStarted.type,
        message_subject=appointment.appointment_id,
        reason="failed",
        detail="ValueError",
        at=appointment.start,
    )
