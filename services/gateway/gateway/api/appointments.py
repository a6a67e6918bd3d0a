"""Appointments: cancelling, the visit status, and what was debited."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import (
    CancelAppointment,
    CancellationForm,
    SetVisitStatus,
    VisitStatusForm,
)
from contracts.booking_views import AppointmentView
from contracts.membership_views import SettlementView
from gateway.api.routes import command, question, replacement
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/locations/{location_id:uuid}/appointments/{appointment_id:uuid}"
_TAG = "Appointments"


@question(_PATH, AppointmentView, tag=_TAG)
async def get_appointment(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return an appointment with its visit, debit and payment status."""
    return await reading.pass_on("booking")


@command(_PATH + "/cancel", AppointmentView, tag=_TAG)
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


@question("/v1/appointments/{appointment_id:uuid}/settlement", SettlementView, tag=_TAG)
async def get_settlement(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return what was debited when the appointment began, from which membership, or why not."""
    return await reading.pass_on("membership")
