"""Change events as a whole, with all who take part in them (rule A10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from booking.announcements import message_of
from booking.announcements.offers import event_view
from booking.commands import deciding
from booking.commands.asked import Asked, answering, location_within_reach
from booking.commands.new_times import EVENT_CHANGED, Pending
from booking.domain import event_changes
from booking.domain.bookings import Appointment, Booking
from booking.domain.catalogue import Event, Location, Service, TeamMember
from booking.domain.cells import Cell, cells_of, stretch_of
from booking.domain.facts import KeptReason
from booking.domain.planning_events import take_leader
from booking.domain.refusals import unknown
from booking.domain.visits import cancel
from booking.store import booking_changes, bookings, catalogue, locks, slots
from contracts.booking import CancelEvent, ChangeEventCapacity, MoveEvent
from contracts.problems import CONFLICT
from messaging import Work

C = TypeVar("C", CancelEvent, ChangeEventCapacity, MoveEvent)

_CANCELLED: Final = CONFLICT.problem("The event was cancelled meanwhile.")


@dataclass(slots=True)
class _Changes:
    """The events that a batch changes, under their locks, and who takes part in them."""

    locations: dict[UUID, Location]
    events: dict[UUID, Event]
    services: dict[UUID, Service]
    bookings: dict[UUID, Booking]
    pending: Pending
    leaders: dict[UUID, TeamMember] = field(default_factory=dict[UUID, TeamMember])
    taken: set[Cell] = field(default_factory=set[Cell])
    decided: dict[UUID, Booking] = field(default_factory=dict[UUID, Booking])
    moved: dict[UUID, Appointment] = field(default_factory=dict[UUID, Appointment])

    def event(self, asked: Asked[C]) -> Event:
        """Return the event that is asked about, if it is of here."""
        location_within_reach(asked, self.locations, asked.body.location_id)
        event = self.events.get(asked.body.event_id)
        if event is None or event.location_id != asked.body.location_id:
            raise unknown(f"event {asked.body.event_id}")
        return event

    def participants(self, event: Event) -> list[tuple[Booking, Appointment]]:
        """Return the appointments in an event that stand, or are not decided yet."""
        return [
            (booking, appointment)
            for booking in self.bookings.values()
            if booking.event_id == event.event_id
            for appointment in booking.appointments
            if appointment.state in {"requested", "accepted"}
        ]

    def keep_old_times(self, work: Work, event: Event, reason: KeptReason, *, cause: UUID) -> None:
        """Refuse the new times that lead into an event, or out of it."""
        for waiting in self.pending.of_event(event.event_id, self.bookings):
            booking = self.bookings[waiting.booking_id]
            self.pending.keep_old(work, booking, waiting, reason, EVENT_CHANGED, cause=cause)

    def lead(self, event: Event, moved: Event) -> None:
        """Let the leader of an event be busy at the new time instead; refuse "slot-taken"."""
        if event.team_member_id is None:
            return
        own, taken = _led(event), self.taken - _led(event)
        leader, location = self.leaders[event.team_member_id], self.locations[event.location_id]
        take_leader(moved, leader, location, taken)
        self.taken = taken
        self.pending.exchange.give_back(own - _led(moved))
        self.pending.exchange.take(_led(moved) - own, event.event_id)

    def conclude(self, work: Work, asked: Asked[C], changed: Event) -> None:
        """Note how an event is now, and answer."""
        self.events[changed.event_id] = changed
        view = event_view(changed, self.services)
        work.conclude(asked.id, view.model_dump(mode="json"))

    async def save(self, work: Work) -> None:
        """Save the events with all that became of their bookings."""
        await catalogue.change_events(work.transaction, list(self.events.values()))
        await self.pending.save(work)
        await booking_changes.save_plans(work.transaction, list(self.moved.values()))
        await booking_changes.save_decided(work.transaction, list(self.decided.values()))


async def change_capacities(work: Work, asked: Sequence[Asked[ChangeEventCapacity]]) -> None:
    """Give events another capacity, not below the spots that are taken."""
    changes = await _load(work, asked, set())
    for each in asked:
        with answering(work, each):
            event = changes.event(each)
            changed = event_changes.with_capacity(event, each.body.capacity.capacity)
            changes.conclude(work, each, changed)
    await changes.save(work)


async def move_events(work: Work, asked: Sequence[Asked[MoveEvent]]) -> None:
    """Move events that have not begun; the starts of all their bookings move with them."""
    changes = await _load(work, asked, {each.body.event_id for each in asked})
    await _load_leaders(work, asked, changes)
    for each in asked:
        with answering(work, each):
            event = changes.event(each)
            moved = event_changes.moved(event, each.body.move.start, each.at)
            changes.lead(event, moved)
            changes.keep_old_times(work, event, "event_moved", cause=each.id)
            for booking, appointment in changes.participants(event):
                by = moved.start - event.start
                fact = event_changes.move_with_event(booking, appointment, by, each.at)
                if fact is not None:
                    work.publish(message_of(fact), cause=each.id)
                changes.moved[appointment.appointment_id] = appointment
                changes.decided[booking.booking_id] = booking
            changes.conclude(work, each, moved)
    await changes.save(work)


async def cancel_events(work: Work, asked: Sequence[Asked[CancelEvent]]) -> None:
    """End events and all their bookings; what was held, debited or paid comes back."""
    changes = await _load(work, asked, {each.body.event_id for each in asked})
    for each in asked:
        with answering(work, each):
            event = changes.event(each)
            cancelled = event_changes.cancelled(event)
            changes.keep_old_times(work, event, "event_cancelled", cause=each.id)
            for booking, appointment in changes.participants(event):
                changes.pending.exchange.change_spots(event.event_id, -len(appointment.lines))
                changes.decided[booking.booking_id] = booking
                _end(work, each, booking, appointment)
            changes.pending.exchange.give_back(_led(event))
            changes.conclude(work, each, cancelled)
    await changes.save(work)


def _end(work: Work, asked: Asked[CancelEvent], booking: Booking, appointment: Appointment) -> None:
    if appointment.state == "accepted":
        fact = cancel(booking, appointment, at=asked.at, online=False, charge=False)
        work.publish(message_of(fact), cause=asked.id)
        return
    answer = _CANCELLED if booking.state == "requested" else None
    deciding.turn_down(work, booking, "event_cancelled", cause=asked.id, answer=answer)


async def _load(work: Work, asked: Sequence[Asked[C]], whole: set[UUID]) -> _Changes:
    """Load what is asked about; of the `whole` events all bookings, too."""
    transaction = work.transaction
    locations = await catalogue.locations(transaction, (each.body.location_id for each in asked))
    events = await catalogue.events(transaction, (each.body.event_id for each in asked))
    services = await catalogue.services(transaction, (each.service_id for each in events.values()))
    joined = await locks.bookings_in(transaction, whole) if whole else set[UUID]()
    found = await bookings.load(transaction, joined)
    return _Changes(locations, events, services, found, await Pending.load(work, joined))


async def _load_leaders(work: Work, asked: Sequence[Asked[MoveEvent]], changes: _Changes) -> None:
    """Load who leads the events, and which of the time that this needs is taken."""
    led = [each for each in changes.events.values() if each.team_member_id is not None]
    if not led:
        return
    leaders = {each.team_member_id for each in led if each.team_member_id is not None}
    found = await catalogue.team_members(work.transaction, leaders)
    changes.leaders = {each.team_member_id: each for each in found}
    wanted = {
        stretch_of(event.team_member_id, start, start + (event.end - event.start))
        for each in asked
        if (event := changes.events.get(each.body.event_id)) and event.team_member_id
        for start in (event.start, each.body.move.start)
    }
    changes.taken = await slots.taken(work.transaction, wanted)


def _led(event: Event) -> set[Cell]:
    """Return the time of the team member who leads an event."""
    if event.team_member_id is None:
        return set()
    return set(cells_of(event.team_member_id, event.start, event.end))
