"""Whatever is asked for in whatever order: taken is what stands or waits, and nothing else."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from booking import timers
from booking.domain.cells import Cell, cells_of
from contracts.base import Command, Message
from contracts.booking import BookingAccepted, CreateEvent, EventForm
from contracts.membership import HoldSessions
from contracts.values import Appointment
from postgres import Database
from web import Role

from .changes import (
    calling_off,
    cancelling,
    moving,
    not_placed,
    placed,
    repeating,
    rescheduling,
    resizing,
)
from .studio import MONDAY, Studio

Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("submit", "spots", "reschedule", "hold") * 3,
                *("repeat", "cancel", "move", "resize", "refuse", "time out") * 2,
                "call off",
            ]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    min_size=8,
    max_size=24,
)


class World:
    """A studio with two team members and three events, and what was booked there."""

    def __init__(self, studio: Studio, services: list[UUID], events: list[UUID]) -> None:
        self.studio = studio
        self.services = services
        self.events = events
        self.answered = 0

    @classmethod
    async def open(cls, database: Database) -> "World":
        studio = await Studio.open(database)
        services = [await studio.service(), await studio.service(automatic_debiting=True)]
        team = [await studio.team_member(*services) for _ in range(2)]
        yoga = await studio.service("group", automatic_debiting=True)
        events: list[UUID] = []
        for number, leader in enumerate((team[0], team[1], None)):
            form = EventForm(
                service_id=yoga, start=start_of(number + 2), capacity=4, team_member_id=leader
            )
            event = CreateEvent(event_id=uuid4(), location_id=studio.location_id, event=form)
            await studio.done(Role.OPERATOR, event)
            events.append(event.event_id)
        return cls(studio, services, events)

    async def step(self, kind: str, which: int, where: int) -> None:
        """Do one thing; whether it is refused does not matter here."""
        if kind == "hold":
            await self._answer(placed)
        elif kind == "refuse":
            await self._answer(not_placed)
        elif kind == "time out":
            await self._time_out()
        elif kind in {"cancel", "reschedule", "repeat"}:
            if accepted := await self._accepted():
                appointment = accepted[which % len(accepted)]
                await self.studio.ask(Role.OPERATOR, self._again(kind, appointment, where))
        else:
            await self.studio.ask(Role.OPERATOR, self._command(kind, which, where))

    async def _accepted(self) -> list[Appointment]:
        here = self.studio.location_id
        said = [
            each for each in await self.studio.said(BookingAccepted) if each.location_id == here
        ]
        return [appointment for each in said for appointment in each.appointments]

    def _command(self, kind: str, which: int, where: int) -> Command:
        event = self.events[where % 3]
        match kind:
            case "submit":
                return self.studio.submit(self.services[which % 2], start=start_of(where))
            case "spots":
                return self.studio.submit_spots(event, which % 3 + 1)
            case "move":
                return moving(self.studio, self.events[which % 3], start_of(where))
            case "resize":
                return resizing(self.studio, event, which + 1)
            case _:
                return calling_off(self.studio, event)

    def _again(self, kind: str, appointment: Appointment, where: int) -> Command:
        if kind == "cancel":
            return cancelling(self.studio, appointment)
        new: dict[str, Any] = {"start": start_of(where), "team_member_id": "any"}
        if appointment.event_id is not None:
            new = {"event_id": self.events[where % 3]}
        ask = rescheduling if kind == "reschedule" else repeating
        return ask(self.studio, appointment, **new)

    async def _answer(self, answer: Callable[[HoldSessions], Message]) -> None:
        """Let membership answer the next thing that it was asked."""
        here = self.studio.location_id
        asked = [each for each in await self.studio.said(HoldSessions) if each.location_id == here]
        if self.answered < len(asked):
            self.answered += 1
            await self.studio.hear(answer(asked[self.answered - 1]))

    async def _time_out(self) -> None:
        pool = self.studio.database.pool
        await pool.execute("UPDATE bookings SET decide_by = now() WHERE state = 'requested'")
        await pool.execute("UPDATE reschedules SET decide_by = now()")
        await timers.refuse_due(self.studio.messaging)

    async def must_agree(self) -> None:
        """Compare what is taken with what stands."""
        pool, here = self.studio.database.pool, self.studio.location_id
        lines = await pool.fetch(_STANDING, here)
        cells: dict[UUID, set[Cell]] = {}
        for owner, team_member_id, start, end in lines:
            cells.setdefault(owner, set()).update(of_line(team_member_id, start, end))
        taken = await pool.fetch(_TAKEN, here)
        assert sorted(map(tuple, taken)) == sorted(one for each in cells.values() for one in each)
        for event_id, spots, stands in await pool.fetch(_SPOTS, here):
            assert spots == stands, event_id


def start_of(number: int) -> datetime:
    """Return one of six starts, of which neighbours overlap."""
    return MONDAY + timedelta(minutes=35 * number)


def of_line(team_member_id: UUID | None, start: datetime, end: datetime) -> Iterable[Cell]:
    return () if team_member_id is None else cells_of(team_member_id, start, end)


_STANDING = """
SELECT line.appointment_id, line.team_member_id, line.start_at, line.end_at
FROM appointment_lines AS line JOIN appointments AS a USING (appointment_id)
WHERE a.location_id = $1 AND a.state IN ('requested', 'accepted')
UNION ALL
SELECT reschedule.appointment_id, line.team_member_id, line.start_at, line.end_at
FROM reschedule_lines AS line JOIN reschedules AS reschedule USING (reschedule_id)
JOIN bookings USING (booking_id) WHERE location_id = $1
UNION ALL
SELECT event_id, team_member_id, start_at, end_at FROM events
WHERE location_id = $1 AND NOT cancelled
"""
_TAKEN = """
SELECT slot.team_member_id, slot.cell
FROM slot_cells AS slot JOIN team_members USING (team_member_id) WHERE location_id = $1
"""
_SPOTS = """
SELECT event_id, spots_taken,
    (SELECT count(*) FROM bookings AS b JOIN appointments AS a USING (booking_id)
     JOIN appointment_lines USING (appointment_id)
     WHERE b.event_id = event.event_id AND a.state IN ('requested', 'accepted'))
    + (SELECT count(*) FROM reschedules AS reschedule JOIN reschedule_lines USING (reschedule_id)
       WHERE reschedule.event_id = event.event_id)
FROM events AS event WHERE location_id = $1
"""


@pytest.mark.rule("X2", "G11", "A10")
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],  # to find a smaller example would take longer than to read this one
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
async def test_slots_and_spots_that_are_taken_are_those_of_what_stands_or_waits(
    database: Database, steps: list[Step]
) -> None:
    world = await World.open(database)
    for step in steps:
        await world.step(*step)
        await world.must_agree()
