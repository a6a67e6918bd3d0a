"""What sales answers: the same shapes from its own API, in replies, and at the public edge."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Value
from contracts.membership_views import Candidate
from contracts.values import Appointment, Instant, Money, PaymentStatus


class SaleLineView(Value):
    """One line of a sale, of a kind as in its form; `sale_line_id` names it for a refund.

    `paid_by` says what paid it. Of a line of the visit there is its `line_id`, of a membership that
    was sold its `membership_type_id`; `membership_id` is the membership that paid, or was sold.
    """

    sale_line_id: UUID
    kind: Literal["visit", "product", "membership"]
    name: str
    quantity: int
    price: Money
    discount: Money
    to_pay: Money
    paid_by: Literal["membership", "cash", "card", "online"] | None
    line_id: UUID | None = None
    appointment_id: UUID | None = None
    membership_type_id: UUID | None = None
    membership_id: UUID | None = None
    refunded: bool = False


class SaleView(Value):
    """A sale, with its lines.

    `to_pay` is what money pays. While it is `awaiting_payment` the client pays at `checkout_url`.
    `membership_id` is the first membership that was sold, for sales of one.
    """

    sale_id: UUID
    location_id: UUID
    client_id: UUID
    visit_id: UUID | None
    state: Literal[
        "pending",
        "awaiting_payment",
        "completed",
        "refused",
        "refunding",
        "refunded_partially",
        "refunded",
    ]
    method: Literal["cash", "card", "online"]
    lines: tuple[SaleLineView, ...]
    to_pay: Money
    refunded: Money
    sold_at: Instant
    membership_id: UUID | None = None
    payment_id: UUID | None = None
    checkout_url: str | None = None


class SaleList(Value):
    """Sales of a location or a client, newest first."""

    sales: tuple[SaleView, ...]
    next_cursor: str | None
    names: dict[UUID, str] = Field(default_factory=dict)
    """Those of the clients of a location's sales; who was erased has none."""


class ProposedLine(Value):
    """A line that the visit owes; `membership_id` would be applied by itself (rule S5)."""

    line_id: UUID
    appointment_id: UUID
    service_name: str
    price: Money
    membership_id: UUID | None
    candidates: tuple[Candidate, ...]


class SaleProposal(Value):
    """What a sale of a visit would be now: what memberships pay, and what is left to pay."""

    client_id: UUID
    visit_id: UUID
    lines: tuple[ProposedLine, ...]
    to_pay: Money
    names: dict[UUID, str] = Field(default_factory=dict[UUID, str])


class OwedLine(Value):
    """A line that nothing paid; `debit_failed` if its automatic debiting found no session."""

    line_id: UUID
    appointment_id: UUID
    service_name: str
    owed: Money
    debit_failed: bool


class DebtView(Value):
    """What a visit owes that has begun."""

    visit_id: UUID
    location_id: UUID
    client_id: UUID
    start: Instant
    owed: Money
    lines: tuple[OwedLine, ...]


class DebtList(Value):
    """What clients owe for visits that have begun, oldest first; `total` has a row a currency."""

    debts: tuple[DebtView, ...]
    total: tuple[Money, ...]


class OwedLines(Value):
    """Lines that visits owe, with the appointments as membership needs them to judge."""

    lines: tuple[OwedLine, ...]
    appointments: tuple[Appointment, ...]


class UnpaidVisits(Value):
    """Lines of visits that were not debited, which a membership could pay now, oldest first."""

    membership_id: UUID
    lines: tuple[OwedLine, ...]
    total: tuple[Money, ...]


class SettledVisits(Value):
    """What a membership paid of visits that were not debited, and what it could not pay.

    Why not, the proposal of the visit's sale says, candidate by candidate.
    """

    settlement_id: UUID
    membership_id: UUID
    settled_line_ids: tuple[UUID, ...]
    refused_line_ids: tuple[UUID, ...]


class PaymentView(Value):
    """An online payment, of a booking or of a sale.

    `open` has the `checkout_url` where the client pays; `created` will have it in a moment.
    """

    payment_id: UUID
    booking_id: UUID | None
    location_id: UUID
    client_id: UUID
    amount: Money
    refunded: Money
    state: Literal["created", "open", "paid", "failed", "expired", "refunded"]
    checkout_url: str | None
    expires_at: Instant
    sale_id: UUID | None = None


class BillLineView(Value):
    """One line of a bill; a session or money pays it, once (rule A16)."""

    line_id: UUID
    appointment_id: UUID
    service_name: str
    price: Money
    debited: bool
    membership_id: UUID | None
    paid: Money
    discount: Money | None = None


class CounterPaymentView(Value):
    """Money taken at the counter for lines of a visit.

    `to_give_back` is what of it pays nothing that stands: a line was cancelled, say. The payment is
    undone to give it back.
    """

    payment_id: UUID
    visit_id: UUID
    method: Literal["cash", "card", "online"]
    amount: Money
    line_ids: tuple[UUID, ...]
    taken_at: Instant
    undone: bool
    sale_id: UUID | None = None
    to_give_back: Money | None = None


class BillView(Value):
    """What one visit owes and why: the lines that stand, always equal to the totals."""

    visit_id: UUID
    location_id: UUID
    client_id: UUID
    revision: int
    total: Money
    debited: Money
    paid: Money
    owed: Money
    payment_status: PaymentStatus
    lines: tuple[BillLineView, ...]
    payments: tuple[CounterPaymentView, ...] = ()
