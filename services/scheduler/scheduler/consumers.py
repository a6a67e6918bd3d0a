"""Kafka in: what booking says of its appointments, and of the clocks of sandbox chains."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from clocks import Clocks
from contracts.base import Message
from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    BookingAccepted,
    TestClockSet,
)
from contracts.values import Appointment
from messaging import Delivery, Work
from scheduler import commands
from scheduler.domain.clocks import ClockSetting
from scheduler.domain.timers import Effect, Plan, effect_of_cancel


async def handle(clocks: Clocks, work: Work, deliveries: Sequence[Delivery[Message]]) -> None:
    """Follow the clocks and plans in a batch; whatever else booking says needs no timer."""
    said = [delivery.body for delivery in deliveries]
    settings = [_setting(each) for each in said if isinstance(each, TestClockSet)]
    await commands.set_clocks(work, clocks, settings)
    await commands.follow(work, clocks, [plan for each in said for plan in _plans(each)])


def _setting(said: TestClockSet) -> ClockSetting:
    return ClockSetting(said.chain_id, said.revision, timedelta(seconds=said.offset_seconds))


def _plans(message: Message) -> Iterator[Plan]:
    match message:
        case BookingAccepted():
            for appointment in message.appointments:
                yield _plan(appointment, Effect.STANDS)
        case AppointmentRescheduled(appointment=appointment):
            yield _plan(appointment, Effect.STANDS)
        case AppointmentCancelled(appointment=appointment):
            effect = effect_of_cancel(
                charge=message.charge,
                cancelled_at=message.cancelled_at,
                starts_at=appointment.start,
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
        starts_at=appointment.start,
        effect=effect,
        payload=appointment.model_dump_json(),
    )
