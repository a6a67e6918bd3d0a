"""What clients want, out of the forms that say so, and whether it is theirs to ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from booking.commands.asked import Asked
from booking.commands.phones import phone_number
from booking.domain.bookings import Appointment, Booking
from booking.domain.catalogue import Location
from booking.domain.planning import WantedAppointment, WantedLine, WantedSpots
from booking.domain.refusals import Refusal, unknown
from booking.domain.rescheduling import Copy, NewTime, again
from booking.domain.submission import Submission
from booking.store.clients import Number
from contracts.base import derive_id
from contracts.booking import (
    BookingForm,
    CancelAppointment,
    NewTimeForm,
    RepeatAppointment,
    RescheduleAppointment,
    SetVisitStatus,
    SubmitBooking,
)
from web import Principal, Role

ONLINE: Final = {Role.GATEWAY, Role.WIDGET, Role.CLIENT}
"""Whoever books for clients themselves; all others are the back office (rule G4)."""

AboutAppointment = CancelAppointment | RepeatAppointment | RescheduleAppointment | SetVisitStatus


@dataclass(frozen=True, slots=True)
class Wish:
    """A submission, and the client, who is known by a number."""

    asked: Asked[SubmitBooking] | Asked[RepeatAppointment]
    location: Location
    number: Number
    name: str
    submission: Submission


def wish_of(asked: Asked[SubmitBooking], location: Location) -> Wish:
    """Translate a form; who may vouch for a phone is rule G8's."""
    form, principal = asked.body.booking, asked.principal
    phone = phone_number(form.phone, location.region)
    booking_id = asked.body.booking_id
    submission = Submission(
        submitted_at=asked.at,
        online=principal.role in ONLINE,
        phone_confirmed=_is_confirmed(principal, form, phone),
        appointments=_wanted_appointments(form, booking_id),
        spots=_wanted_spots(form, booking_id),
        pay_online=form.pay_online,
    )
    return Wish(asked, location, (location.chain_id, phone), form.name, submission)


def wish_again(asked: Asked[RepeatAppointment], booking: Booking, appointment: Appointment) -> Wish:
    """Let the same client have the same services at another time, by today's settings (G11)."""
    form = asked.body.repeat
    if booking.client.name is None:
        raise Refusal("conflict", "The client was erased.")
    appointment_id = derive_id(asked.body.booking_id, "appointment")
    ids = tuple(_line_id(appointment_id, number) for number in range(len(appointment.lines)))
    same = again(booking, appointment, new_time(form), Copy(appointment_id, ids), keep_paid=False)
    submission = Submission(
        submitted_at=asked.at,
        online=asked.principal.role in ONLINE,
        phone_confirmed=True,  # only the client, or whom the chain trusts, reaches an appointment
        appointments=same.appointments,
        spots=same.spots,
        pay_online=form.pay_online,
    )
    number = (booking.location.chain_id, booking.client.phones[0])
    return Wish(asked, booking.location, number, booking.client.name, submission)


def new_time(form: NewTimeForm) -> NewTime:
    """Translate the form."""
    return NewTime(form.start, form.event_id, form.team_member_id)


def within_reach(
    asked: Asked[AboutAppointment], bookings: Mapping[UUID, Booking]
) -> tuple[Booking, Appointment]:
    """Return the appointment with its booking; what is somebody else's is not found."""
    appointment_id, location_id = asked.body.appointment_id, asked.body.location_id
    booking = bookings.get(appointment_id)
    if (
        booking is None
        or booking.location.location_id != location_id
        or not asked.principal.reaches(booking.location.chain_id, location_id)
        or not is_own(asked.principal, booking)
    ):
        raise unknown(f"appointment {appointment_id}")
    return booking, booking.appointment(appointment_id)


def is_own(principal: Principal, booking: Booking) -> bool:
    """Return whether a client asks about a booking of the client's; others are no clients (G8)."""
    return principal.role is not Role.CLIENT or principal.phone in booking.client.phones


def _is_confirmed(principal: Principal, form: BookingForm, phone: str) -> bool:
    if principal.role is Role.CLIENT:
        if phone != principal.phone:
            detail = "The phone number is another than the one that was confirmed."
            raise Refusal("phone-not-confirmed", detail)
        return True
    if form.phone_confirmed and principal.role is Role.WIDGET:
        raise Refusal("forbidden", "Only a trusted gateway may say that a phone is confirmed.")
    return form.phone_confirmed and principal.may_vouch_for_phones


def _wanted_spots(form: BookingForm, booking_id: UUID) -> WantedSpots | None:
    if form.spots is None:
        return None
    appointment_id = derive_id(booking_id, "appointment")
    line_ids = tuple(_line_id(appointment_id, number) for number in range(form.spots.spots))
    return WantedSpots(appointment_id, form.spots.event_id, line_ids)


def _wanted_appointments(form: BookingForm, booking_id: UUID) -> tuple[WantedAppointment, ...]:
    wanted: list[WantedAppointment] = []
    for number, appointment in enumerate(form.appointments):
        path = f"appointments.{number}"
        appointment_id = derive_id(booking_id, "appointment", ordinal=number)
        lines = tuple(
            WantedLine(
                _line_id(appointment_id, ordinal),
                line.service_id,
                line.team_member_id,
                f"{path}.lines.{ordinal}",
            )
            for ordinal, line in enumerate(appointment.lines)
        )
        wanted.append(WantedAppointment(appointment_id, appointment.start, lines, path))
    return tuple(wanted)


def _line_id(appointment_id: UUID, ordinal: int) -> UUID:
    return derive_id(appointment_id, "line", ordinal=ordinal)
