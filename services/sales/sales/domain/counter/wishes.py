"""What is wished for at the counter, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from sales.domain.counter.debits import HandDebit
from sales.domain.counter.payments import ClaimStep
from sales.domain.healings import Healing
from sales.domain.sales.outcomes import SaleOutcome

Reasons: TypeAlias = tuple[Mapping[str, object], ...]


class Refusal(StrEnum):
    """Why something is not done."""

    UNKNOWN = "unknown"
    """There is no such thing."""
    INVALID = "invalid"
    """The lines are none that could be meant."""
    PAID = "paid"
    """Something has paid a line, or is about to."""
    CONFLICT = "conflict"
    NO_MEMBERSHIP = "no_membership"
    """No session can pay."""


@dataclass(frozen=True, slots=True)
class Take:
    """Money is offered, for these lines or all that are owed."""

    payment_id: UUID
    line_ids: tuple[UUID, ...]
    method: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Undo:
    """A payment is to be given back."""

    payment_id: UUID


@dataclass(frozen=True, slots=True)
class Debit:
    """Sessions shall pay these lines, or all that are owed."""

    debit_id: UUID
    line_ids: tuple[UUID, ...]
    membership_id: UUID | None


Wish: TypeAlias = Take | Undo | Debit


@dataclass(frozen=True, slots=True)
class DebitWanted:
    """Membership is asked to debit."""

    debit: HandDebit


@dataclass(frozen=True, slots=True)
class Answered:
    """A command is done; the bill of the visit is its answer."""

    command_id: UUID
    visit_id: UUID
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Declined:
    """A command is not done; `field` is what is wrong in an invalid one."""

    command_id: UUID
    refusal: Refusal
    detail: str
    reasons: Reasons = ()
    field: str = "line_ids"


@dataclass(frozen=True, slots=True)
class Healed:
    """A membership has paid of what was not debited as far as it goes."""

    healing: Healing


Outcome: TypeAlias = ClaimStep | DebitWanted | Answered | Declined | SaleOutcome | Healed
