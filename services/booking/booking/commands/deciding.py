"""Carry out a decision about a booking: say it, answer the command, save it."""

from collections.abc import Sequence
from uuid import UUID

from booking.announcements import booking_view, message_of
from booking.domain import decisions
from booking.domain.bookings import Booking
from booking.domain.decisions import Patience
from booking.domain.facts import RefusalReason
from booking.store import booking_changes, slots
from contracts.reply import Problem
from messaging import Work


def go_on(work: Work, booking: Booking, patience: Patience, *, cause: UUID) -> None:
    """Let a booking stand, or wait for its payment, and tell the client."""
    fact = decisions.go_on(booking, work.now, patience)
    work.publish(message_of(fact), cause=cause)
    view = booking_view(booking)
    work.conclude(booking.command_id, view.model_dump(mode="json"), status=201)


def turn_down(
    work: Work, booking: Booking, reason: RefusalReason, *, cause: UUID, answer: Problem | None
) -> None:
    """Refuse a booking; without an answer the command had its answer already."""
    work.publish(message_of(decisions.refuse(booking, reason)), cause=cause)
    if answer is not None:
        work.refuse(booking.command_id, answer)


async def save(work: Work, decided: Sequence[Booking]) -> None:
    """Save bookings that were decided, each once; what was refused gives back what it took."""
    await booking_changes.save_decided(work.transaction, decided)
    await slots.free(
        work.transaction,
        (
            (booking, appointment)
            for booking in decided
            if booking.state == "refused"
            for appointment in booking.appointments
        ),
    )
