"""Values that several messages share."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from contracts.base import Value


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset, such as 2026-03-01T09:00:00Z")
    if not 1970 <= instant.year <= 2999:  # or it could not be counted with in every zone
        raise ValueError("an instant must be from 1970 to 2999")
    return instant


Instant = Annotated[datetime, AfterValidator(_in_utc)]
"""A point in time with an offset; services keep and say it in UTC (rule X5)."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""
MinorUnits = Annotated[int, Field(ge=0, le=10**12)]
"""An amount of money in the smallest unit of its currency, such as cents (rule X5)."""

VisitStatus = Literal["pending", "confirmed", "arrived", "no_show"]
DebitStatus = Literal["automatic_debiting", "debited", "not_debited"]
PaymentStatus = Literal["unpaid", "paid_partially", "paid"]


class Money(Value):
    """An amount in minor units of a currency."""

    amount: int
    currency: Currency


class AppointmentLine(Value):
    """One service, or one spot of an event, within an appointment.

    The settings are those of the booking's acceptance (rule A17). `ordinal` counts from 0 and is
    the order in which lines are debited (rule A8). What is `paid_online` has no automatic
    debiting (rule A16).
    """

    line_id: UUID
    ordinal: int
    service_id: UUID
    service_name: str
    price: Money
    membership_booking: bool
    automatic_debiting: bool
    category_id: UUID | None = None
    paid_online: bool = False


class Appointment(Value):
    """The plan of one appointment: all that its hearers need.

    `revision` grows with every change of the plan (time, lines, cancelled); `time_zone` is the
    IANA zone of the location, in which business dates are judged.
    """

    appointment_id: UUID
    revision: int
    booking_id: UUID
    visit_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    event_id: UUID | None = None
    start: Instant
    end: Instant
    accepted_at: Instant
    lines: tuple[AppointmentLine, ...]
