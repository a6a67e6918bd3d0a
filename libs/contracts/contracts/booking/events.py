"""Events of group services."""

from datetime import date, time
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.base import Command, Form
from contracts.values import Instant


class EventForm(Form):
    """One dated occurrence of a group service, with its capacity in spots."""

    service_id: UUID
    start: Instant
    capacity: Annotated[int, Field(ge=1, le=10_000)]
    team_member_id: UUID | None = None


class CreateEvent(Command):
    """Plan an event."""

    type: ClassVar[str] = "booking.create_event.v1"
    subject: ClassVar[str] = "event_id"

    event_id: UUID
    location_id: UUID
    event: EventForm


class EventSeriesForm(Form):
    """Events of one group service on the same local time of some weekdays, Monday being 1.

    They begin on `first_date` and end with `last_date`; `except_dates` are left out.
    """

    service_id: UUID
    first_date: date
    last_date: date
    weekdays: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)]
    time: time
    capacity: Annotated[int, Field(ge=1, le=10_000)]
    team_member_id: UUID | None = None
    except_dates: Annotated[tuple[date, ...], Field(max_length=366)] = ()

    @model_validator(mode="after")
    def _within_a_year(self) -> Self:
        if not 0 <= (self.last_date - self.first_date).days <= 366:
            raise ValueError("last_date must be at most 366 days after first_date")
        return self


class CreateEventSeries(Command):
    """Plan a series of events, all or none."""

    type: ClassVar[str] = "booking.create_event_series.v1"
    subject: ClassVar[str] = "series_id"

    series_id: UUID
    location_id: UUID
    series: EventSeriesForm


class EventMoveForm(Form):
    """The new start of an event."""

    start: Instant


class MoveEvent(Command):
    """Move an event that has not begun, and with it the starts of all its bookings (rule A10)."""

    type: ClassVar[str] = "booking.move_event.v1"
    subject: ClassVar[str] = "event_id"

    event_id: UUID
    location_id: UUID
    move: EventMoveForm


class CapacityForm(Form):
    """How many spots an event has; not fewer than are taken."""

    capacity: Annotated[int, Field(ge=1, le=10_000)]


class ChangeEventCapacity(Command):
    """Change the capacity of an event (rule A10)."""

    type: ClassVar[str] = "booking.change_event_capacity.v1"
    subject: ClassVar[str] = "event_id"

    event_id: UUID
    location_id: UUID
    capacity: CapacityForm


class CancelEvent(Command):
    """Cancel a whole event: its bookings end, and their sessions and payments come back (A10)."""

    type: ClassVar[str] = "booking.cancel_event.v1"
    subject: ClassVar[str] = "event_id"

    event_id: UUID
    location_id: UUID
