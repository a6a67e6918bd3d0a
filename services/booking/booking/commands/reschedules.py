"""Give appointments another time, at once or when membership has held the sessions (rule G11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from booking.announcements import message_of
from booking.commands.asked import Asked, answering
from booking.commands.diaries import open_diaries
from booking.commands.new_times import Pending, booking_ids_of
from booking.commands.wishes import ONLINE, new_time, within_reach
from booking.domain.bookings import Appointment, Booking, Reschedule
from booking.domain.decisions import Patience
from booking.domain.diary import Diary
from booking.domain.facts import NewTimeHoldAsked
from booking.domain.refusals import Refusal
from booking.domain.rescheduling import Copy, NewTime, again, must_be_movable, replan
from booking.domain.submission import Submission
from booking.store import booking_changes, bookings, reschedules
from contracts.booking import RescheduleAppointment
from messaging import Work


@dataclass(frozen=True, slots=True)
class _Wish:
    asked: Asked[RescheduleAppointment]
    booking: Booking
    appointment: Appointment
    new_time: NewTime
    submission: Submission


async def reschedule_appointments(
    work: Work, asked: Sequence[Asked[RescheduleAppointment]], *, patience: Patience
) -> None:
    """Take the new slots and spots; what no membership is to pay has its new time at once.

    The rest keeps the old time too, until membership has answered.
    """
    found = await bookings.load_of(work.transaction, (each.body.appointment_id for each in asked))
    pending = await Pending.load(work, booking_ids_of(found.values()))
    wishes: list[_Wish] = []
    for each in asked:
        with answering(work, each):
            booking, appointment = within_reach(each, found)
            if any(wish.appointment is appointment for wish in wishes):
                raise _another_waits()
            wishes.append(_wish(each, booking, appointment, pending))
    if not wishes:
        return
    locations = {wish.booking.location.location_id: wish.booking.location for wish in wishes}
    submissions = [wish.submission for wish in wishes]
    diaries = await open_diaries(work.transaction, locations, submissions)
    waiting: list[Reschedule] = []
    for wish in wishes:
        with answering(work, wish.asked):
            diary = diaries[wish.booking.location.location_id]
            reschedule = _reschedule(work, wish, diary, patience)
            _take(pending, wish, reschedule)
            if reschedule.plan.by_membership:
                waiting.append(reschedule)
                fact = NewTimeHoldAsked(wish.booking, reschedule)
                work.publish(message_of(fact), cause=wish.asked.id)
            else:
                diary.taken -= wish.appointment.cells - reschedule.plan.cells
                pending.accept(work, wish.booking, reschedule, {}, cause=wish.asked.id)
    await pending.save(work)
    await booking_changes.save_decided(work.transaction, _each_once(pending))
    await reschedules.add(work.transaction, waiting)


def _wish(
    asked: Asked[RescheduleAppointment],
    booking: Booking,
    appointment: Appointment,
    pending: Pending,
) -> _Wish:
    online = asked.principal.role in ONLINE
    must_be_movable(booking, appointment, at=asked.at, online=online)
    if pending.of_appointment(appointment.appointment_id) is not None:
        raise _another_waits()
    wanted = new_time(asked.body.new_time)
    same = Copy(appointment.appointment_id, tuple(line.line_id for line in appointment.lines))
    there = again(booking, appointment, wanted, same, keep_paid=True)
    submission = Submission(
        submitted_at=asked.at,
        online=online,
        phone_confirmed=True,  # only the client, or whom the chain trusts, reaches an appointment
        appointments=there.appointments,
        spots=there.spots,
    )
    return _Wish(asked, booking, appointment, wanted, submission)


def _another_waits() -> Refusal:
    return Refusal("conflict", "Another new time of this appointment is not decided yet.")


def _reschedule(work: Work, wish: _Wish, diary: Diary, patience: Patience) -> Reschedule:
    return Reschedule(
        reschedule_id=wish.asked.body.reschedule_id,
        command_id=wish.asked.id,
        booking_id=wish.booking.booking_id,
        asked_at=wish.asked.at,
        decide_by=patience.decide_by(wish.booking.location, wish.asked.at, work.now),
        event_id=wish.new_time.event_id,
        plan=replan(wish.booking, wish.appointment, wish.new_time, diary, wish.submission),
    )


def _take(pending: Pending, wish: _Wish, reschedule: Reschedule) -> None:
    """Take what the appointment does not have already."""
    plan = reschedule.plan
    pending.exchange.take(plan.cells - wish.appointment.cells, plan.appointment_id)
    pending.exchange.change_spots(reschedule.event_id, len(plan.lines))


def _each_once(pending: Pending) -> list[Booking]:
    return list({booking.booking_id: booking for booking in pending.moved.values()}.values())
