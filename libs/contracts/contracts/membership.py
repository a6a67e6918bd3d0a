"""What membership is asked to do, and what it says."""

from datetime import date
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from contracts.base import Command, Event, Form, Request, Value
from contracts.values import Appointment, Currency, Instant, MinorUnits, Name

Status = Literal["issued", "active", "frozen", "used_up", "expired", "voided"]
RefusalReason = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
"""Why a membership does not pay; more may be added, so branch on those that you know:
no_membership, service_not_covered, location_not_covered, status_not_valid, used_up,
expires_too_early, not_enough_sessions, frozen, expired, no_auto_deduction, technical_error."""


class BucketForm(Form):
    """One count of sessions with what it covers: services, and all services of categories.

    No count means unlimited.
    """

    sessions: Annotated[int, Field(ge=1, le=100_000)] | None = None
    service_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    category_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        if not self.service_ids and not self.category_ids:
            raise ValueError("give service_ids or category_ids")
        return self


class Validity(Form):
    """How long a membership is valid from its activation on; the last day is its expiry date."""

    count: Annotated[int, Field(ge=1, le=3660)]
    unit: Literal["days", "weeks", "months", "years"]


class GateForm(Form):
    """What makes the gate stricter than rule G5: valid on the day of the visit, not frozen."""

    valid_on_visit_day: bool = False
    not_while_frozen: bool = False


class MembershipTypeForm(Form):
    """The article that is sold.

    `price` is in minor units of `currency`. `auto_deduction` is the second switch of rule A13.
    Without a validity, memberships never expire; it begins with the sale, with the first visit, or
    on a date that the sale names. Without `location_ids` the whole chain takes it.
    """

    name: Name
    price: MinorUnits
    currency: Currency
    buckets: Annotated[tuple[BucketForm, ...], Field(min_length=1, max_length=50)]
    validity: Validity | None = None
    activation: Literal["on_sale", "on_first_visit", "on_date"] = "on_sale"
    auto_deduction: bool = True
    gate: GateForm = GateForm()
    location_ids: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()


class CreateMembershipType(Command):
    """Offer a membership type in a chain."""

    type: ClassVar[str] = "membership.create_membership_type.v1"
    subject: ClassVar[str] = "membership_type_id"

    membership_type_id: UUID
    chain_id: UUID
    membership_type: MembershipTypeForm


class ChangeMembershipType(Command):
    """Replace a membership type; memberships issued already keep what they were sold with."""

    type: ClassVar[str] = "membership.change_membership_type.v1"
    subject: ClassVar[str] = "membership_type_id"

    membership_type_id: UUID
    chain_id: UUID
    membership_type: MembershipTypeForm


class FreezeMembership(Command):
    """Freeze a membership: it is not debited automatically until it is unfrozen (rule A14)."""

    type: ClassVar[str] = "membership.freeze_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID


class UnfreezeMembership(Command):
    """Unfreeze a membership; its expiry date moves by the days that it was really frozen."""

    type: ClassVar[str] = "membership.unfreeze_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID


class SharedClientForm(Form):
    """A client who may use the membership beside its owner (rule S1)."""

    client_id: UUID


class ShareMembership(Command):
    """Link a client to a membership (rule S2)."""

    type: ClassVar[str] = "membership.share_membership.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    chain_id: UUID
    shared_client: SharedClientForm


class UndoForm(Form):
    """Which debits of an appointment are undone: of these lines, or all of them."""

    line_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()


class UndoDebit(Command):
    """Give debited sessions back, the appointment stands: its lines are owed (rule A10)."""

    type: ClassVar[str] = "membership.undo_debit.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    client_id: UUID
    chain_id: UUID
    location_id: UUID
    undo: UndoForm


class HoldLine(Value):
    """A line to be paid by a membership.

    `required` lines must be covered or the whole booking is refused (the gate, rule G4); the
    others hold as far as there are sessions (rule X6).
    """

    line_id: UUID
    ordinal: int
    service_id: UUID
    required: bool
    automatic_debiting: bool
    category_id: UUID | None = None


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


class ClaimLines(Request):
    """Sales asks to take money for lines (rule A16). Answered by `LinesClaimed` or `ClaimRefused`.

    A claimed line has no hold, and its start debits nothing; all of them are claimed or none.
    """

    type: ClassVar[str] = "membership.claim_lines.v1"
    subject: ClassVar[str] = "claim_id"

    claim_id: UUID
    client_id: UUID
    visit_id: UUID
    appointment_id: UUID
    line_ids: tuple[UUID, ...]


class ReturnLines(Request):
    """The payment of a claim was undone: before the start its lines are planned again (A16)."""

    type: ClassVar[str] = "membership.return_lines.v1"
    subject: ClassVar[str] = "claim_id"

    claim_id: UUID
    client_id: UUID
    appointment: Appointment


class DebitLines(Request):
    """Sales asks to debit lines by hand (rule A13). Answered by `LinesDebited` or `DebitRefused`.

    Without a `membership_id` the order of rule A5 decides. All of the lines are debited or none.
    """

    type: ClassVar[str] = "membership.debit_lines.v1"
    subject: ClassVar[str] = "debit_id"

    debit_id: UUID
    client_id: UUID
    appointment: Appointment
    line_ids: tuple[UUID, ...]
    membership_id: UUID | None = None


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


class RefusalDetail(Value):
    """Why one membership does not carry one service; without an id it speaks of all of them."""

    membership_id: UUID | None
    service_id: UUID
    rule: str
    reason: RefusalReason


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
    """Another membership carries a held line from now on, so that all stay covered (rule G6)."""

    type: ClassVar[str] = "membership.hold_moved.v1"
    subject: ClassVar[str] = "line_id"

    line_id: UUID
    appointment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    membership_id: UUID


class HoldReleased(Event):
    """Nothing is set aside for a line any more, though its booking stands (rule X6).

    `reason` says why: `visit_passed` when nobody debited it in time; more may be added.
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


class LinesClaimed(Event):
    """No session will pay these lines; money may."""

    type: ClassVar[str] = "membership.lines_claimed.v1"
    subject: ClassVar[str] = "claim_id"

    claim_id: UUID
    visit_id: UUID
    appointment_id: UUID
    line_ids: tuple[UUID, ...]


class ClaimRefused(Event):
    """Lines are debited already: no money is to be taken for them."""

    type: ClassVar[str] = "membership.claim_refused.v1"
    subject: ClassVar[str] = "claim_id"

    claim_id: UUID
    visit_id: UUID
    appointment_id: UUID
    debited_line_ids: tuple[UUID, ...]


class LinesDebited(Event):
    """Lines were debited by hand; the appointment's settlement says from where."""

    type: ClassVar[str] = "membership.lines_debited.v1"
    subject: ClassVar[str] = "debit_id"

    debit_id: UUID
    visit_id: UUID
    appointment_id: UUID
    lines: tuple[HeldLine, ...]


class DebitRefused(Event):
    """Lines cannot be debited by hand, for these reasons."""

    type: ClassVar[str] = "membership.debit_refused.v1"
    subject: ClassVar[str] = "debit_id"

    debit_id: UUID
    visit_id: UUID
    appointment_id: UUID
    reasons: tuple[RefusalDetail, ...]


class MembershipState(Value):
    """One issued membership as it is at `revision`; no expiry date means that it never expires."""

    membership_id: UUID
    revision: int
    chain_id: UUID
    membership_type_id: UUID
    name: str
    owner_client_id: UUID
    shared_client_ids: tuple[UUID, ...]
    status: Status
    expires_on: date | None
    auto_deduction: bool


class MembershipIssued(Event):
    """A membership that was sold exists now."""

    type: ClassVar[str] = "membership.membership_issued.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    sale_id: UUID
    membership: MembershipState


class IssueRefused(Event):
    """What was sold cannot be issued."""

    type: ClassVar[str] = "membership.issue_refused.v1"
    subject: ClassVar[str] = "sale_id"

    sale_id: UUID
    reason: str


class MembershipFrozen(Event):
    """A membership is frozen."""

    type: ClassVar[str] = "membership.membership_frozen.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    membership: MembershipState


class MembershipUnfrozen(Event):
    """A membership is in use again."""

    type: ClassVar[str] = "membership.membership_unfrozen.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    membership: MembershipState


class MembershipShared(Event):
    """A client may use a membership beside its owner."""

    type: ClassVar[str] = "membership.membership_shared.v1"
    subject: ClassVar[str] = "membership_id"

    membership_id: UUID
    shared_client_id: UUID
    membership: MembershipState


class LedgerEntryRecorded(Event):
    """One entry of a bucket's ledger (rule X1).

    `sessions` is a count whose direction `kind` says, except for `adjusted`, which has a sign; an
    unlimited bucket is granted 0. `revision` counts the entries of the membership; `balance` is the
    bucket's after this one, absent when it is unlimited. `client_id` is who used the session (rule
    S3).
    """

    type: ClassVar[str] = "membership.ledger_entry_recorded.v1"
    subject: ClassVar[str] = "membership_id"

    entry_id: UUID
    membership_id: UUID
    bucket_id: UUID
    revision: int
    kind: Literal["granted", "debited", "reversed", "expired", "adjusted"]
    sessions: int
    balance: int | None
    client_id: UUID | None = None
    appointment_id: UUID | None = None
    line_id: UUID | None = None
    recorded_at: Instant


class SettledLine(Value):
    """What became of one line: its debit, automatic or by hand, or why there is none."""

    line_id: UUID
    debited: bool
    membership_id: UUID | None = None
    bucket_id: UUID | None = None
    reason: RefusalReason | None = None
    automatic: bool = True


class AppointmentSettled(Event):
    """What sessions pay of one appointment; said again whenever it changes.

    `revision` counts the settlements of the appointment from 1: ignore what you have seen.
    `outcome` is `planned` until its automatic debiting, and without it: what is debited so far was
    debited by hand. `shortfall` is the number of lines with automatic debiting that neither a
    session nor a claim pays. `reversed` means that nothing is debited any more. `delay_ms` is the
    time from the start to the settlement.
    """

    type: ClassVar[str] = "membership.appointment_settled.v1"
    subject: ClassVar[str] = "appointment_id"

    appointment_id: UUID
    revision: int
    appointment_revision: int
    booking_id: UUID
    visit_id: UUID
    chain_id: UUID
    location_id: UUID
    client_id: UUID
    outcome: Literal["planned", "debited", "not_debited", "reversed"]
    lines: tuple[SettledLine, ...]
    shortfall: int
    start: Instant
    settled_at: Instant
    delay_ms: int
