"""An online payment: asked for by a booking, taken by the provider, given back where it must be.

What becomes of the booking and what the provider says arrive in any order, and repeatedly: money
that came in for what does not stand is given back once. Amounts are in minor units (rule X5).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from sales.domain.visits import Owner

# The provider's pages are open for half an hour at least and a day at most; an errand that has to
# be repeated for a while must still be within that. What has to end earlier is closed.
SHORTEST_PAGE: Final = timedelta(hours=1)
LONGEST_PAGE: Final = timedelta(hours=23)


class State(StrEnum):
    """How far a payment has come."""

    CREATED = "created"
    """Asked for; there is no checkout page yet."""
    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    """All of it was given back."""


class Refund(StrEnum):
    """How far a line's money has come back."""

    NONE = "none"
    ASKED = "asked"
    DONE = "done"


class ErrandKind(StrEnum):
    """What the provider is asked to do."""

    OPEN = "open"
    """Make a checkout page."""
    CLOSE = "close"
    """Close it, or learn that it was paid."""
    REFUND = "refund"


class WrongAmountError(Exception):
    """The provider speaks of another amount than was asked for."""


@dataclass(slots=True)
class PaidLine:
    """What a payment pays of one line."""

    line_id: UUID
    appointment_id: UUID
    visit_id: UUID
    amount: int
    refund: Refund = Refund.NONE


@dataclass(frozen=True, slots=True)
class Received:
    """The money is here; the booking may stand."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The money will not come."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money went back."""

    line_ids: tuple[UUID, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Errand:
    """The provider is to be asked; `line_ids` and `amount` are those of a refund."""

    kind: ErrandKind
    due_at: datetime | None = None
    """At once if it is not said."""
    line_ids: tuple[UUID, ...] = ()
    amount: int = 0


Outcome: TypeAlias = Received | Failed | Refunded | Errand


@dataclass(slots=True)
class Payment:
    """A payment. `expires_at` is by the chain's clock, `session_expires_at` by the provider's.

    `revision` counts the changes of what is paid. `refused` says that the booking does not stand,
    `cancelled` which appointments ended without charge. That of a sale has its `sale_id` in the
    place of the booking's, and its lines are those of the sale.
    """

    payment_id: UUID
    booking_id: UUID
    owner: Owner
    amount: int
    currency: str
    description: str
    expires_at: datetime
    session_expires_at: datetime
    lines: list[PaidLine]
    state: State = State.CREATED
    revision: int = 0
    session_id: str | None = None
    checkout_url: str | None = None
    refused: bool = False
    cancelled: set[UUID] = field(default_factory=set[UUID])
    sale_id: UUID | None = None

    @property
    def refunded(self) -> int:
        """How much went back."""
        return sum(line.amount for line in self.lines if line.refund is Refund.DONE)

    @property
    def is_waited_for(self) -> bool:
        """Whether the money may still come in."""
        return self.state in {State.CREATED, State.OPEN}


def ask(payment: Payment, *, closes_at: datetime, now: datetime) -> list[Outcome]:
    """Ask for a new payment, until `closes_at`; both instants are by the database's clock."""
    if payment.refused:
        payment.state = State.FAILED
        return []
    at_least, at_most = now + SHORTEST_PAGE, now + LONGEST_PAGE
    payment.session_expires_at = min(max(closes_at, at_least), at_most)
    return [Errand(ErrandKind.OPEN), Errand(ErrandKind.CLOSE, closes_at)]


def open_page(payment: Payment, session_id: str, checkout_url: str) -> list[Outcome]:
    """Note the checkout page that the provider made."""
    payment.session_id, payment.checkout_url = session_id, checkout_url
    if payment.state is State.CREATED:
        payment.state = State.OPEN
    return refuse(payment) if payment.refused else []


def refuse(payment: Payment) -> list[Outcome]:
    """Give up the payment of a booking that does not stand."""
    payment.refused = True
    if payment.is_waited_for:
        payment.state = State.EXPIRED
    if payment.state is State.EXPIRED:
        return [Errand(ErrandKind.CLOSE)]
    return give_back(payment)


def receive(payment: Payment, amount: int, currency: str) -> list[Outcome]:
    """Take the money in, once. Raises `WrongAmountError`.

    What comes in for a booking that was refused, or told that nothing would come, goes back.
    """
    if payment.state in {State.PAID, State.REFUNDED}:
        return []
    if (amount, currency) != (payment.amount, payment.currency):
        raise WrongAmountError(
            f"payment {payment.payment_id}: {amount} {currency}, asked for were"
            f" {payment.amount} {payment.currency}"
        )
    was_waited_for, payment.state = payment.is_waited_for, State.PAID
    payment.revision += 1
    if not was_waited_for:
        payment.refused = True
    return give_back(payment) if payment.refused else [Received(), *give_back(payment)]


def fail(payment: Payment, state: State, reason: str) -> list[Outcome]:
    """Note that the money will not come; `state` says how."""
    if not payment.is_waited_for:
        return []
    payment.state = state
    return [Failed(reason)]


def cancel(payment: Payment, appointment_id: UUID) -> list[Outcome]:
    """Give back what was paid for an appointment that ended without charge."""
    payment.cancelled.add(appointment_id)
    return give_back(payment)


def give_back(payment: Payment) -> list[Outcome]:
    """Ask for a refund of what was paid and does not stand, unless it is asked for already."""
    if payment.state is not State.PAID:
        return []
    due = [
        line
        for line in payment.lines
        if line.refund is Refund.NONE
        and line.amount > 0
        and (payment.refused or line.appointment_id in payment.cancelled)
    ]
    return _ask_refund(due)


def give_back_lines(payment: Payment, line_ids: Collection[UUID]) -> list[Outcome]:
    """Ask for a refund of what was paid for these lines, unless it is asked for already."""
    return _ask_refund(
        [
            line
            for line in payment.lines
            if line.line_id in line_ids and line.refund is Refund.NONE and line.amount > 0
        ]
    )


def _ask_refund(due: Sequence[PaidLine]) -> list[Outcome]:
    for line in due:
        line.refund = Refund.ASKED
    if not due:
        return []
    amount = sum(line.amount for line in due)
    return [Errand(ErrandKind.REFUND, None, tuple(line.line_id for line in due), amount)]


def note_refund(payment: Payment, line_ids: Sequence[UUID]) -> list[Outcome]:
    """Note that the provider gave back what was paid for these lines."""
    done = [
        line
        for line in payment.lines
        if line.line_id in line_ids and line.refund is not Refund.DONE
    ]
    for line in done:
        line.refund = Refund.DONE
    if not done:
        return []
    payment.revision += 1
    if payment.refunded == payment.amount:
        payment.state = State.REFUNDED
    amount = sum(line.amount for line in done)
    return [Refunded(tuple(line.line_id for line in done), amount)]


def receipts(payment: Payment) -> dict[UUID, dict[UUID, int]]:
    """Return what is paid and not given back: amounts by line, by appointment."""
    amounts: dict[UUID, dict[UUID, int]] = {line.appointment_id: {} for line in payment.lines}
    for line in payment.lines:
        if line.refund is not Refund.DONE and line.amount > 0:
            amounts[line.appointment_id][line.line_id] = line.amount
    return amounts
