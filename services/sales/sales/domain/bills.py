"""The bill of a visit, computed from what booking planned and what membership settled.

Both arrive in any order; each is kept in its newest revision, and the bill follows from them.
All amounts are in minor units of one currency (rule X5).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import TypeAlias
from uuid import UUID


class Standing(StrEnum):
    """Whether an appointment's lines stand on the bill."""

    ACCEPTED = "accepted"
    """All of them."""
    CHARGED = "charged"
    """Cancelled with charge: those with automatic debiting, debited or owed (rule A2)."""
    CANCELLED = "cancelled"
    """Cancelled without charge: none."""


class PaymentStatus(StrEnum):
    """What a bill, or an appointment on it, still waits for."""

    UNPAID = "unpaid"
    PAID_PARTIALLY = "paid_partially"
    PAID = "paid"


class MixedCurrenciesError(Exception):
    """A visit is billed in the one currency of its location."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a visit is."""

    chain_id: UUID
    location_id: UUID
    client_id: UUID


@dataclass(frozen=True, slots=True)
class Line:
    """A service, or a spot in an event, with its price."""

    line_id: UUID
    ordinal: int
    service_name: str
    price: int
    automatic_debiting: bool


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


Fact: TypeAlias = Plan | Settlement


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is known of an appointment; either half may be heard first."""

    appointment_id: UUID
    visit_id: UUID
    plan: Plan | None = None
    settlement: Settlement | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """What was planned, as far as it is known."""
        return self.plan.lines if self.plan else ()

    @property
    def debits(self) -> Mapping[UUID, UUID | None]:
        """What sessions paid, as far as it is known."""
        return self.settlement.debits if self.settlement else {}

    def after(self, fact: Fact) -> "Appointment":
        """Return the appointment with `fact`, or itself if it knows a newer one of its kind."""
        known = self.plan if isinstance(fact, Plan) else self.settlement
        if known is not None and fact.revision <= known.revision:
            return self
        if isinstance(fact, Plan):
            return replace(self, plan=fact)
        return replace(self, settlement=fact)


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line that stands; a session pays all of it or nothing (rules A8, A16)."""

    line: Line
    debited: bool
    membership_id: UUID | None


@dataclass(frozen=True, slots=True)
class AppointmentBill:
    """An appointment's part of the bill."""

    appointment_id: UUID
    total: int
    owed: int
    payment_status: PaymentStatus
    lines: tuple[BillLine, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """What a visit costs, what sessions and money paid of it, and the rest."""

    currency: str
    total: int
    debited: int
    paid: int
    owed: int
    payment_status: PaymentStatus
    appointments: tuple[AppointmentBill, ...]

    @property
    def lines(self) -> Iterable[tuple[UUID, BillLine]]:
        """The lines that stand, each with its appointment's id."""
        return chain.from_iterable(
            ((part.appointment_id, line) for line in part.lines) for part in self.appointments
        )


@dataclass(slots=True)
class Visit:
    """The appointments of one client on one day at one location; `revision` is its bill's."""

    visit_id: UUID
    owner: Owner
    revision: int = 0
    appointments: dict[UUID, Appointment] = field(default_factory=dict[UUID, Appointment])
    _before: dict[UUID, Appointment | None] = field(
        default_factory=dict[UUID, Appointment | None], init=False
    )

    def hear(self, appointment_id: UUID, fact: Fact) -> bool:
        """Keep what is newer about one of the appointments; tell whether it was."""
        known = self.appointments.get(appointment_id)
        before = known or Appointment(appointment_id, self.visit_id)
        after = before.after(fact)
        if after is before:
            return False
        self._before.setdefault(appointment_id, known)
        self.appointments[appointment_id] = after
        return True

    def changes(self) -> Iterator[tuple[Appointment | None, Appointment]]:
        """Give the appointments that heard something new: as they were, and as they are."""
        for appointment_id, before in self._before.items():
            yield before, self.appointments[appointment_id]

    def bill(self) -> Bill | None:
        """Return the bill, `None` while nothing is known but settlements.

        Raises `MixedCurrenciesError`.
        """
        planned = sorted(
            (
                (appointment.plan, appointment)
                for appointment in self.appointments.values()
                if appointment.plan is not None
            ),
            key=lambda pair: (pair[0].start, pair[1].appointment_id),
        )
        if not planned:
            return None
        currencies = {plan.currency for plan, _ in planned}
        if len(currencies) > 1:
            raise MixedCurrenciesError(f"visit {self.visit_id}: {sorted(currencies)}")
        parts = tuple(_part(plan, appointment) for plan, appointment in planned)
        total = sum(part.total for part in parts)
        owed = sum(part.owed for part in parts)
        return Bill(
            currency=currencies.pop(),
            total=total,
            debited=total - owed,
            paid=0,
            owed=owed,
            payment_status=payment_status(total=total, owed=owed),
            appointments=parts,
        )


def payment_status(*, total: int, owed: int) -> PaymentStatus:
    """Return what is still to pay (rules A9, A12); where nothing is owed, all is paid."""
    if owed == 0:
        return PaymentStatus.PAID
    return PaymentStatus.UNPAID if owed == total else PaymentStatus.PAID_PARTIALLY


def standing_lines(plan: Plan) -> tuple[Line, ...]:
    """Return the lines that are to be paid."""
    match plan.standing:
        case Standing.ACCEPTED:
            return plan.lines
        case Standing.CHARGED:
            return tuple(line for line in plan.lines if line.automatic_debiting)
        case Standing.CANCELLED:
            return ()


def _part(plan: Plan, appointment: Appointment) -> AppointmentBill:
    debits = appointment.debits
    lines = tuple(
        BillLine(line, line.line_id in debits, debits.get(line.line_id))
        for line in standing_lines(plan)
    )
    total = sum(each.line.price for each in lines)
    owed = sum(each.line.price for each in lines if not each.debited)
    return AppointmentBill(
        appointment.appointment_id, total, owed, payment_status(total=total, owed=owed), lines
    )
