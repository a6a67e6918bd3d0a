"""Online payments."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Event, Request, Value
from contracts.values import Instant, Money


class PaidLine(Value):
    """What a payment pays of one line, in minor units of the payment's currency."""

    line_id: UUID
    appointment_id: UUID
    visit_id: UUID
    amount: int


class RequestPayment(Request):
    """Booking asks for an online payment; unpaid at `expires_at`, the booking is refused."""

    type: ClassVar[str] = "sales.request_payment.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    booking_id: UUID
    chain_id: UUID
    location_id: UUID
    client_id: UUID
    amount: Money
    description: str
    lines: tuple[PaidLine, ...]
    expires_at: Instant


class RecordProviderEvent(Request):
    """The payment provider says, signed, what became of a payment.

    `provider_event_id` is the provider's own id, and `reference` its name of the payment.
    """

    type: ClassVar[str] = "sales.record_provider_event.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    provider_event_id: str
    kind: Literal["paid", "expired", "failed", "refunded"]
    reference: str
    amount: Money


class PaymentReceived(Event):
    """An online payment came in."""

    type: ClassVar[str] = "sales.payment_received.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    amount: Money
    received_at: Instant


class PaymentFailed(Event):
    """An online payment will not come in."""

    type: ClassVar[str] = "sales.payment_failed.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    reason: str


class PaymentRefunded(Event):
    """Money went back to the client, for these lines."""

    type: ClassVar[str] = "sales.payment_refunded.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    booking_id: UUID
    location_id: UUID
    client_id: UUID
    amount: Money
    line_ids: tuple[UUID, ...]
