"""Add team members, change them, and keep their time off; bookings made stay."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from booking.announcements.offers import team_member_view
from booking.commands.asked import Asked, answering, location_within_reach
from booking.domain.catalogue import Location, Service, TeamMember, TimeOff, WorkingHours
from booking.domain.refusals import unknown
from booking.store import catalogue
from contracts.booking import AddTimeOff, ChangeTeamMember, CreateTeamMember, RemoveTimeOff
from messaging import Work


async def create_team_members(work: Work, asked: Sequence[Asked[CreateTeamMember]]) -> None:
    """Add team members, with the services that they perform and their local working hours."""
    locations = await _locations(work, asked)
    services = await _services(work, asked)
    added: list[TeamMember] = []
    for each in asked:
        with answering(work, each):
            location_within_reach(each, locations, each.body.location_id)
            team_member = _team_member(each.body, services)
            added.append(team_member)
            view = team_member_view(team_member)
            work.conclude(each.id, view.model_dump(mode="json"), status=201)
    if added:
        await catalogue.add_team_members(work.transaction, added)


async def change_team_members(work: Work, asked: Sequence[Asked[ChangeTeamMember]]) -> None:
    """Replace what is said of team members; their time off stays."""
    locations = await _locations(work, asked)
    services = await _services(work, asked)
    team_members = await _load(work, asked)
    changed: dict[UUID, TeamMember] = {}
    for each in asked:
        with answering(work, each):
            before = _within_reach(each, locations, team_members)
            after = replace(_team_member(each.body, services), time_off=before.time_off)
            changed[after.team_member_id] = after
            work.conclude(each.id, team_member_view(after).model_dump(mode="json"))
    await catalogue.change_team_members(work.transaction, list(changed.values()))


async def add_time_off(work: Work, asked: Sequence[Asked[AddTimeOff]]) -> None:
    """Take time off: whoever books from now on finds no slot then."""
    locations = await _locations(work, asked)
    team_members = await _load(work, asked)
    changed: dict[UUID, TeamMember] = {}
    for each in asked:
        with answering(work, each):
            before = _within_reach(each, locations, team_members)
            off = TimeOff(each.body.time_off_id, each.body.time_off.start, each.body.time_off.end)
            after = _with_time_off(before, [*before.time_off, off])
            changed[after.team_member_id] = team_members[after.team_member_id] = after
            work.conclude(each.id, team_member_view(after).model_dump(mode="json"), status=201)
    await catalogue.change_team_members(work.transaction, list(changed.values()))


async def remove_time_off(work: Work, asked: Sequence[Asked[RemoveTimeOff]]) -> None:
    """Let team members work after all."""
    locations = await _locations(work, asked)
    team_members = await _load(work, asked)
    changed: dict[UUID, TeamMember] = {}
    for each in asked:
        with answering(work, each):
            before = _within_reach(each, locations, team_members)
            left = [off for off in before.time_off if off.time_off_id != each.body.time_off_id]
            if len(left) == len(before.time_off):
                raise unknown(f"time off {each.body.time_off_id}")
            after = _with_time_off(before, left)
            changed[after.team_member_id] = team_members[after.team_member_id] = after
            work.conclude(each.id, team_member_view(after).model_dump(mode="json"))
    await catalogue.change_team_members(work.transaction, list(changed.values()))


_OfTeamMember = Asked[ChangeTeamMember] | Asked[AddTimeOff] | Asked[RemoveTimeOff]


async def _locations(
    work: Work, asked: Sequence[Asked[CreateTeamMember] | _OfTeamMember]
) -> dict[UUID, Location]:
    return await catalogue.locations(work.transaction, (each.body.location_id for each in asked))


async def _services(
    work: Work, asked: Sequence[Asked[CreateTeamMember] | Asked[ChangeTeamMember]]
) -> dict[UUID, Service]:
    return await catalogue.services(
        work.transaction,
        (service_id for each in asked for service_id in each.body.team_member.service_ids),
    )


async def _load(work: Work, asked: Sequence[_OfTeamMember]) -> dict[UUID, TeamMember]:
    """Load team members; their locks are held."""
    found = await catalogue.team_members(
        work.transaction, (each.body.team_member_id for each in asked)
    )
    return {each.team_member_id: each for each in found}


def _within_reach(
    asked: _OfTeamMember,
    locations: Mapping[UUID, Location],
    team_members: Mapping[UUID, TeamMember],
) -> TeamMember:
    location = location_within_reach(asked, locations, asked.body.location_id)
    team_member = team_members.get(asked.body.team_member_id)
    if team_member is None or team_member.location_id != location.location_id:
        raise unknown(f"team member {asked.body.team_member_id}")
    return team_member


def _with_time_off(team_member: TeamMember, off: Sequence[TimeOff]) -> TeamMember:
    return replace(team_member, time_off=tuple(sorted(off, key=lambda each: each.start)))


def _team_member(
    command: CreateTeamMember | ChangeTeamMember, services: Mapping[UUID, Service]
) -> TeamMember:
    form = command.team_member
    performed: set[UUID] = set()
    for service_id in form.service_ids:
        service = services.get(service_id)
        if service is None or service.location_id != command.location_id:
            raise unknown(f"service {service_id}")
        performed.add(service.service_id)
    return TeamMember(
        team_member_id=command.team_member_id,
        location_id=command.location_id,
        name=form.name,
        service_ids=frozenset(performed),
        working_hours=tuple(
            WorkingHours(hours.weekday, hours.opens, hours.closes) for hours in form.working_hours
        ),
    )
