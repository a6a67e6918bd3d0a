"""What messages tell of the appointments of visits."""

from collections.abc import Iterator
from uuid import UUID

from contracts.base import Message
from contracts.booking import AppointmentCancelled, AppointmentRescheduled, BookingAccepted
from contracts.membership import AppointmentSettled
from contracts.values import Appointment
from sales.commands.heard import Heard
from sales.domain.facts import Line, Plan, Settlement, Standing
from sales.domain.visits import Owner


def heard(cause: UUID, message: Message) -> Iterator[Heard]:
    """Give the facts that a message tells."""
    match message:
        case BookingAccepted():
            for appointment in message.appointments:
                yield _planned(cause, appointment, Standing.ACCEPTED)
        case AppointmentCancelled():
            standing = Standing.CHARGED if message.charge else Standing.CANCELLED
            yield _planned(cause, message.appointment, standing)
        case AppointmentRescheduled():
            yield _planned(cause, message.appointment, Standing.ACCEPTED)
        case AppointmentSettled():
            yield _settled(cause, message)
        case _:
            pass


def _planned(cause: UUID, appointment: Appointment, standing: Standing) -> Heard:
    lines = tuple(
        Line(
            line.line_id,
            line.ordinal,
            line.service_name,
            line.price.amount,
            line.automatic_debiting,
            line.paid_online,
            line.membership_booking,
        )
        for line in appointment.lines
    )
    return Heard(
        cause,
        appointment.visit_id,
        Owner(appointment.chain_id, appointment.location_id, appointment.client_id),
        appointment.appointment_id,
        Plan(
            appointment.revision,
            standing,
            appointment.start,
            appointment.lines[0].price.currency,
            lines,
        ),
        appointment.model_dump_json(),
    )


def _settled(cause: UUID, settled: AppointmentSettled) -> Heard:
    debits = {line.line_id: line.membership_id for line in settled.lines if line.debited}
    return Heard(
        cause,
        settled.visit_id,
        Owner(settled.chain_id, settled.location_id, settled.client_id),
        settled.appointment_id,
        Settlement(settled.revision, debits),
    )
