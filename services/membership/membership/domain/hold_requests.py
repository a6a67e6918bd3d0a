"""What asks for sessions: the lines of a booking, or another time for one appointment of it."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.memberships import Need
from membership.domain.validity import local_date


class Line(NamedTuple):
    """A line that a membership is to pay; without full cover of the required ones, none is held."""

    line_id: UUID
    service_id: UUID
    category_id: UUID | None
    required: bool
    automatic_debiting: bool
    appointment_id: UUID
    revision: int
    starts_at: datetime


class HoldRequest(NamedTuple):
    """A booking that asks for sessions; `lines` are in spot order.

    With a `reschedule_id` the lines of one appointment ask for another time (rule G11).
    """

    booking_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    submitted_at: datetime
    lines: tuple[Line, ...]
    reschedule_id: UUID | None = None

    @property
    def today(self) -> date:
        """The local date of the submission."""
        return local_date(self.submitted_at, self.time_zone)

    def need(self, line: Line) -> Need:
        """Return what a line asks of a membership."""
        visit_day = local_date(line.starts_at, self.time_zone)
        return Need(line.service_id, line.category_id, self.location_id, visit_day)
