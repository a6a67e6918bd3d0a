"""Another time for an appointment, or the same again, under the settings as they are now (G11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from booking.domain.bookings import Appointment, Booking, Reschedule
from booking.domain.decisions import plan_payment
from booking.domain.diary import Diary
from booking.domain.facts import AppointmentRescheduled
from booking.domain.planning import WantedAppointment, WantedLine, WantedSpots
from booking.domain.refusals import Refusal, invalid
from booking.domain.submission import Submission, plan
from booking.domain.visits import must_stand


@dataclass(frozen=True, slots=True)
class NewTime:
    """A start, or for spots another event. Without a team member the same ones perform it."""

    start: datetime | None
    event_id: UUID | None
    team_member_id: UUID | Literal["any"] | None


@dataclass(frozen=True, slots=True)
class Copy:
    """The ids that an appointment and its lines, in their order, have at the new time."""

    appointment_id: UUID
    line_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """The same services at another time: either an appointment or spots."""

    appointments: tuple[WantedAppointment, ...]
    spots: WantedSpots | None


def again(
    booking: Booking, appointment: Appointment, at: NewTime, copy: Copy, *, keep_paid: bool
) -> Again:
    """Return what is wanted at the new time.

    With `keep_paid`, what was paid online stays paid, and nothing else is. Raises `Refusal`
    "invalid-request".
    """
    if booking.event_id is not None:
        if at.event_id is None:
            raise invalid("event_id", "spots in an event are had again in another event")
        paid = appointment.lines[0].paid_online if keep_paid else None
        return Again((), WantedSpots(copy.appointment_id, at.event_id, copy.line_ids, paid))
    if at.start is None:
        raise invalid("start", "an appointment that is no event needs a start")
    lines = tuple(
        WantedLine(
            line_id,
            line.service_id,
            _team_member(at, line.team_member_id),
            paid_online=line.paid_online if keep_paid else None,
        )
        for line_id, line in zip(copy.line_ids, appointment.lines, strict=True)
    )
    return Again((WantedAppointment(copy.appointment_id, at.start, lines),), None)


def must_be_movable(
    booking: Booking, appointment: Appointment, *, at: datetime, online: bool
) -> None:
    """Refuse what has ended or begun, and a client who asks after the deadline (rule A2).

    Raises `Refusal` "conflict" or "rescheduling-too-late".
    """
    must_stand(appointment)
    if at >= appointment.start:
        raise Refusal("conflict", "The appointment has begun.")
    if online and at > appointment.free_cancellation_until:
        deadline = booking.location.local(appointment.free_cancellation_until)
        raise Refusal("rescheduling-too-late", f"Rescheduling was possible until {deadline}.")


def replan(
    booking: Booking, appointment: Appointment, wanted: NewTime, diary: Diary, asked: Submission
) -> Appointment:
    """Take the new slots or spots and return the appointment as it will be.

    Its own slots count as free for it. The settings are those of now (rule A17), but what was
    paid online stays so, at the price that was paid. Raises the refusals of `plan`.
    """
    _must_be_another_event(booking, appointment, wanted, diary)
    with diary.giving(appointment.cells):
        [new] = plan(asked, diary)
    new.revision = appointment.revision + 1
    for old_line, line in zip(appointment.lines, new.lines, strict=True):
        if line.paid_online:
            line.price = old_line.price
    return new


def accept_new_time(
    booking: Booking, reschedule: Reschedule, carriers: Mapping[UUID, UUID]
) -> AppointmentRescheduled:
    """Let an appointment have its new time; the old one is void (rules G11, A15).

    What the old start may have debited is given back by membership.
    """
    appointment, new = booking.appointment(reschedule.plan.appointment_id), reschedule.plan
    for line in new.lines:
        line.membership_id = carriers.get(line.line_id)
    booking.event_id = reschedule.event_id
    return move(booking, appointment, new, reschedule.asked_at)


def move(
    booking: Booking, appointment: Appointment, new: Appointment, at: datetime
) -> AppointmentRescheduled:
    """Give an appointment the plan `new`, as of the effective time `at`."""
    previous_start = appointment.start
    if booking.location.day_of(new.start) != booking.location.day_of(previous_start):
        appointment.bill_revision = 0  # another visit has a bill of its own
    appointment.start, appointment.end = new.start, new.end
    appointment.free_cancellation_until = new.free_cancellation_until
    appointment.revision = new.revision
    appointment.lines = new.lines
    if appointment.state == "accepted":
        plan_payment(appointment)
    return AppointmentRescheduled(booking, appointment, at, previous_start)


def _must_be_another_event(
    booking: Booking, appointment: Appointment, wanted: NewTime, diary: Diary
) -> None:
    if wanted.event_id is None or wanted.event_id not in diary.events:
        return
    if wanted.event_id == booking.event_id:
        raise invalid("event_id", "is the event of this appointment already")
    if diary.events[wanted.event_id].service_id != appointment.lines[0].service_id:
        raise invalid("event_id", "is an event of another service")


def _team_member(at: NewTime, before: UUID | None) -> UUID | None:
    match at.team_member_id:
        case "any":
            return None
        case None:
            return before
        case asked_for:
            return asked_for
