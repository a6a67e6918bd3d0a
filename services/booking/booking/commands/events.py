"""Plan events, one by one or in series."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from booking.announcements.offers import event_view
from booking.commands.asked import Asked, answering, location_within_reach
from booking.domain.catalogue import Event, Location, Service, TeamMember
from booking.domain.cells import Cell, Stretch, stretch_of
from booking.domain.planning_events import series_starts, take_leader
from booking.domain.refusals import invalid, unknown
from booking.store import catalogue, slots
from contracts.base import derive_id
from contracts.booking import CreateEvent, CreateEventSeries, EventForm, EventSeriesForm
from contracts.booking_views import EventList
from messaging import Work

C = TypeVar("C", CreateEvent, CreateEventSeries)


@dataclass(slots=True)
class _Offer:
    """What events are planned with, under the locks of their leaders."""

    locations: dict[UUID, Location]
    services: dict[UUID, Service]
    team_members: dict[UUID, TeamMember]
    taken: set[Cell] = field(default_factory=set[Cell])


async def create_events(work: Work, asked: Sequence[Asked[CreateEvent]]) -> None:
    """Plan events; whoever leads one is busy meanwhile (rule X2)."""
    offer = await _load_offer(work, [(each.body.location_id, each.body.event) for each in asked])
    drafts: dict[UUID, list[Event]] = {}
    for each in asked:
        with answering(work, each):
            service = _service(each, each.body.event, offer)
            drafts[each.id] = [_event(each.body, service)]
    for each, [event] in await _plan(work, asked, drafts, offer):
        view = event_view(event, offer.services)
        work.conclude(each.id, view.model_dump(mode="json"), status=201)


async def create_event_series(work: Work, asked: Sequence[Asked[CreateEventSeries]]) -> None:
    """Plan series of events, each series whole or not at all."""
    offer = await _load_offer(work, [(each.body.location_id, each.body.series) for each in asked])
    drafts: dict[UUID, list[Event]] = {}
    for each in asked:
        with answering(work, each):
            service = _service(each, each.body.series, offer)
            location = offer.locations[service.location_id]
            drafts[each.id] = _events(each.body, service, location)
    for each, events in await _plan(work, asked, drafts, offer):
        view = EventList(events=tuple(event_view(event, offer.services) for event in events))
        work.conclude(each.id, view.model_dump(mode="json"), status=201)


async def _load_offer(
    work: Work, asked: Sequence[tuple[UUID, EventForm | EventSeriesForm]]
) -> _Offer:
    forms = [form for _, form in asked]
    leaders = {form.team_member_id for form in forms if form.team_member_id is not None}
    team_members = await catalogue.team_members(work.transaction, leaders) if leaders else []
    return _Offer(
        await catalogue.locations(work.transaction, (location_id for location_id, _ in asked)),
        await catalogue.services(work.transaction, (form.service_id for form in forms)),
        {each.team_member_id: each for each in team_members},
    )


async def _plan(
    work: Work, asked: Sequence[Asked[C]], drafts: Mapping[UUID, list[Event]], offer: _Offer
) -> list[tuple[Asked[C], list[Event]]]:
    """Give the time of their leaders to the events of each command, all or none, and save them."""
    wanted = (stretch for events in drafts.values() for stretch, _ in _led(events))
    offer.taken = await slots.taken(work.transaction, wanted)
    planned: list[tuple[Asked[C], list[Event]]] = []
    for each in asked:
        if each.id in drafts:
            with answering(work, each):
                _take_leaders(drafts[each.id], offer)
                planned.append((each, drafts[each.id]))
    added = [event for _, events in planned for event in events]
    if added:
        await catalogue.add_events(work.transaction, added)
        await slots.take(work.transaction, _led(added))
    return planned


def _take_leaders(events: Sequence[Event], offer: _Offer) -> None:
    """Take the time of who leads these events; what one of them cannot have, none takes."""
    taken = set(offer.taken)
    for event in events:
        if event.team_member_id is not None:
            leader = offer.team_members[event.team_member_id]
            take_leader(event, leader, offer.locations[event.location_id], taken)
    offer.taken = taken


def _service(asked: Asked[C], form: EventForm | EventSeriesForm, offer: _Offer) -> Service:
    """Return the service of which events are planned, if it and their leader are of here."""
    location = location_within_reach(asked, offer.locations, asked.body.location_id)
    service = offer.services.get(form.service_id)
    if service is None or service.location_id != location.location_id:
        raise unknown(f"service {form.service_id}")
    if service.kind != "group":
        raise invalid("service_id", "is an individual service; an event is of a group service")
    if form.team_member_id is not None:
        team_member = offer.team_members.get(form.team_member_id)
        if team_member is None or team_member.location_id != location.location_id:
            raise unknown(f"team member {form.team_member_id}")
    return service


def _event(command: CreateEvent, service: Service) -> Event:
    form = command.event
    if form.start.microsecond:
        raise invalid("start", "a start is at a whole second")
    return _draft(command.event_id, form, form.start, service)


def _events(command: CreateEventSeries, service: Service, location: Location) -> list[Event]:
    form = command.series
    if form.time.microsecond:
        raise invalid("time", "a start is at a whole second")
    for name, day in (("first_date", form.first_date), ("last_date", form.last_date)):
        if not 1970 <= day.year <= 2999:
            raise invalid(name, "must be from 1970 to 2999")
    starts = series_starts(
        first=form.first_date,
        last=form.last_date,
        weekdays=set(form.weekdays),
        at=form.time,
        zone=location.zone,
        without=set(form.except_dates),
    )
    events = [
        replace(
            _draft(derive_id(command.series_id, "event", day), form, start, service),
            series_id=command.series_id,
        )
        for day, start in starts
    ]
    if not events:
        raise invalid("weekdays", "none of the dates is on one of these weekdays")
    return events


def _draft(
    event_id: UUID, form: EventForm | EventSeriesForm, start: datetime, service: Service
) -> Event:
    return Event(
        event_id=event_id,
        location_id=service.location_id,
        service_id=service.service_id,
        team_member_id=form.team_member_id,
        start=start,
        end=start + timedelta(minutes=service.duration_minutes),
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
