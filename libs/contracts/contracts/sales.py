"""What sales is asked to do, and what it says."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Command, Event, Form, Request, Value
from contracts.values import Currency, Instant, MinorUnits, Money, PaymentStatus


class MembershipSaleForm(Form):
    """A membership sold to its owner-to-be; `price` is given when it differs from the type's.

    `activates_on` is the date from which a type with the activation `on_date` is valid.
    """

    client_id: UUID
    membership_type_id: UUID
    price: MinorUnits | None = None
    payment: Literal["cash", "card"] = "cash"
    activates_on: date | None = None


class SellMembership(Command):
    """Sell a membership; answered when it is issued.

    The location and the membership type are told as their owners know them.
    """

    type: ClassVar[str] = "sales.sell_membership.v1"
    subject: ClassVar[str] = "sale_id"

    sale_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    membership_type_name: str
    price: Money
    sale: MembershipSaleForm


class PaymentForm(Form):
    """Money taken at the counter for lines of a visit, or for all that it owes."""

    line_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    method: Literal["cash", "card"] = "cash"


class TakePayment(Command):
    """Take money for a visit; a line is paid once (rule A16)."""

    type: ClassVar[str] = "sales.take_payment.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    visit_id: UUID
    location_id: UUID
    payment: PaymentForm


class UndoPayment(Command):
    """Give money back; before the start the lines are planned to be debited again (rule A16)."""

    type: ClassVar[str] = "sales.undo_payment.v1"
    subject: ClassVar[str] = "payment_id"

    payment_id: UUID
    visit_id: UUID
    location_id: UUID


class DebitForm(Form):
    """Lines of a visit that a session shall pay, by hand; without ids all that it owes.

    Without a `membership_id` the order of rule A5 decides.
    """

    line_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    membership_id: UUID | None = None


class DebitVisit(Command):
    """Pay lines of a visit with sessions, by hand (rule A13)."""

    type: ClassVar[str] = "sales.debit_visit.v1"
    subject: ClassVar[str] = "debit_id"

    debit_id: UUID
    visit_id: UUID
    location_id: UUID
    debit: DebitForm


class MembershipSold(Event):
    """A membership was sold; membership issues it. `time_zone` dates its validity."""

    type: ClassVar[str] = "sales.membership_sold.v1"
    subject: ClassVar[str] = "sale_id"

    sale_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    membership_type_id: UUID
    price: Money
    sold_at: Instant
    activates_on: date | None = None


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


class AppointmentOwed(Value):
    """What is owed for one appointment of a visit, in minor units of the bill's currency."""

    appointment_id: UUID
    total: int
    owed: int
    payment_status: PaymentStatus


class BillChanged(Event):
    """The bill of a visit, whole, at `revision`.

    In minor units: `total` is the price of the lines that stand, `debited` what sessions paid,
    `paid` what money paid, `owed` the rest. The four always agree.
    """

    type: ClassVar[str] = "sales.bill_changed.v1"
    subject: ClassVar[str] = "visit_id"

    visit_id: UUID
    revision: int
    location_id: UUID
    client_id: UUID
    currency: Currency
    total: int
    debited: int
    paid: int
    owed: int
    payment_status: PaymentStatus
    appointments: tuple[AppointmentOwed, ...]
