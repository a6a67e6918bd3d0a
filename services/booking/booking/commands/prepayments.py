"""Follow the online payments of bookings that wait for them."""

from collections.abc import Sequence
from uuid import UUID

from booking.announcements import message_of
from booking.commands import deciding
from booking.domain.bookings import Booking
from booking.domain.decisions import accept
from booking.store import bookings
from contracts.sales import PaymentFailed, PaymentReceived
from messaging import Delivery, Work

News = Delivery[PaymentReceived] | Delivery[PaymentFailed]


async def hear_payments(work: Work, news: Sequence[News]) -> None:
    """Let stand what is paid, and refuse what will not be.

    What does not wait for a payment does not change: of a booking that was refused meanwhile, sales
    gives the money back (rule X7).
    """
    found = await bookings.load(work.transaction, (each.body.booking_id for each in news))
    decided: dict[UUID, Booking] = {}
    for each in news:
        booking = found.get(each.body.booking_id)
        if booking is None or booking.state != "awaiting_payment":
            continue
        decided[booking.booking_id] = booking
        match each.body:
            case PaymentReceived():
                fact = accept(booking, booking.location.at(work.now))
                work.publish(message_of(fact), cause=each.id)
            case PaymentFailed():
                deciding.turn_down(work, booking, "unpaid", cause=each.id, answer=None)
    await deciding.save(work, list(decided.values()))
