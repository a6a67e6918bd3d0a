"""What sales answers: the same shapes from its own API, in replies, and at the public edge."""

from typing import Literal
from uuid import UUID

from contracts.base import Value
from contracts.values import Instant, Money, PaymentStatus


class SaleView(Value):
    """A sale of a membership."""

    sale_id: UUID
    location_id: UUID
    client_id: UUID
    membership_type_id: UUID
    membership_type_name: str
    membership_id: UUID | None
    price: Money
    payment: Literal["cash", "card"]
    state: Literal["pending", "completed", "refused"]
    sold_at: Instant


class PaymentView(Value):
    """An online payment, of `lines` of a booking.

    `open` has the `checkout_url` where the client pays; `created` will have it in a moment.
    """

    payment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    amount: Money
    refunded: Money
    state: Literal["created", "open", "paid", "failed", "expired", "refunded"]
    checkout_url: str | None
    expires_at: Instant


class BillLineView(Value):
    """One line of a bill; a session or money pays it, once (rule A16)."""

    line_id: UUID
    appointment_id: UUID
    service_name: str
    price: Money
    debited: bool
    membership_id: UUID | None
    paid: Money


class CounterPaymentView(Value):
    """Money taken at the counter for lines of a visit.

    `to_give_back` is what of it pays nothing that stands: a line was cancelled, say. The payment is
    undone to give it back.
    """

    payment_id: UUID
    visit_id: UUID
    method: Literal["cash", "card"]
    amount: Money
    line_ids: tuple[UUID, ...]
    taken_at: Instant
    undone: bool
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
