"""What sales is asked to do, and what it says."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.base import Command, Event, Form, Value
from contracts.values import Currency, Instant, MinorUnits, Money, PaymentStatus


class MembershipSaleForm(Form):
    """A membership sold to its owner-to-be; `price` is given when it differs from the type's."""

    client_id: UUID
    membership_type_id: UUID
    price: MinorUnits | None = None
    payment: Literal["cash", "card"] = "cash"


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
