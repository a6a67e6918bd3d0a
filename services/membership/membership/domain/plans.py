"""The plan of an appointment: what its start debits, and what is held for it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.memberships import Need
from membership.domain.validity import local_date


class PlannedLine(NamedTuple):
    """One line, with the settings of its booking's acceptance (rule A17)."""

    line_id: UUID
    service_id: UUID
    category_id: UUID | None = None
    automatic_debiting: bool = True
    membership_booking: bool = True
    paid_online: bool = False

    @property
    def is_automatic(self) -> bool:
        """Whether the start debits it."""
        return self.automatic_debiting and not self.paid_online

    @property
    def is_held(self) -> bool:
        """Whether sessions are set aside for it (rule X6)."""
        return (self.membership_booking or self.automatic_debiting) and not self.paid_online


class Plan(NamedTuple):
    """An appointment as it is at `revision`; `lines` are in spot order."""

    appointment_id: UUID
    revision: int
    booking_id: UUID
    visit_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    start: datetime
    lines: tuple[PlannedLine, ...]

    @property
    def day(self) -> date:
        """The local date of the visit."""
        return local_date(self.start, self.time_zone)

    def need(self, line: PlannedLine, day: date) -> Need:
        """Return what a line asks of a membership on the visit's day."""
        return Need(line.service_id, line.category_id, self.location_id, day)

    def hold_request(self, at: datetime, among: Collection[UUID] | None = None) -> HoldRequest:
        """Return what asks to hold its lines, or those among some, as far as there are sessions."""
        return HoldRequest(
            booking_id=self.booking_id,
            chain_id=self.chain_id,
            location_id=self.location_id,
            time_zone=self.time_zone,
            client_id=self.client_id,
            submitted_at=at,
            lines=tuple(
                self._asked(line)
                for line in self.lines
                if line.is_held and (among is None or line.line_id in among)
            ),
        )

    def _asked(self, line: PlannedLine) -> Line:
        return Line(
            line_id=line.line_id,
            service_id=line.service_id,
            category_id=line.category_id,
            required=False,
            automatic_debiting=line.automatic_debiting,
            appointment_id=self.appointment_id,
            revision=self.revision,
            starts_at=self.start,
        )
