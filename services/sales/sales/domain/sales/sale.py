"""A sale: its lines, who pays each of them, and how far it has come.

All amounts are in minor units of the sale's currency (rule X5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5


class State(StrEnum):
    """How far a sale has come; each state waits for what its name says."""

    DEBITING = "debiting"
    """Sessions are asked to pay lines of the visit."""
    CLAIMING = "claiming"
    """Membership decides which lines are left to money (rule A16)."""
    OPENING = "opening"
    """The provider is asked for a page to pay at."""
    AWAITING_PAYMENT = "awaiting_payment"
    ISSUING = "issuing"
    """The memberships that are sold are issued."""
    COMPLETED = "completed"
    REFUSED = "refused"
    REFUNDING = "refunding"
    REFUNDED_PARTIALLY = "refunded_partially"
    REFUNDED = "refunded"


IN_FLIGHT: Final = frozenset(
    {
        State.DEBITING,
        State.CLAIMING,
        State.OPENING,
        State.AWAITING_PAYMENT,
        State.ISSUING,
        State.REFUNDING,
    }
)
"""The states in which something is waited for."""


class Kind(StrEnum):
    """What a line is of."""

    VISIT = "visit"
    PRODUCT = "product"
    MEMBERSHIP = "membership"


class Payer(StrEnum):
    """What pays a line."""

    ASKED = "asked"
    """A session, or money: membership decides."""
    MEMBERSHIP = "membership"
    MONEY = "money"


class Refund(StrEnum):
    """How far a line is given back."""

    NONE = "none"
    ASKED = "asked"
    GRANTED = "granted"
    """The membership is voided, or the debit is reversed."""
    KEPT = "kept"
    """The membership is in use, and cannot be taken back."""
    REVERSING = "reversing"
    DONE = "done"


@dataclass(slots=True)
class SaleLine:
    """One line; `price` and `discount` are those of all its pieces.

    A line of a visit has its `line_id` and `appointment_id`, and the `membership_id` that pays it;
    a membership that is sold has its type, and the `membership_id` that was issued.
    `reversal_revision` is the first settlement that shows a refund.
    """

    sale_line_id: UUID
    ordinal: int
    kind: Kind
    name: str
    quantity: int
    price: int
    discount: int
    payer: Payer = Payer.MONEY
    line_id: UUID | None = None
    appointment_id: UUID | None = None
    membership_type_id: UUID | None = None
    activates_on: date | None = None
    membership_id: UUID | None = None
    refund: Refund = Refund.NONE
    reversal_revision: int | None = None

    @property
    def visited(self) -> tuple[UUID, UUID]:
        """The appointment, and the line of it, that a line of the visit pays."""
        assert self.appointment_id is not None, "it was found on the bill"
        assert self.line_id is not None, "it is a line of the visit"
        return self.appointment_id, self.line_id

    @property
    def to_pay(self) -> int:
        """What money pays of it, or will unless a session does."""
        return 0 if self.payer is Payer.MEMBERSHIP else self.price - self.discount


@dataclass(slots=True)
class Sale:
    """What a client buys and pays. `command_id` waits for the answer until `is_answered`.

    `sold_at` is the effective time; `payment_id` names the online payment, if there is one.
    `refund_command_id` waits for the answer of the refund that is under way.
    """

    sale_id: UUID
    command_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    visit_id: UUID | None
    currency: str
    method: str
    sold_at: datetime
    lines: list[SaleLine]
    state: State = State.DEBITING
    is_answered: bool = False
    payment_id: UUID | None = None
    refund_id: UUID | None = None
    refund_command_id: UUID | None = None
    checkout_url: str | None = None

    @property
    def to_pay(self) -> int:
        """What money pays of it."""
        return sum(line.to_pay for line in self.lines)

    @property
    def refunded(self) -> int:
        """What of the money went back."""
        return sum(line.to_pay for line in self.lines if line.refund is Refund.DONE)

    @property
    def is_in_flight(self) -> bool:
        """Whether something is waited for."""
        return self.state in IN_FLIGHT

    @property
    def is_sold(self) -> bool:
        """Whether its money was taken."""
        return self.state in {
            State.COMPLETED,
            State.REFUNDING,
            State.REFUNDED_PARTIALLY,
            State.REFUNDED,
        }

    @property
    def online_payment_id(self) -> UUID:
        """The id that the online payment has, if there is one."""
        return uuid5(self.sale_id, "online_payment")

    @property
    def counter_payment_id(self) -> UUID:
        """The id that the payment for lines of the visit has, if there is one."""
        return uuid5(self.sale_id, "counter_payment")

    def of_kind(self, kind: Kind) -> Iterator[SaleLine]:
        """Give the lines of a kind."""
        return (line for line in self.lines if line.kind is kind)
