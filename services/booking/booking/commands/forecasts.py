"""Say what a submission would take, by the same decisions, without locks and without a trace."""

from datetime import datetime
from uuid import uuid4

from booking.announcements import booking_view, hold_sessions
from booking.commands.asked import Asked
from booking.commands.diaries import open_diaries
from booking.commands.submissions import booking_of
from booking.commands.wishes import Wish, wish_of
from booking.domain.bookings import Booking
from booking.domain.catalogue import Location
from booking.domain.clients import Client
from booking.domain.decisions import accept
from booking.domain.submission import plan
from booking.store import clients
from contracts.base import derive_id
from contracts.booking import BookingForm, SubmitBooking
from contracts.booking_views import BookingPlan
from contracts.values import Money
from postgres import Transaction
from web import Principal


async def plan_booking(
    transaction: Transaction, principal: Principal, location: Location, form: BookingForm
) -> BookingPlan:
    """Plan a submission as if it came now.

    Its ids are of this answer alone. Raises the `Refusal` that the submission would meet.
    """
    now: datetime = await transaction.fetchval("SELECT now()")
    command = SubmitBooking(booking_id=uuid4(), location_id=location.location_id, booking=form)
    wish = wish_of(Asked(uuid4(), location.at(now), principal, command), location)
    locations = {location.location_id: location}
    [diary] = (await open_diaries(transaction, locations, [wish.submission])).values()
    appointments = plan(wish.submission, diary)
    booking = booking_of(wish, appointments, await _client(transaction, wish), decide_by=now)
    hold = hold_sessions(booking) if booking.by_membership else None
    if hold is None:
        _go_on(booking, now)
    to_pay = Money(amount=booking.to_pay, currency=location.currency) if booking.to_pay else None
    return BookingPlan(booking=booking_view(booking), hold=hold, to_pay=to_pay)


def _go_on(booking: Booking, now: datetime) -> None:
    if booking.to_pay:
        booking.state = "awaiting_payment"
    else:
        accept(booking, booking.location.at(now))


async def _client(transaction: Transaction, wish: Wish) -> Client:
    """Return who is known by the number; it is told to nobody who has not confirmed it (G8)."""
    new_id = derive_id(wish.asked.body.booking_id, "client")
    somebody_new = Client(new_id, wish.name, (wish.number[1],))
    if not wish.submission.is_trusted:
        return somebody_new
    known = await clients.find(transaction, [wish.number])
    return known.get(wish.number, somebody_new)
