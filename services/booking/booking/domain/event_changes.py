"""Changing an event as a whole: its start, its capacity, its end (rule A10)."""

from dataclasses import replace
from datetime import datetime, timedelta

from booking.domain.bookings import Appointment, Booking
from booking.domain.catalogue import Event
from booking.domain.facts import AppointmentRescheduled
from booking.domain.refusals import Refusal, invalid
from booking.domain.rescheduling import move


def moved(event: Event, start: datetime, at: datetime) -> Event:
    """Return an event that has not begun as it is with another start.

    Raises `Refusal` "conflict" or "invalid-request".
    """
    _must_stand(event)
    if event.start <= at:
        raise Refusal("conflict", "The event has begun.")
    if start.microsecond:
        raise invalid("start", "a start is at a whole second")
    if start <= at:
        raise invalid("start", "the start must be in the future")
    return replace(event, start=start, end=event.end + (start - event.start))


def move_with_event(
    booking: Booking, appointment: Appointment, by: timedelta, at: datetime
) -> AppointmentRescheduled | None:
    """Move an appointment as its event was moved; its settings stay (rule A17).

    What is not accepted yet moves in silence: nobody was told of its start.
    """
    lines = [replace(line, start=line.start + by, end=line.end + by) for line in appointment.lines]
    new = replace(
        appointment,
        start=appointment.start + by,
        end=appointment.end + by,
        free_cancellation_until=appointment.free_cancellation_until + by,
        revision=appointment.revision + 1,
        lines=lines,
    )
    fact = move(booking, appointment, new, at)
    return fact if appointment.state == "accepted" else None


def with_capacity(event: Event, capacity: int) -> Event:
    """Return an event with another number of spots; "conflict" when more are taken."""
    _must_stand(event)
    if capacity < event.spots_taken:
        detail = f"{event.spots_taken} spots are taken: the capacity cannot be {capacity}."
        raise Refusal("conflict", detail)
    return replace(event, capacity=capacity)


def cancelled(event: Event) -> Event:
    """Return an event as it is when it is cancelled, even after it has begun: nobody is in it."""
    _must_stand(event)
    return replace(event, cancelled=True, spots_taken=0)


def _must_stand(event: Event) -> None:
    if event.cancelled:
        raise Refusal("conflict", "The event is cancelled.")
