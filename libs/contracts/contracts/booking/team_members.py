"""Team members, and when they work."""

from datetime import time
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.base import Command, Form
from contracts.values import Instant, Name


class WorkingHours(Form):
    """Local hours on one weekday, Monday being 1."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    opens: time
    closes: time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("closes must be later than opens")
        return self


class TeamMemberForm(Form):
    """Who performs services, which ones, and when."""

    name: Name
    service_ids: Annotated[tuple[UUID, ...], Field(max_length=200)]
    working_hours: Annotated[tuple[WorkingHours, ...], Field(max_length=50)]


class CreateTeamMember(Command):
    """Add a team member to a location."""

    type: ClassVar[str] = "booking.create_team_member.v1"
    subject: ClassVar[str] = "team_member_id"

    team_member_id: UUID
    location_id: UUID
    team_member: TeamMemberForm


class ChangeTeamMember(Command):
    """Replace what is said of a team member; bookings made stay."""

    type: ClassVar[str] = "booking.change_team_member.v1"
    subject: ClassVar[str] = "team_member_id"

    team_member_id: UUID
    location_id: UUID
    team_member: TeamMemberForm


class TimeOffForm(Form):
    """When a team member does not work, whatever the working hours say."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("end must be later than start")
        return self


class AddTimeOff(Command):
    """Take time off; bookings made stay, and new ones find no slot."""

    type: ClassVar[str] = "booking.add_time_off.v1"
    subject: ClassVar[str] = "time_off_id"

    time_off_id: UUID
    team_member_id: UUID
    location_id: UUID
    time_off: TimeOffForm


class RemoveTimeOff(Command):
    """Work after all."""

    type: ClassVar[str] = "booking.remove_time_off.v1"
    subject: ClassVar[str] = "time_off_id"

    time_off_id: UUID
    team_member_id: UUID
    location_id: UUID
