"""Submit bookings: take slots and spots, and ask for the sessions that a membership is to pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from booking.announcements import booking_view, message_of
from booking.commands.asked import Asked, answering, location_within_reach
from booking.commands.diaries import open_diaries
from booking.commands.phones import phone_number
from booking.domain.bookings import Appointment, Booking
from booking.domain.catalogue import Location
from booking.domain.decisions import accept
from booking.domain.facts import HoldAsked
from booking.domain.refusals import Refusal
from booking.domain.submission import (
    Diary,
    Submission,
    WantedAppointment,
    WantedLine,
    WantedSpots,
    plan,
)
from booking.store import bookings as booking_store
from booking.store import clients, slots
from booking.store.clients import Client, Number
from contracts.base import derive_id
from contracts.booking import BookingForm, SubmitBooking
from messaging import Work
from web import Role

ONLINE: Final = {Role.GATEWAY, Role.WIDGET}
"""Whoever books for clients themselves; all others are the back office (rule G4)."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A submission that has its slots or spots."""

    asked: Asked[SubmitBooking]
    location: Location
    number: Number
    appointments: list[Appointment]


async def submit_bookings(
    work: Work, asked: Sequence[Asked[SubmitBooking]], *, decided_within: timedelta
) -> None:
    """Take what is asked for and accept it, or ask membership to hold sessions first.

    What waits for membership longer than `decided_within` is refused (rule X7). The locks of the
    events and team members are held already.
    """
    diaries = await open_diaries(work.transaction, [each.body for each in asked])
    planned = _plan(work, asked, diaries)
    if not planned:
        return
    who = await clients.find_or_add(
        work.transaction,
        {
            each.number: Client(derive_id(each.asked.body.booking_id, "client"), _form(each).name)
            for each in reversed(planned)  # of several new ones with a number the first counts
        },
    )
    bookings = [_booking(work, each, who[each.number], decided_within) for each in planned]
    for booking in bookings:
        _decide(work, booking)
    await booking_store.add(work.transaction, bookings)
    await slots.take(
        work.transaction,
        (
            (stretch, appointment.appointment_id)
            for each in planned
            for appointment in each.appointments
            for stretch in appointment.stretches
        ),
    )
    await slots.change_spots(work.transaction, _spots(bookings))


def _plan(
    work: Work, asked: Sequence[Asked[SubmitBooking]], diaries: Mapping[UUID, Diary]
) -> list[_Planned]:
    locations = {location_id: diary.location for location_id, diary in diaries.items()}
    planned: list[_Planned] = []
    for each in asked:
        with answering(work, each):
            location = location_within_reach(each, locations, each.body.location_id)
            number = (location.chain_id, phone_number(each.body.booking.phone, location.region))
            appointments = plan(_submission(each), diaries[location.location_id])
            planned.append(_Planned(each, location, number, appointments))
    return planned


def _decide(work: Work, booking: Booking) -> None:
    """Accept what no membership is to pay; ask membership about the rest (rule X6)."""
    if booking.by_membership:
        work.publish(message_of(HoldAsked(booking)), cause=booking.command_id)
        return
    work.publish(message_of(accept(booking, {}, work.now)), cause=booking.command_id)
    view = booking_view(booking)
    work.conclude(booking.command_id, view.model_dump(mode="json"), status=201)


def _booking(work: Work, planned: _Planned, client: Client, decided_within: timedelta) -> Booking:
    form = _form(planned)
    return Booking(
        booking_id=planned.asked.body.booking_id,
        command_id=planned.asked.id,
        location=planned.location,
        client_id=client.client_id,
        client_name=client.name,
        event_id=None if form.spots is None else form.spots.event_id,
        submitted_at=planned.asked.at,
        decide_by=work.now + decided_within,
        state="requested",
        appointments=planned.appointments,
    )


def _form(planned: _Planned) -> BookingForm:
    return planned.asked.body.booking


def _spots(bookings: Sequence[Booking]) -> dict[UUID, int]:
    spots: dict[UUID, int] = {}
    for booking in bookings:
        if booking.event_id is not None:
            taken = sum(len(appointment.lines) for appointment in booking.appointments)
            spots[booking.event_id] = spots.get(booking.event_id, 0) + taken
    return spots


def _submission(asked: Asked[SubmitBooking]) -> Submission:
    """Translate the form; a phone is vouched for by a trusted gateway alone (rule G8)."""
    form, booking_id = asked.body.booking, asked.body.booking_id
    if form.phone_confirmed and asked.principal.role is Role.WIDGET:
        raise Refusal("forbidden", "Only a trusted gateway may say that a phone is confirmed.")
    spots = None
    if form.spots is not None:
        appointment_id = derive_id(booking_id, "appointment")
        line_ids = tuple(
            derive_id(appointment_id, "line", ordinal=number) for number in range(form.spots.spots)
        )
        spots = WantedSpots(appointment_id, form.spots.event_id, line_ids)
    return Submission(
        submitted_at=asked.at,
        online=asked.principal.role in ONLINE,
        phone_confirmed=form.phone_confirmed and asked.principal.may_vouch_for_phones,
        appointments=_wanted_appointments(form, booking_id),
        spots=spots,
    )


def _wanted_appointments(form: BookingForm, booking_id: UUID) -> tuple[WantedAppointment, ...]:
    wanted: list[WantedAppointment] = []
    for number, appointment in enumerate(form.appointments):
        appointment_id = derive_id(booking_id, "appointment", ordinal=number)
        lines = tuple(
            WantedLine(
                derive_id(appointment_id, "line", ordinal=ordinal),
                line.service_id,
                line.team_member_id,
            )
            for ordinal, line in enumerate(appointment.lines)
        )
        wanted.append(WantedAppointment(appointment_id, appointment.start, lines))
    return tuple(wanted)
