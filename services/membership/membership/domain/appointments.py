"""What is known of an appointment: what is held for it, how it was settled, whether it ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from membership.domain.memberships import Need, Reason


@dataclass(slots=True)
class Hold:
    """A session set aside in a bucket for one line.

    `visit_day` is the local date of the start. With a `reschedule_id` it is for another time that
    was asked for, and not for the one in force.
    """

    line_id: UUID
    booking_id: UUID
    appointment_id: UUID
    revision: int
    client_id: UUID
    service_id: UUID
    category_id: UUID | None
    location_id: UUID
    starts_at: datetime
    visit_day: date
    automatic_debiting: bool
    bucket_id: UUID
    reschedule_id: UUID | None = None
    state: Literal["held", "debited", "released"] = "held"

    @property
    def need(self) -> Need:
        """What the line asks of the membership that carries it."""
        return Need(self.service_id, self.category_id, self.location_id, self.visit_day)


class HoldMoved(NamedTuple):
    """Another membership carries a held line from now on."""

    line_id: UUID
    appointment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    membership_id: UUID


class HoldReleased(NamedTuple):
    """Nothing is set aside for a line any more, though its booking stands."""

    line_id: UUID
    appointment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    membership_id: UUID
    reason: Literal["visit_passed"]


class SettledLine(NamedTuple):
    """What became of one line with automatic debiting: its debit, or why there is none."""

    line_id: UUID
    membership_id: UUID | None = None
    bucket_id: UUID | None = None
    reason: Reason | None = None


class Settlement(NamedTuple):
    """The outcome of one appointment's automatic debiting, at `revision`.

    `appointment_revision` is that of the plan whose start was settled.
    """

    appointment_id: UUID
    revision: int
    appointment_revision: int
    booking_id: UUID
    visit_id: UUID
    chain_id: UUID
    location_id: UUID
    client_id: UUID
    outcome: Literal["debited", "not_debited", "reversed"]
    lines: tuple[SettledLine, ...]
    shortfall: int
    start: datetime
    settled_at: datetime
    delay_ms: int

    def payer(self, line_id: UUID) -> UUID | None:
        """Return the membership that was debited for a line."""
        return next((line.membership_id for line in self.lines if line.line_id == line_id), None)

    def decides(self, line_id: UUID, revision: int) -> bool:
        """Whether it is about a line of the plan of this revision."""
        return revision <= self.appointment_revision and any(
            line.line_id == line_id for line in self.lines
        )


class Ending(NamedTuple):
    """That an appointment ended, as of `revision` of its plan; a refused booking never stood."""

    appointment_id: UUID
    revision: int
    how: Literal["cancelled", "charged", "refused"]

    def voids(self, revision: int) -> bool:
        """Whether a plan of this revision is void: it ended without charge, or never stood."""
        if self.how == "charged":
            return False
        return self.how == "refused" or revision <= self.revision
