"""What sessions paid of an appointment: looking at it, asking why, and undoing it."""

import asyncio
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking_views import AppointmentView, LocationView
from contracts.membership import UndoDebit, UndoForm
from contracts.membership_views import Explanation, SettlementView
from gateway.api.routes import command, question
from gateway.commands import Submission
from gateway.queries import Reading
from web.problems import not_found

_PATH = "/v1/appointments/{appointment_id:uuid}"
_TAG = "Appointments"


@question(_PATH + "/settlement", SettlementView, tag=_TAG)
async def get_settlement(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return what was debited of an appointment, from which membership, or why not."""
    return await reading.pass_on("membership")


@question(_PATH + "/explanation", Explanation, tag=_TAG)
async def get_explanation(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Explain it, membership by membership and rule by rule; before the start, as of now."""
    return await reading.pass_on("membership")


@command(
    "/v1/locations/{location_id:uuid}/appointments/{appointment_id:uuid}/undo-debit",
    SettlementView,
    tag=_TAG,
)
async def undo_debit(
    location_id: FromPath[UUID],
    appointment_id: FromPath[UUID],
    data: JSONBody[UndoForm],
    reading: NamedDependency[Reading],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Give debited sessions back to where they came from; the appointment stands and is owed."""
    place = f"/locations/{location_id}"
    location, appointment = await asyncio.gather(
        reading.found("booking", place, LocationView),
        reading.found("booking", f"{place}/appointments/{appointment_id}", AppointmentView),
    )
    if location is None or appointment is None:
        raise not_found(f"appointment {appointment_id}")
    return await submission.send(
        UndoDebit(
            appointment_id=appointment_id,
            client_id=appointment.client_id,
            chain_id=location.chain_id,
            location_id=location_id,
            undo=data,
        )
    )
