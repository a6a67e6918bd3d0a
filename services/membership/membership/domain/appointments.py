"""What is known of an appointment: what is held for it, who claims its lines, whether it ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from membership.domain.memberships import Need

ReleaseReason = Literal["visit_passed", "adjusted", "voided", "unshared"]
VisitStatus = Literal["pending", "confirmed", "arrived", "no_show"]


@dataclass(slots=True)
class Hold:
    """A session set aside in a bucket for one line.

    `visit_day` is the local date of the start. With a `reschedule_id` it is for another time that
    was asked for, and not for the one in force. `settlement_revision` is that of its appointment's
    settlement when it was loaded, or placed.
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
    settlement_revision: int = 0
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
    settlement_revision: int = 0


class HoldReleased(NamedTuple):
    """Nothing is set aside for a line any more, though its booking stands."""

    line_id: UUID
    appointment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    membership_id: UUID
    reason: ReleaseReason
    settlement_revision: int = 0


class Claim(NamedTuple):
    """That money was asked for lines (rule A16); returned once that was undone."""

    claim_id: UUID
    appointment_id: UUID
    line_ids: tuple[UUID, ...]
    returned_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether no session may pay its lines."""
        return self.returned_at is None


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
