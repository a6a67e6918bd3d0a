"""What is said of an appointment: its plan, its settlement, and what money paid online.

Each arrives from elsewhere, in any order, and is kept in its newest revision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class Standing(StrEnum):
    """Whether an appointment's lines stand on the bill."""

    ACCEPTED = "accepted"
    """All of them."""
    CHARGED = "charged"
    """Cancelled with charge: those debited automatically or paid online (rule A2)."""
    CANCELLED = "cancelled"
    """Cancelled without charge: none."""


@dataclass(frozen=True, slots=True)
class Line:
    """A service, or a spot in an event, with its price."""

    line_id: UUID
    ordinal: int
    service_name: str
    price: int
    automatic_debiting: bool
    paid_online: bool = False
    membership_booking: bool = False

    @property
    def is_for_sessions(self) -> bool:
        """Whether a session is set aside for it, or will be debited at the start."""
        return self.automatic_debiting or self.membership_booking


@dataclass(frozen=True, slots=True)
class Plan:
    """One revision of what booking says of an appointment."""

    revision: int
    standing: Standing
    start: datetime
    currency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """One revision of what membership debited: the membership that paid, by line."""

    revision: int
    debits: Mapping[UUID, UUID | None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """One revision of what an online payment paid and was not given back, by line."""

    revision: int
    amounts: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class Taken:
    """What money paid at the counter for a line, and the discount that was given for it."""

    amount: int
    discount: int = 0


Fact: TypeAlias = Plan | Settlement | Receipt


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is known of an appointment; `visit_id` is that of its newest plan, once it has one."""

    appointment_id: UUID
    visit_id: UUID
    plan: Plan | None = None
    settlement: Settlement | None = None
    receipt: Receipt | None = None
    taken: Mapping[UUID, Taken] = field(default_factory=dict[UUID, Taken])
    """What money paid at the counter and stands, by line."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """What was planned, as far as it is known."""
        return self.plan.lines if self.plan else ()

    @property
    def debits(self) -> Mapping[UUID, UUID | None]:
        """What sessions paid, as far as it is known."""
        return self.settlement.debits if self.settlement else {}

    @property
    def amounts(self) -> Mapping[UUID, int]:
        """What money paid online, as far as it is known."""
        return self.receipt.amounts if self.receipt else {}

    def after(self, fact: Fact, visit_id: UUID) -> "Appointment":
        """Return the appointment with `fact`, or itself if it knows a newer one of its kind.

        A plan may name another visit than before; what else is said of the appointment may still
        name an old one, and does not move it.
        """
        match fact:
            case Plan() if _is_newer(fact, self.plan):
                return replace(self, plan=fact, visit_id=visit_id)
            case Settlement() if _is_newer(fact, self.settlement):
                return replace(self, settlement=fact)
            case Receipt() if _is_newer(fact, self.receipt):
                return replace(self, receipt=fact)
            case _:
                return self


def _is_newer(fact: Fact, known: Fact | None) -> bool:
    return known is None or fact.revision > known.revision
