"""Bookings that hold sessions: whom and what a refusal, or a plan, speaks of."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.booking_views import AppointmentView
from contracts.problems import SESSIONS_HELD
from contracts.reply import Problem
from gateway.pages.desk import Desk
from web.problems import ProblemError

_MOST: Final = 25
"""Bookings that are told in full; of more there is the start."""


@dataclass(frozen=True, slots=True)
class Held:
    """A session that is held; `appointment` is none where it is at another location."""

    appointment_id: UUID
    start: datetime
    appointment: AppointmentView | None


async def held_bookings(desk: Desk, problem: Problem | None) -> Sequence[Held]:
    """Return the bookings that a refusal names (rule X6), by start; none for other refusals."""
    if problem is None or problem.type != SESSIONS_HELD.uri:
        return ()
    named = sorted(
        (datetime.fromisoformat(reason["start"]), UUID(reason["appointment_id"]))
        for reason in problem.reasons
    )
    known = await appointments(desk, [appointment_id for _, appointment_id in named])
    return [Held(id_, start, known.get(id_)) for start, id_ in named]


async def appointments(desk: Desk, ids: Sequence[UUID]) -> dict[UUID, AppointmentView]:
    """Return those of the first appointments that are at this location."""
    first = list(dict.fromkeys(ids))[:_MOST]
    found = await asyncio.gather(*(_appointment(desk, each) for each in first))
    return {each.appointment_id: each for each in found if each is not None}


async def _appointment(desk: Desk, appointment_id: UUID) -> AppointmentView | None:
    path = f"/v1/locations/{desk.location_id}/appointments/{appointment_id}"
    try:
        return await desk.api.get(path, AppointmentView)
    except ProblemError as refused:
        if refused.problem.status == 404:
            return None
        raise
