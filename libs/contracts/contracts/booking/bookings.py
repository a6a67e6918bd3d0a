"""Submissions."""

from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.base import Command, Form
from contracts.booking.clients import Phone
from contracts.values import Instant, Name


class LineForm(Form):
    """One service of an appointment; without a team member any free one is taken."""

    service_id: UUID
    team_member_id: UUID | None = None


class AppointmentForm(Form):
    """Services in a row from `start` on."""

    start: Instant
    lines: Annotated[tuple[LineForm, ...], Field(min_length=1, max_length=20)]


class SpotsForm(Form):
    """Spots in an event."""

    event_id: UUID
    spots: Annotated[int, Field(ge=1, le=50)] = 1


class BookingForm(Form):
    """One submission: appointments, or spots in an event.

    `phone_confirmed` may be said by a trusted gateway alone, which vouches for it (rule G8).
    `pay_online` is the client's choice where there is one: a group service that can be paid online
    or booked with a membership (rule G3), or a prepayment that is optional.
    """

    name: Name
    phone: Phone
    phone_confirmed: bool = False
    appointments: Annotated[tuple[AppointmentForm, ...], Field(max_length=20)] = ()
    spots: SpotsForm | None = None
    pay_online: bool | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.appointments) == (self.spots is not None):
            raise ValueError("give either appointments or spots")
        return self


class SubmitBooking(Command):
    """Book; answered when the booking is accepted or refused."""

    type: ClassVar[str] = "booking.submit_booking.v1"
    subject: ClassVar[str] = "booking_id"

    booking_id: UUID
    location_id: UUID
    booking: BookingForm
