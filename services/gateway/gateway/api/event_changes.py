"""Changing an event as a whole, with all its bookings (rule A10)."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import (
    CancelEvent,
    CapacityForm,
    ChangeEventCapacity,
    EventMoveForm,
    MoveEvent,
)
from contracts.booking_views import EventView
from contracts.problems import SLOT_TAKEN
from gateway.api.routes import command, replacement
from gateway.commands import Submission

_PATH = "/v1/locations/{location_id:uuid}/events/{event_id:uuid}"
_TAG = "Events"


@replacement(_PATH + "/start", EventView, tag=_TAG, refuses=(SLOT_TAKEN,))
async def move_event(
    location_id: FromPath[UUID],
    event_id: FromPath[UUID],
    data: JSONBody[EventMoveForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Move an event that has not begun, and with it the starts of all its bookings."""
    return await submission.send(MoveEvent(event_id=event_id, location_id=location_id, move=data))


@replacement(_PATH + "/capacity", EventView, tag=_TAG)
async def change_event_capacity(
    location_id: FromPath[UUID],
    event_id: FromPath[UUID],
    data: JSONBody[CapacityForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Change how many spots an event has; not fewer than are taken."""
    return await submission.send(
        ChangeEventCapacity(event_id=event_id, location_id=location_id, capacity=data)
    )


@command(_PATH + "/cancel", EventView, tag=_TAG)
async def cancel_event(
    location_id: FromPath[UUID], event_id: FromPath[UUID], submission: NamedDependency[Submission]
) -> Response[bytes]:
    """Cancel a whole event: its bookings end, and their sessions and payments come back."""
    return await submission.send(CancelEvent(event_id=event_id, location_id=location_id))
