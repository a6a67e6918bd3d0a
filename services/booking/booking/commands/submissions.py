"""Submit bookings: take slots and spots, and ask for the sessions that a membership is to pay."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from booking.announcements import message_of
from booking.commands import deciding
from booking.commands.asked import Asked, answering, location_within_reach
from booking.commands.diaries import open_diaries
from booking.commands.wishes import Wish, wish_again, wish_of, within_reach
from booking.domain.bookings import Appointment, Booking
from booking.domain.clients import Client
from booking.domain.decisions import Patience
from booking.domain.facts import HoldAsked
from booking.domain.submission import plan
from booking.store import booking_changes, bookings, catalogue, clients, slots
from contracts.base import derive_id
from contracts.booking import RepeatAppointment, SubmitBooking
from messaging import Work


@dataclass(frozen=True, slots=True)
class _Planned:
    """A wish that has its slots or spots."""

    wish: Wish
    appointments: list[Appointment]

    @property
    def booking_id(self) -> UUID:
        return self.wish.asked.body.booking_id


async def submit_bookings(
    work: Work, asked: Sequence[Asked[SubmitBooking]], *, patience: Patience
) -> None:
    """Take what is asked for and accept it, or first ask for sessions, or for the payment.

    The locks of the events and team members are held already.
    """
    locations = await catalogue.locations(
        work.transaction, (each.body.location_id for each in asked)
    )
    wishes: list[Wish] = []
    for each in asked:
        with answering(work, each):
            location = location_within_reach(each, locations, each.body.location_id)
            wishes.append(wish_of(each, location))
    await _submit(work, wishes, patience)


async def repeat_appointments(
    work: Work, asked: Sequence[Asked[RepeatAppointment]], *, patience: Patience
) -> None:
    """Book the same services again, for the same client (rule G11)."""
    repeated = await bookings.load_of(
        work.transaction, (each.body.appointment_id for each in asked)
    )
    wishes: list[Wish] = []
    for each in asked:
        with answering(work, each):
            wishes.append(wish_again(each, *within_reach(each, repeated)))
    await _submit(work, wishes, patience)


async def _submit(work: Work, wishes: Sequence[Wish], patience: Patience) -> None:
    planned = await _plan(work, wishes)
    if not planned:
        return
    who = await clients.find_or_add(
        work.transaction,
        {
            each.wish.number: Client(_new_client_id(), each.wish.name, (each.wish.number[1],))
            for each in reversed(planned)  # of several new ones with a number the first counts
        },
    )
    submitted = [
        booking_of(
            each.wish,
            each.appointments,
            who[each.wish.number],
            patience.decide_by(each.wish.location, each.wish.asked.at, work.now),
        )
        for each in planned
    ]
    for booking in submitted:
        if booking.by_membership:
            work.publish(message_of(HoldAsked(booking)), cause=booking.command_id)
        else:
            deciding.go_on(work, booking, patience, cause=booking.command_id)
    await booking_changes.add(work.transaction, submitted)
    await slots.take(
        work.transaction,
        (
            (stretch, appointment.appointment_id)
            for each in planned
            for appointment in each.appointments
            for stretch in appointment.stretches
        ),
    )
    await slots.change_spots(work.transaction, _spots(submitted))


def _new_client_id() -> UUID:
    """Return an id that nobody can tell from one that was given long ago.

    One derived from the booking would tell whoever types a number whether it was known (rule G8).
    """
    return derive_id(uuid4(), "client")


async def _plan(work: Work, wishes: Sequence[Wish]) -> list[_Planned]:
    if not wishes:
        return []
    locations = {wish.location.location_id: wish.location for wish in wishes}
    submissions = [wish.submission for wish in wishes]
    diaries = await open_diaries(work.transaction, locations, submissions)
    planned: list[_Planned] = []
    for wish in wishes:
        with answering(work, wish.asked):
            appointments = plan(wish.submission, diaries[wish.location.location_id])
            planned.append(_Planned(wish, appointments))
    return planned


def booking_of(
    wish: Wish, appointments: list[Appointment], client: Client, decide_by: datetime
) -> Booking:
    """Return what was planned as a booking that nobody has decided yet.

    Whoever has not confirmed the phone reads the name that was typed, and not whose number it is.
    """
    spots = wish.submission.spots
    return Booking(
        booking_id=wish.asked.body.booking_id,
        command_id=wish.asked.id,
        location=wish.location,
        client_id=client.client_id,
        client=client if wish.submission.is_trusted else replace(client, name=wish.name),
        event_id=None if spots is None else spots.event_id,
        submitted_at=wish.asked.at,
        decide_by=decide_by,
        state="requested",
        appointments=appointments,
    )


def _spots(submitted: Sequence[Booking]) -> dict[UUID, int]:
    spots: dict[UUID, int] = {}
    for booking in submitted:
        if booking.event_id is not None:
            taken = sum(len(appointment.lines) for appointment in booking.appointments)
            spots[booking.event_id] = spots.get(booking.event_id, 0) + taken
    return spots
