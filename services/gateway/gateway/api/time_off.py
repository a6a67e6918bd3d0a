"""When team members do not work."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import AddTimeOff, RemoveTimeOff, TimeOffForm
from contracts.booking_views import TeamMemberView
from gateway.api.routes import command, removal
from gateway.commands import Submission

_PATH = "/v1/locations/{location_id:uuid}/team-members/{team_member_id:uuid}/time-off"
_TAG = "Team members"


@command(_PATH, TeamMemberView, tag=_TAG, status=201)
async def add_time_off(
    location_id: FromPath[UUID],
    team_member_id: FromPath[UUID],
    data: JSONBody[TimeOffForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Take time off; bookings that were made stay, and new ones find no slot."""
    return await submission.send(
        AddTimeOff(
            time_off_id=submission.new_id("time_off"),
            team_member_id=team_member_id,
            location_id=location_id,
            time_off=data,
        )
    )


@removal(_PATH + "/{time_off_id:uuid}", TeamMemberView, tag=_TAG)
async def remove_time_off(
    location_id: FromPath[UUID],
    team_member_id: FromPath[UUID],
    time_off_id: FromPath[UUID],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Work after all."""
    return await submission.send(
        RemoveTimeOff(
            time_off_id=time_off_id, team_member_id=team_member_id, location_id=location_id
        )
    )
