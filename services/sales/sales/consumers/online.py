"""What messages mean for online payments."""

from collections.abc import Iterator

from contracts.base import Message
from contracts.booking import AppointmentCancelled, BookingRefused
from contracts.sales import RecordProviderEvent, RequestPayment
from sales.commands.payments import Cancelled, ProviderSaid, Refused, Requested, Step
from sales.domain.payments import PaidLine, Payment
from sales.domain.visits import Owner


def steps(message: Message) -> Iterator[Step]:
    """Give what a message means for online payments."""
    match message:
        case RequestPayment():
            yield Requested(_payment(message))
        case RecordProviderEvent():
            yield ProviderSaid(
                message.payment_id, message.kind, message.amount.amount, message.amount.currency
            )
        case BookingRefused():
            yield Refused(message.booking_id)
        case AppointmentCancelled(charge=False):
            yield Cancelled(message.appointment.booking_id, message.appointment_id)
        case _:
            pass


def _payment(asked: RequestPayment) -> Payment:
    return Payment(
        payment_id=asked.payment_id,
        booking_id=asked.booking_id,
        owner=Owner(asked.chain_id, asked.location_id, asked.client_id),
        amount=asked.amount.amount,
        currency=asked.amount.currency,
        description=asked.description,
        expires_at=asked.expires_at,
        session_expires_at=asked.expires_at,
        lines=[
            PaidLine(line.line_id, line.appointment_id, line.visit_id, line.amount)
            for line in asked.lines
        ],
    )
