"""Lines that sales takes money for, or has debited by hand."""

from typing import ClassVar
from uuid import UUID

from contracts.base import Event, Request
from contracts.membership.holds import HeldLine
from contracts.membership.reasons import RefusalDetail
from contracts.values import Appointment


class ClaimLines(Request):
    """Sales asks to take money for lines (rule A16). Answered by `LinesClaimed` or `ClaimRefused`.

    A claimed line has no hold, and its start debits nothing; all of them are claimed or none. With
    the `appointment` as sales knows it, its settlement says from now on what is claimed.
    """

    type: ClassVar[str] = "membership.claim_lines.v1"
    subject: ClassVar[str] = "claim_id"

    claim_id: UUID
    client_id: UUID
    visit_id: UUID
    appointment_id: UUID
    line_ids: tuple[UUID, ...]
    appointment: Appointment | None = None


class ReturnLines(Request):
    """The payment of a claim was undone: before the start its lines are planned again (A16)."""

    type: ClassVar[str] = "membership.return_lines.v1"
    subject: ClassVar[str] = "claim_id"

    claim_id: UUID
    client_id: UUID
    appointment: Appointment


class DebitLines(Request):
    """Sales asks to debit lines by hand (rule A13). Answered by `LinesDebited` or `DebitRefused`.

    Without a `membership_id` the order of rule A5 decides. All of the lines are debited or none,
    but with `partly` those that a membership can pay, and the answer is always `LinesDebited`.
    """

    type: ClassVar[str] = "membership.debit_lines.v1"
    subject: ClassVar[str] = "debit_id"

    debit_id: UUID
    client_id: UUID
    appointment: Appointment
    line_ids: tuple[UUID, ...]
    membership_id: UUID | None = None
    partly: bool = False


class ReverseLines(Request):
    """Sales gives debited sessions back, for a sale is refunded (rule A10).

    Answered by `LinesReversed`, which names those that were debited; a line that is not debited
    any more stays as it is.
    """

    type: ClassVar[str] = "membership.reverse_lines.v1"
    subject: ClassVar[str] = "reversal_id"

    reversal_id: UUID
    client_id: UUID
    appointment: Appointment
    line_ids: tuple[UUID, ...]


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
    """Lines were debited by hand; the appointment's settlement says so from this revision on."""

    type: ClassVar[str] = "membership.lines_debited.v1"
    subject: ClassVar[str] = "debit_id"

    debit_id: UUID
    visit_id: UUID
    appointment_id: UUID
    lines: tuple[HeldLine, ...]
    settlement_revision: int | None = None


class DebitRefused(Event):
    """Lines cannot be debited by hand, for these reasons."""

    type: ClassVar[str] = "membership.debit_refused.v1"
    subject: ClassVar[str] = "debit_id"

    debit_id: UUID
    visit_id: UUID
    appointment_id: UUID
    reasons: tuple[RefusalDetail, ...]


class LinesReversed(Event):
    """Sessions were given back; the settlement says so from this revision on."""

    type: ClassVar[str] = "membership.lines_reversed.v1"
    subject: ClassVar[str] = "reversal_id"

    reversal_id: UUID
    visit_id: UUID
    appointment_id: UUID
    line_ids: tuple[UUID, ...]
    settlement_revision: int | None = None
