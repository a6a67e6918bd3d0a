"""Plan events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from booking.announcements.offers import event_view
from booking.commands.asked import Asked, answering, location_within_reach
from booking.domain.catalogue import Event, Service, TeamMember
from booking.domain.cells import Cell, Stretch, cells_of, stretch_of
from booking.domain.refusals import Refusal, invalid, unknown
from booking.store import catalogue, slots
from contracts.booking import CreateEvent
from messaging import Work


@dataclass(frozen=True, slots=True)
class _Offer:
    services: dict[UUID, Service]
    team_members: dict[UUID, TeamMember]
    taken: set[Cell]


async def create_events(work: Work, asked: Sequence[Asked[CreateEvent]]) -> None:
    """Plan events; whoever leads one is busy meanwhile (rule X2)."""
    locations = await catalogue.locations(
        work.transaction, (each.body.location_id for each in asked)
    )
    offer = await _load_offer(work, [each.body for each in asked])
    added: list[Event] = []
    for each in asked:
        with answering(work, each):
            location_within_reach(each, locations, each.body.location_id)
            event = _event(each.body, offer)
            _take(event, offer.taken)
            added.append(event)
            view = event_view(event, offer.services)
            work.conclude(each.id, view.model_dump(mode="json"), status=201)
    if added:
        await catalogue.add_events(work.transaction, added)
        await slots.take(work.transaction, _led(added))


async def _load_offer(work: Work, commands: Sequence[CreateEvent]) -> _Offer:
    services = await catalogue.services(
        work.transaction, (command.event.service_id for command in commands)
    )
    leaders = [command.event.team_member_id for command in commands]
    team_members = await catalogue.team_members(
        work.transaction, (leader for leader in leaders if leader is not None)
    )
    events = [
        _planned(command, services[command.event.service_id])
        for command in commands
        if command.event.service_id in services
    ]
    taken = await slots.taken(work.transaction, (stretch for stretch, _ in _led(events)))
    return _Offer(services, {each.team_member_id: each for each in team_members}, taken)


def _event(command: CreateEvent, offer: _Offer) -> Event:
    form = command.event
    service = offer.services.get(form.service_id)
    if service is None or service.location_id != command.location_id:
        raise unknown(f"service {form.service_id}")
    if service.kind != "group":
        raise invalid("service_id", "is an individual service; an event is of a group service")
    if form.start.microsecond:
        raise invalid("start", "a start is at a whole second")
    if form.team_member_id is not None:
        team_member = offer.team_members.get(form.team_member_id)
        if team_member is None or team_member.location_id != command.location_id:
            raise unknown(f"team member {form.team_member_id}")
    return _planned(command, service)


def _planned(command: CreateEvent, service: Service) -> Event:
    form = command.event
    return Event(
        event_id=command.event_id,
        location_id=command.location_id,
        service_id=form.service_id,
        team_member_id=form.team_member_id,
        start=form.start,
        end=form.start + timedelta(minutes=service.duration_minutes),
        capacity=form.capacity,
        spots_taken=0,
    )


def _led(events: Iterable[Event]) -> list[tuple[Stretch, UUID]]:
    """Return the time of the team members who lead events."""
    return [
        (stretch_of(event.team_member_id, event.start, event.end), event.event_id)
        for event in events
        if event.team_member_id is not None
    ]


def _take(event: Event, taken: set[Cell]) -> None:
    if event.team_member_id is None:
        return
    cells = set(cells_of(event.team_member_id, event.start, event.end))
    if not taken.isdisjoint(cells):
        raise Refusal("slot-taken", "The team member is busy at this time.")
    taken |= cells
