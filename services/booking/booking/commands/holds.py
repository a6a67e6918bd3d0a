"""Decide bookings that waited for membership: by its answer, or because time is up."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from booking.announcements import booking_view, message_of
from booking.domain.bookings import Booking
from booking.domain.decisions import accept, refuse
from booking.store import bookings as booking_store
from booking.store import slots
from contracts.base import derive_id
from contracts.membership import HoldPlaced, HoldRefused
from contracts.problems import BOOKING_TIMED_OUT, MEMBERSHIP_REFUSAL, NO_SUITABLE_MEMBERSHIP
from messaging import Delivery, Work
from postgres import Transaction

Answer = Delivery[HoldPlaced] | Delivery[HoldRefused]

_CLAIM_DUE: Final = """
SELECT booking_id FROM bookings
WHERE state = 'requested' AND decide_by <= now()
ORDER BY booking_id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
"""
_NEXT_DUE: Final = "SELECT min(decide_by) FROM bookings WHERE state = 'requested'"


async def hear_answers(work: Work, answers: Sequence[Answer]) -> None:
    """Accept or refuse what membership was asked about.

    An answer about a booking that is decided already changes nothing: when it was refused,
    membership has been told so, and releases what it holds (rule X7).
    """
    bookings = await booking_store.load(
        work.transaction, (answer.body.booking_id for answer in answers)
    )
    decided: list[Booking] = []
    for answer in answers:
        booking = bookings.get(answer.body.booking_id)
        if booking is None or booking.state != "requested":
            continue
        _decide(work, booking, answer)
        decided.append(booking)
    await _save(work, decided)


def _decide(work: Work, booking: Booking, answer: Answer) -> None:
    body = answer.body
    match body:
        case HoldPlaced():
            carriers = {line.line_id: line.membership_id for line in body.lines}
            work.publish(message_of(accept(booking, carriers, work.now)), cause=answer.id)
            view = booking_view(booking)
            work.conclude(booking.command_id, view.model_dump(mode="json"), status=201)
        case HoldRefused():
            refused = refuse(booking, "no_suitable_membership")
            work.publish(message_of(refused), cause=answer.id)
            reasons = [reason.model_dump(mode="json") for reason in body.reasons]
            problem = NO_SUITABLE_MEMBERSHIP.problem(MEMBERSHIP_REFUSAL, reasons=reasons)
            work.refuse(booking.command_id, problem)


async def claim_due(transaction: Transaction, *, at_most: int) -> list[UUID]:
    """Lock bookings that should have been decided by now, and that no other replica has locked."""
    return [row["booking_id"] for row in await transaction.fetch(_CLAIM_DUE, at_most)]


async def next_due(transaction: Transaction) -> datetime | None:
    """Return when the next booking must be decided, None when no one waits."""
    return await transaction.fetchval(_NEXT_DUE)


async def time_out(work: Work, booking_ids: Iterable[UUID]) -> None:
    """Refuse bookings that were not decided in time, under the locks that are held (rule X7)."""
    bookings = await booking_store.load(work.transaction, booking_ids)
    for booking in bookings.values():
        cause = derive_id(booking.booking_id, "time out")
        work.publish(message_of(refuse(booking, "timed_out")), cause=cause)
        problem = BOOKING_TIMED_OUT.problem("Nothing is booked: the memberships did not answer.")
        work.refuse(booking.command_id, problem)
    await _save(work, list(bookings.values()))


async def _save(work: Work, decided: Sequence[Booking]) -> None:
    if not decided:
        return
    await booking_store.save_decided(work.transaction, decided)
    await slots.free(
        work.transaction,
        (
            (booking, appointment)
            for booking in decided
            if booking.state == "refused"
            for appointment in booking.appointments
        ),
    )
