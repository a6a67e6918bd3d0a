"""Load what submissions ask about: the offer, the events and the cells that are taken."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from booking.domain.catalogue import Event, Location, Service, TeamMember
from booking.domain.cells import Stretch, stretch_of
from booking.domain.diary import Diary
from booking.domain.planning import WantedAppointment
from booking.domain.submission import Submission
from booking.store import catalogue, slots
from postgres import Transaction


async def open_diaries(
    transaction: Transaction,
    locations: Mapping[UUID, Location],
    submissions: Sequence[Submission],
) -> dict[UUID, Diary]:
    """Return these locations with what is asked for, as it is under the locks that are held."""
    events = await _events(transaction, submissions)
    appointments = [wanted for each in submissions for wanted in each.appointments]
    services = await catalogue.services(
        transaction,
        {line.service_id for wanted in appointments for line in wanted.lines}
        | {event.service_id for event in events},
    )
    team_members = await _team_members(transaction, appointments)
    asked = _asked_stretches(appointments, services, team_members)
    taken = await slots.taken(transaction, asked)
    diaries = {
        location_id: Diary(location, {}, {}, {}, taken)
        for location_id, location in locations.items()
    }
    _fill(diaries, services, team_members, events)
    return diaries


def _fill(
    diaries: Mapping[UUID, Diary],
    services: Mapping[UUID, Service],
    team_members: Iterable[TeamMember],
    events: Iterable[Event],
) -> None:
    """Put everything into the diary of its location; what belongs to no asked location is left."""
    for service_id, service in services.items():
        if service.location_id in diaries:
            diaries[service.location_id].services[service_id] = service
    for team_member in team_members:
        if team_member.location_id in diaries:
            diaries[team_member.location_id].team_members[team_member.team_member_id] = team_member
    for event in events:
        if event.location_id in diaries:
            diaries[event.location_id].events[event.event_id] = event


async def _events(transaction: Transaction, submissions: Sequence[Submission]) -> list[Event]:
    event_ids = {each.spots.event_id for each in submissions if each.spots is not None}
    return list((await catalogue.events(transaction, event_ids)).values()) if event_ids else []


async def _team_members(
    transaction: Transaction, appointments: Sequence[WantedAppointment]
) -> list[TeamMember]:
    lines = [line for wanted in appointments for line in wanted.lines]
    if not lines:
        return []
    return await catalogue.team_members(
        transaction,
        {line.team_member_id for line in lines if line.team_member_id is not None},
        performing={line.service_id for line in lines if line.team_member_id is None},
    )


def _asked_stretches(
    appointments: Iterable[WantedAppointment],
    services: Mapping[UUID, Service],
    team_members: Iterable[TeamMember],
) -> Iterator[Stretch]:
    """Name whose cells, from which to which, are needed to plan these appointments."""
    performers: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for team_member in team_members:
        for service_id in team_member.service_ids:
            performers[service_id].append(team_member.team_member_id)
    for wanted in appointments:
        known = [services[line.service_id] for line in wanted.lines if line.service_id in services]
        minutes = sum(service.duration_minutes for service in known)
        end = wanted.start + timedelta(minutes=minutes + 5)
        asked_for = {line.team_member_id for line in wanted.lines} - {None}
        if any(line.team_member_id is None for line in wanted.lines):
            asked_for |= {each for service in known for each in performers[service.service_id]}
        yield from (stretch_of(each, wanted.start, end) for each in asked_for if each)
