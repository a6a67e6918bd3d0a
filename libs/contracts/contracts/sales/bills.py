"""What visits owe."""

from typing import ClassVar
from uuid import UUID

from contracts.base import Event, Value
from contracts.values import Currency, PaymentStatus


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
