"""Team members."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import ChangeTeamMember, CreateTeamMember, TeamMemberForm
from contracts.booking_views import TeamMemberList, TeamMemberView
from gateway.api.routes import command, question, replacement
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/locations/{location_id:uuid}/team-members"
_TAG = "Team members"


@command(_PATH, TeamMemberView, tag=_TAG, status=201)
async def create_team_member(
    location_id: FromPath[UUID],
    data: JSONBody[TeamMemberForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Add a team member with services and working hours."""
    team_member_id = submission.new_id("team_member")
    return await submission.send(
        CreateTeamMember(team_member_id=team_member_id, location_id=location_id, team_member=data)
    )


@replacement(_PATH + "/{team_member_id:uuid}", TeamMemberView, tag=_TAG)
async def change_team_member(
    location_id: FromPath[UUID],
    team_member_id: FromPath[UUID],
    data: JSONBody[TeamMemberForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Replace what is said of a team member; bookings that were made stay."""
    return await submission.send(
        ChangeTeamMember(team_member_id=team_member_id, location_id=location_id, team_member=data)
    )


@question(_PATH, TeamMemberList, tag=_TAG)
async def list_team_members(reading: NamedDependency[Reading]) -> Response[bytes]:
    """List the team members of a location."""
    return await reading.pass_on("booking")
