"""Refuse what was not decided, or not paid, in time (rule X7)."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from booking.commands import deciding
from booking.commands.new_times import Pending
from booking.domain.bookings import Booking
from booking.store import bookings
from contracts.base import derive_id
from contracts.problems import BOOKING_TIMED_OUT
from messaging import Work

_NOT_BOOKED: Final = BOOKING_TIMED_OUT.problem("Nothing is booked: the memberships did not answer.")
_NOT_MOVED: Final = BOOKING_TIMED_OUT.problem(
    "The appointment stays as it was: the memberships did not answer."
)


async def refuse_due(work: Work, booking_ids: Iterable[UUID]) -> None:
    """Refuse what is due among these bookings, under the locks that are held."""
    found = await bookings.load(work.transaction, booking_ids)
    pending = await Pending.load(work, list(found))
    refused = [booking for booking in found.values() if _refuse(work, booking)]
    for reschedule in list(pending.by_id.values()):
        if reschedule.decide_by <= work.now:
            booking = found[reschedule.booking_id]
            cause = derive_id(reschedule.reschedule_id, "time out")
            pending.keep_old(work, booking, reschedule, "timed_out", _NOT_MOVED, cause=cause)
    await pending.save(work)
    await deciding.save(work, refused)


def _refuse(work: Work, booking: Booking) -> bool:
    """Return whether the booking was due. An unpaid one was answered when it began to wait."""
    if booking.decide_by > work.now:
        return False
    cause = derive_id(booking.booking_id, "time out")
    match booking.state:
        case "requested":
            deciding.turn_down(work, booking, "timed_out", cause=cause, answer=_NOT_BOOKED)
        case "awaiting_payment":
            deciding.turn_down(work, booking, "unpaid", cause=cause, answer=None)
        case "accepted" | "refused":
            return False
    return True
