"""A booking with its appointments and lines."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from booking.domain.catalogue import Location
from booking.domain.cells import Cell, Stretch, cells_of, stretch_of
from booking.domain.clients import Client

BookingState = Literal["requested", "awaiting_payment", "accepted", "refused"]
AppointmentState = Literal["requested", "accepted", "refused", "cancelled"]
VisitStatus = Literal["pending", "confirmed", "arrived", "no_show"]
DebitStatus = Literal["automatic_debiting", "debited", "not_debited"]
PaymentStatus = Literal["unpaid", "paid_partially", "paid"]


@dataclass(slots=True)
class Line:
    """One service, or one spot of an event. The settings are those of the booking (rule A17).

    `required` lines must be paid by a membership (the gate, rule G4). `membership_id` is what
    holds sessions for the line, or has paid it, as of `carrier_revision` of the settlement, or
    later; `hold_released` says that nothing is set aside any more. What is `paid_online`, or is to
    be, no membership pays (rule A16). `merged_service_ids`, known while it is planned, mean its
    service too (rule A11).
    """

    ordinal: int
    line_id: UUID
    service_id: UUID
    service_name: str
    team_member_id: UUID | None
    start: datetime
    end: datetime
    price: int
    membership_booking: bool
    automatic_debiting: bool
    required: bool
    membership_id: UUID | None = None
    debit_status: DebitStatus | None = None
    category_id: UUID | None = None
    paid_online: bool = False
    hold_released: bool = False
    carrier_revision: int = 0
    merged_service_ids: tuple[UUID, ...] = ()

    @property
    def by_membership(self) -> bool:
        """Whether a membership is to pay this line, and sessions are to be held (rule X6)."""
        return self.membership_booking or self.automatic_debiting


@dataclass(slots=True)
class Appointment:
    """An entry in the calendar with its three statuses.

    `revision` counts changes of the plan, `status_revision` those of the visit status. `charged`
    says that it was cancelled, and that its sessions are debited all the same (rule A2).
    `settlement_revision` and `bill_revision` are the newest that were heard. `owed` is in minor
    units of the location's currency.
    """

    appointment_id: UUID
    start: datetime
    end: datetime
    free_cancellation_until: datetime
    owed: int
    state: AppointmentState = "requested"
    revision: int = 1
    accepted_at: datetime | None = None
    visit_status: VisitStatus = "pending"
    status_revision: int = 0
    debit_status: DebitStatus | None = None
    booked_with_membership: bool = False
    settlement_revision: int = 0
    bill_revision: int = 0
    payment_status: PaymentStatus = "unpaid"
    charged: bool = False
    lines: list[Line] = field(default_factory=list[Line])

    @property
    def by_membership(self) -> bool:
        """Whether membership is to be asked to hold sessions."""
        return any(line.by_membership for line in self.lines)

    @property
    def is_to_begin(self) -> bool:
        """Whether its start counts: it stands, or was cancelled with charge."""
        return self.state == "accepted" or self.charged

    def has_replaced(self, revision: int, start: datetime) -> bool:
        """Whether the plan of that revision, with that start, is no more in force (rule A15).

        Cancelling counts as a revision too, and leaves the plan as it is.
        """
        newest = self.revision - (self.state == "cancelled")
        return revision < newest or start != self.start

    @property
    def is_unsettled_by_error(self) -> bool:
        """Whether the start came and could not be settled, and still is not."""
        return self.debit_status == "not_debited" and self.settlement_revision == 0

    @property
    def cells(self) -> set[Cell]:
        """The slot cells that the appointment takes; spots of an event take none."""
        return {
            cell
            for line in self.lines
            if line.team_member_id is not None
            for cell in cells_of(line.team_member_id, line.start, line.end)
        }

    @property
    def stretches(self) -> list[Stretch]:
        """The same cells in rows, which may overlap where one line ends and the next begins."""
        return [
            stretch_of(line.team_member_id, line.start, line.end)
            for line in self.lines
            if line.team_member_id is not None
        ]


@dataclass(slots=True)
class Booking:
    """One submission by a client: appointments, or spots in an event (one appointment).

    `submitted_at` is the effective time; what is undecided, or unpaid, at `decide_by` by the
    database's clock is refused (rule X7). `pay_until` is the same for the client, by the clock of
    the chain. `client_id` is the id under which it was booked, which its visits and messages keep;
    `client` is who that is by now, should clients have been merged.
    """

    booking_id: UUID
    command_id: UUID
    location: Location
    client_id: UUID
    client: Client
    event_id: UUID | None
    submitted_at: datetime
    decide_by: datetime
    state: BookingState
    appointments: list[Appointment]
    pay_until: datetime | None = None

    @property
    def to_pay(self) -> int:
        """What is paid online when it is booked, in minor units of the location's currency."""
        return sum(
            line.price for each in self.appointments for line in each.lines if line.paid_online
        )

    @property
    def by_membership(self) -> bool:
        """Whether membership is to be asked to hold sessions."""
        return any(each.by_membership for each in self.appointments)

    def appointment(self, appointment_id: UUID) -> Appointment:
        """Return one of the booking's own appointments."""
        return next(each for each in self.appointments if each.appointment_id == appointment_id)


@dataclass(slots=True)
class Reschedule:
    """Another time for an appointment; membership is asked first, until `decide_by`.

    `plan` is the appointment as it will be. `asked_at` is the effective time. Until it is decided
    both the old and the new slots and spots are taken (rule G11).
    """

    reschedule_id: UUID
    command_id: UUID
    booking_id: UUID
    asked_at: datetime
    decide_by: datetime
    event_id: UUID | None
    plan: Appointment
