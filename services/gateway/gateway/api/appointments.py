"""Appointments: cancelling, other times, and the visit status."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import (
    CancelAppointment,
    CancellationForm,
    NewTimeForm,
    RepeatAppointment,
    RepeatForm,
    RescheduleAppointment,
    SetVisitStatus,
    VisitStatusForm,
)
from contracts.booking_views import AppointmentView, BookingView
from contracts.problems import (
    BOOKING_TIMED_OUT,
    CANCELLATION_TOO_LATE,
    EVENT_FULL,
    NO_SUITABLE_MEMBERSHIP,
    PHONE_NOT_CONFIRMED,
    RESCHEDULING_TOO_LATE,
    SLOT_TAKEN,
)
from gateway.api.routes import command, question, replacement
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/locations/{location_id:uuid}/appointments/{appointment_id:uuid}"
_TAG = "Appointments"
_OF_NEW_TIMES = (SLOT_TAKEN, EVENT_FULL, NO_SUITABLE_MEMBERSHIP, BOOKING_TIMED_OUT)


@question(_PATH, AppointmentView, tag=_TAG)
async def get_appointment(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return an appointment with its visit, debit and payment status."""
    return await reading.pass_on("booking")


@command(
    _PATH + "/reschedule",
    AppointmentView,
    tag=_TAG,
    refuses=(*_OF_NEW_TIMES, RESCHEDULING_TOO_LATE, PHONE_NOT_CONFIRMED),
)
async def reschedule_appointment(
    location_id: FromPath[UUID],
    appointment_id: FromPath[UUID],
    data: JSONBody[NewTimeForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Move an appointment under the settings as they are now; refused, it stays as it was.

    Clients do so until the deadline for cancelling.
    """
    return await submission.send(
        RescheduleAppointment(
            reschedule_id=submission.new_id("reschedule"),
            appointment_id=appointment_id,
            location_id=location_id,
            new_time=data,
        )
    )


@command(
    _PATH + "/repeat",
    BookingView,
    tag=_TAG,
    status=201,
    refuses=(*_OF_NEW_TIMES, PHONE_NOT_CONFIRMED),
)
async def repeat_appointment(
    location_id: FromPath[UUID],
    appointment_id: FromPath[UUID],
    data: JSONBody[RepeatForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Book the same again, for the same client, under the settings as they are now."""
    return await submission.send(
        RepeatAppointment(
            booking_id=submission.new_id("booking"),
            appointment_id=appointment_id,
            location_id=location_id,
            repeat=data,
        )
    )


@command(_PATH + "/cancel", AppointmentView, tag=_TAG, refuses=(CANCELLATION_TOO_LATE,))
async def cancel_appointment(
    location_id: FromPath[UUID],
    appointment_id: FromPath[UUID],
    data: JSONBody[CancellationForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Cancel an appointment; its sessions come back unless they are charged."""
    return await submission.send(
        CancelAppointment(appointment_id=appointment_id, location_id=location_id, cancellation=data)
    )


@replacement(_PATH + "/visit-status", AppointmentView, tag=_TAG)
async def set_visit_status(
    location_id: FromPath[UUID],
    appointment_id: FromPath[UUID],
    data: JSONBody[VisitStatusForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Set the visit status; automatic debiting stays as it is."""
    return await submission.send(
        SetVisitStatus(appointment_id=appointment_id, location_id=location_id, status=data)
    )
