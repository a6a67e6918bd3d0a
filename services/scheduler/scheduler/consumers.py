"""Kafka in: what booking says of its appointments."""

from collections.abc import Iterator, Sequence

from contracts.base import Message
from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.values import Appointment
from messaging import Delivery, Work
from scheduler import commands
from scheduler.domain.timers import Effect, Plan, effect_of_cancel


async def handle(work: Work, deliveries: Sequence[Delivery[Message]]) -> None:
    """Follow the plans in a batch; whatever else booking says needs no timer."""
    await commands.follow(work, [plan for delivery in deliveries for plan in _plans(delivery.body)])


def _plans(message: Message) -> Iterator[Plan]:
    match message:
        case BookingAccepted():
            for appointment in message.appointments:
                yield _plan(appointment, Effect.STANDS)
        case AppointmentCancelled(appointment=appointment):
            effect = effect_of_cancel(
                charge=message.charge,
                cancelled_at=message.cancelled_at,
                due_at=appointment.start,
            )
            yield _plan(appointment, effect)
        case _:
            pass


def _plan(appointment: Appointment, effect: Effect) -> Plan:
    return Plan(
        appointment_id=appointment.appointment_id,
        revision=appointment.revision,
        chain_id=appointment.chain_id,
        location_id=appointment.location_id,
        due_at=appointment.start,
        effect=effect,
        payload=appointment.model_dump_json(),
    )
