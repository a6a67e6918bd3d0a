"""A submission: the slots and spots that it takes, or why it cannot have them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from booking.domain.bookings import Appointment
from booking.domain.cells import Cell
from booking.domain.diary import Diary
from booking.domain.planning import Terms, WantedAppointment, WantedSpots, in_a_row, in_an_event
from booking.domain.prepayment import FIELD
from booking.domain.refusals import Refusal, invalid


@dataclass(frozen=True, slots=True)
class Submission:
    """What a client asks for; `online` says that nobody of the location books it (rule G4).

    `pay_online` is the client's choice (rule G3).
    """

    submitted_at: datetime
    online: bool
    phone_confirmed: bool
    appointments: tuple[WantedAppointment, ...] = ()
    spots: WantedSpots | None = None
    pay_online: bool | None = None

    @property
    def is_trusted(self) -> bool:
        """Whether the phone is confirmed, or the location's own people book (rule G8)."""
        return self.phone_confirmed or not self.online


def plan(submission: Submission, diary: Diary) -> list[Appointment]:
    """Take the slots or spots of a submission, all or none, and return its appointments.

    Raises `Refusal` "not-found", "invalid-request", "conflict", "phone-not-confirmed",
    "slot-taken" or "event-full".
    """
    terms = Terms(submission.submitted_at, submission.online, submission.pay_online)
    if submission.spots is not None:
        appointment = in_an_event(terms, submission.spots, diary)
        _pass_the_gate(submission, [appointment], diary)
        _take_spots(diary, submission.spots.event_id, len(appointment.lines))
        return [appointment]
    taken: set[Cell] = set()
    appointments: list[Appointment] = []
    for wanted in submission.appointments:
        planned = in_a_row(terms, wanted, diary, taken)
        taken |= planned.cells
        appointments.append(planned)
    _pass_the_gate(submission, appointments, diary)
    diary.taken |= taken
    return appointments


def _take_spots(diary: Diary, event_id: UUID, spots: int) -> None:
    event = diary.events[event_id]
    left = event.capacity - event.spots_taken
    if spots > left:
        raise Refusal("event-full", f"{left} of {event.capacity} spots are free.")
    event.spots_taken += spots


def _pass_the_gate(
    submission: Submission, appointments: Iterable[Appointment], diary: Diary
) -> None:
    """Online, sessions are spent only by whoever has the client's phone (rule G8)."""
    lines = [line for each in appointments for line in each.lines]
    if submission.pay_online and not any(line.paid_online for line in lines):
        raise invalid(FIELD, "nothing of this is paid online")
    if submission.is_trusted:
        return
    if any(line.by_membership for line in lines):
        detail = "This is booked with a membership: confirm the phone number."
        raise Refusal("phone-not-confirmed", detail)
    if diary.location.phone_confirmation:
        detail = "Online booking needs a confirmed phone number here."
        raise Refusal("phone-not-confirmed", detail)
