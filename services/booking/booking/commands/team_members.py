"""Add team members."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from booking.announcements.offers import team_member_view
from booking.commands.asked import Asked, answering, location_within_reach
from booking.domain.catalogue import Service, TeamMember, WorkingHours
from booking.domain.refusals import unknown
from booking.store import catalogue
from contracts.booking import CreateTeamMember
from messaging import Work


async def create_team_members(work: Work, asked: Sequence[Asked[CreateTeamMember]]) -> None:
    """Add team members, with the services that they perform and their local working hours."""
    locations = await catalogue.locations(
        work.transaction, (each.body.location_id for each in asked)
    )
    services = await catalogue.services(
        work.transaction,
        (service_id for each in asked for service_id in each.body.team_member.service_ids),
    )
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


def _team_member(command: CreateTeamMember, services: Mapping[UUID, Service]) -> TeamMember:
    form = command.team_member
    for service_id in form.service_ids:
        service = services.get(service_id)
        if service is None or service.location_id != command.location_id:
            raise unknown(f"service {service_id}")
    return TeamMember(
        team_member_id=command.team_member_id,
        location_id=command.location_id,
        name=form.name,
        service_ids=frozenset(form.service_ids),
        working_hours=tuple(
            WorkingHours(hours.weekday, hours.opens, hours.closes) for hours in form.working_hours
        ),
    )
