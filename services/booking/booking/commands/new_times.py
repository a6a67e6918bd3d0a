"""Carry out the decision about a new time that waited: say it, answer, exchange what is taken."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from booking.announcements import appointment_view, message_of
from booking.domain.bookings import Booking, Reschedule
from booking.domain.facts import KeptReason, RescheduleRefused
from booking.domain.rescheduling import accept_new_time
from booking.store import booking_changes, reschedules, slots
from booking.store.slots import Exchange
from contracts.problems import CONFLICT
from contracts.reply import Problem
from messaging import Work

CANCELLED = CONFLICT.problem("The appointment was cancelled meanwhile.")
EVENT_CHANGED = CONFLICT.problem("The event was moved or cancelled meanwhile.")


@dataclass(slots=True)
class Pending:
    """The new times that wait among some bookings, and what becomes of them in this batch."""

    by_id: dict[UUID, Reschedule]
    moved: dict[UUID, Booking] = field(default_factory=dict[UUID, Booking])
    decided: list[Reschedule] = field(default_factory=list[Reschedule])
    exchange: Exchange = field(default_factory=Exchange)

    @classmethod
    async def load(cls, work: Work, booking_ids: Collection[UUID]) -> "Pending":
        """Load what waits, under the locks of the bookings."""
        waiting = await reschedules.load(work.transaction, booking_ids) if booking_ids else []
        return cls({each.reschedule_id: each for each in waiting})

    def of_appointment(self, appointment_id: UUID) -> Reschedule | None:
        """Return the new time that waits for an appointment."""
        found = (each for each in self.by_id.values() if each.plan.appointment_id == appointment_id)
        return next(found, None)

    def of_event(self, event_id: UUID, bookings: Mapping[UUID, Booking]) -> list[Reschedule]:
        """Return the new times that lead into an event or out of it."""
        return [
            each
            for each in self.by_id.values()
            if event_id in {each.event_id, bookings[each.booking_id].event_id}
        ]

    def accept(
        self,
        work: Work,
        booking: Booking,
        reschedule: Reschedule,
        carriers: Mapping[UUID, UUID],
        *,
        cause: UUID,
    ) -> None:
        """Let the appointment have its new time; the old slots and spots are free."""
        appointment = booking.appointment(reschedule.plan.appointment_id)
        self.exchange.give_back(appointment.cells - reschedule.plan.cells)
        self.exchange.change_spots(booking.event_id, -len(appointment.lines))
        work.publish(message_of(accept_new_time(booking, reschedule, carriers)), cause=cause)
        view = appointment_view(booking, appointment)
        work.conclude(reschedule.command_id, view.model_dump(mode="json"))
        self.moved[appointment.appointment_id] = booking
        self._decide(reschedule)

    def keep_old(
        self,
        work: Work,
        booking: Booking,
        reschedule: Reschedule,
        reason: KeptReason,
        answer: Problem,
        *,
        cause: UUID,
    ) -> None:
        """Leave the appointment as it is; the new slots and spots are free."""
        appointment = booking.appointment(reschedule.plan.appointment_id)
        self.exchange.give_back(reschedule.plan.cells - appointment.cells)
        self.exchange.change_spots(reschedule.event_id, -len(reschedule.plan.lines))
        work.publish(message_of(RescheduleRefused(booking, reschedule, reason)), cause=cause)
        work.refuse(reschedule.command_id, answer)
        self._decide(reschedule)

    async def save(self, work: Work) -> None:
        """Save what was decided; the bookings that were moved are the caller's to save."""
        await booking_changes.save_plans(
            work.transaction,
            [booking.appointment(each) for each, booking in self.moved.items()],
        )
        await reschedules.remove(work.transaction, self.decided)
        await slots.exchange(work.transaction, self.exchange)

    def _decide(self, reschedule: Reschedule) -> None:
        self.by_id.pop(reschedule.reschedule_id, None)  # what is accepted at once never waited
        self.decided.append(reschedule)


def booking_ids_of(bookings: Iterable[Booking]) -> set[UUID]:
    """Return the ids of bookings, each once."""
    return {booking.booking_id for booking in bookings}
