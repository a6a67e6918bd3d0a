"""Sessions that are set aside for bookings."""

from typing import ClassVar
from uuid import UUID

from contracts.base import Event, Request, Value
from contracts.membership.reasons import RefusalDetail, RefusalReason
from contracts.values import Instant


class HoldLine(Value):
    """A line to be paid by a membership.

    `required` lines must be covered or the whole booking is refused (the gate, rule G4); the
    others hold as far as there are sessions (rule X6). `merged_service_ids` mean the same service
    for ever: they were merged into it (rules A11, A17).
    """

    line_id: UUID
    ordinal: int
    service_id: UUID
    required: bool
    automatic_debiting: bool
    category_id: UUID | None = None
    merged_service_ids: tuple[UUID, ...] = ()


class HoldAppointment(Value):
    """The lines of one appointment that ask for a hold."""

    appointment_id: UUID
    revision: int
    start: Instant
    lines: tuple[HoldLine, ...]


class HoldSessions(Request):
    """Booking asks to set sessions aside. Answered by `HoldPlaced` or `HoldRefused`.

    `submitted_at` is the effective time of the submission: validity is judged on its local date.
    With a `reschedule_id` the lines of one appointment ask for another time: what they hold counts
    as theirs, and stays if they are refused (rule G11).
    """

    type: ClassVar[str] = "membership.hold_sessions.v1"
    subject: ClassVar[str] = "booking_id"

    booking_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    submitted_at: Instant
    appointments: tuple[HoldAppointment, ...]
    reschedule_id: UUID | None = None


class HeldLine(Value):
    """The membership that carries a line."""

    line_id: UUID
    membership_id: UUID


class HoldPlaced(Event):
    """Sessions are set aside. A line that is missing from `lines` has no membership to carry it."""

    type: ClassVar[str] = "membership.hold_placed.v1"
    subject: ClassVar[str] = "booking_id"

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    lines: tuple[HeldLine, ...]
    reschedule_id: UUID | None = None


class HoldRefused(Event):
    """No assignment of the client's memberships covers the booking (rules G5 to G7)."""

    type: ClassVar[str] = "membership.hold_refused.v1"
    subject: ClassVar[str] = "booking_id"

    booking_id: UUID
    location_id: UUID
    client_id: UUID
    reasons: tuple[RefusalDetail, ...]
    reschedule_id: UUID | None = None


class HoldMoved(Event):
    """Another membership carries a held line from now on, so that all stay covered (rule G6).

    `settlement_revision` is that of the appointment's settlement, 0 without one: whatever a newer
    settlement says is newer than this.
    """

    type: ClassVar[str] = "membership.hold_moved.v1"
    subject: ClassVar[str] = "line_id"

    line_id: UUID
    appointment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    membership_id: UUID
    settlement_revision: int = 0


class HoldReleased(Event):
    """Nothing is set aside for a line any more, though its booking stands (rule X6).

    `reason` says why: `visit_passed` when nobody debited it in time; more may be added.
    `settlement_revision` is as in `HoldMoved`.
    """

    type: ClassVar[str] = "membership.hold_released.v1"
    subject: ClassVar[str] = "line_id"

    line_id: UUID
    appointment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    membership_id: UUID
    reason: RefusalReason
    settlement_revision: int = 0
