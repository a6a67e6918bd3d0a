"""The bill of a visit, computed from what is known of its appointments.

All amounts are in minor units of one currency (rule X5).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final
from uuid import UUID

from sales.domain.facts import Appointment, Line, Plan, Standing, Taken

_NOTHING: Final = Taken(0)


class PaymentStatus(StrEnum):
    """What a bill, or an appointment on it, still waits for."""

    UNPAID = "unpaid"
    PAID_PARTIALLY = "paid_partially"
    PAID = "paid"


class MixedCurrenciesError(Exception):
    """A visit is billed in the one currency of its location."""


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line that stands. A session pays all of it or nothing, and money never more (A8, A16).

    A `discount` comes with money, so a line that is debited has none.
    """

    line: Line
    debited: bool
    membership_id: UUID | None
    paid: int
    discount: int = 0

    @property
    def total(self) -> int:
        """What it costs."""
        return self.line.price - self.discount

    @property
    def owed(self) -> int:
        """The rest."""
        return 0 if self.debited else self.total - self.paid


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


def bill_of(appointments: Iterable[Appointment], currency: str | None) -> Bill | None:
    """Return the bill of these appointments, `None` while no plan tells its currency.

    `currency` is that of the bill before. Raises `MixedCurrenciesError`.
    """
    planned = sorted(
        ((each.plan, each) for each in appointments if each.plan is not None),
        key=lambda pair: (pair[0].start, pair[1].appointment_id),
    )
    currencies = {plan.currency for plan, _ in planned} or ({currency} if currency else set())
    if len(currencies) > 1:
        raise MixedCurrenciesError(f"appointment {planned[0][1]}: {sorted(currencies)}")
    if not currencies:
        return None
    parts = tuple(_part(plan, appointment) for plan, appointment in planned)
    lines = [line for part in parts for line in part.lines]
    total = sum(part.total for part in parts)
    owed = sum(part.owed for part in parts)
    return Bill(
        currency=currencies.pop(),
        total=total,
        debited=sum(each.line.price for each in lines if each.debited),
        paid=sum(each.paid for each in lines),
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
            return tuple(line for line in plan.lines if line.automatic_debiting or line.paid_online)
        case Standing.CANCELLED:
            return ()


def _part(plan: Plan, appointment: Appointment) -> AppointmentBill:
    lines = tuple(_line(line, appointment) for line in standing_lines(plan))
    total = sum(each.total for each in lines)
    owed = sum(each.owed for each in lines)
    status = payment_status(total=total, owed=owed)
    return AppointmentBill(appointment.appointment_id, total, owed, status, lines)


def _line(line: Line, appointment: Appointment) -> BillLine:
    debits = appointment.debits
    if line.line_id in debits:
        return BillLine(line, debited=True, membership_id=debits[line.line_id], paid=0)
    taken = appointment.taken.get(line.line_id, _NOTHING)
    discount = min(taken.discount, line.price)
    money = min(appointment.amounts.get(line.line_id, 0) + taken.amount, line.price - discount)
    return BillLine(line, debited=False, membership_id=None, paid=money, discount=discount)
