"""The two public streams: every entry of the ledger, and what sessions pay."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Event, Value
from contracts.membership.holds import HeldLine
from contracts.membership.reasons import RefusalReason
from contracts.values import Instant


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
    service_id: UUID | None = None
    visit_id: UUID | None = None
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
    debited by hand, and lines with the reason `claimed` are paid with money. `held` are the lines
    that sessions are set aside for, absent in what was said before it was told. `shortfall` is the
    number of lines with automatic debiting that neither a session nor a claim pays. `reversed`
    means that nothing is debited any more. `delay_ms` is the time from the start to the settlement.
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
    held: tuple[HeldLine, ...] | None = None
