"""What messages ask for, in the words of the domain."""

from collections.abc import Iterable
from datetime import datetime

from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    BookingAccepted,
    BookingRefused,
    ClientsMerged,
    RescheduleRefused,
)
from contracts.membership import HoldSessions, UndoDebit
from contracts.scheduler import AppointmentStarted
from contracts.values import Appointment
from membership.domain.appointments import Ending
from membership.domain.endings import AppointmentEnd
from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.merged_clients import ClientMerge
from membership.domain.merging import Merge
from membership.domain.plans import Plan, PlannedLine
from membership.domain.rescheduling import Reschedule, RescheduleRefusal
from membership.domain.settling import Start
from membership.domain.undoing import Undo


def plan(appointment: Appointment) -> Plan:
    """Return the plan with its lines in spot order."""
    lines = sorted(appointment.lines, key=lambda line: line.ordinal)
    return Plan(
        appointment_id=appointment.appointment_id,
        revision=appointment.revision,
        booking_id=appointment.booking_id,
        visit_id=appointment.visit_id,
        chain_id=appointment.chain_id,
        location_id=appointment.location_id,
        time_zone=appointment.time_zone,
        client_id=appointment.client_id,
        start=appointment.start,
        lines=tuple(
            PlannedLine(
                line.line_id,
                line.service_id,
                line.category_id,
                line.automatic_debiting,
                line.membership_booking,
                line.paid_online,
            )
            for line in lines
        ),
    )


def start(started: AppointmentStarted) -> Start:
    """Return what begins."""
    return Start(plan(started.appointment), started.appointment.accepted_at)


def reschedule(body: AppointmentRescheduled) -> Reschedule:
    """Return the new plan."""
    return Reschedule(plan(body.appointment), body.rescheduled_at)


def moved_undecided(body: BookingAccepted) -> Iterable[Reschedule]:
    """Yield what its event moved before it was accepted: it is held at the start before that.

    No more is said of such a move, for nobody else had heard of the start.
    """
    for appointment in body.appointments:
        if appointment.revision > 1:
            yield Reschedule(plan(appointment), appointment.accepted_at)


def following(body: RescheduleRefused | ClientsMerged) -> RescheduleRefusal | ClientMerge:
    """Return what booking decided, and is not to be asked about."""
    match body:
        case RescheduleRefused():
            return RescheduleRefusal(body.reschedule_id, body.appointment_id, body.client_id)
        case ClientsMerged():
            return ClientMerge(body.chain_id, body.client_id, body.merged_client_ids)


def ends(body: AppointmentCancelled | BookingRefused) -> Iterable[AppointmentEnd]:
    """Yield each appointment that ended."""
    if isinstance(body, BookingRefused):
        for appointment_id in body.appointment_ids:
            yield AppointmentEnd(body.client_id, None, Ending(appointment_id, 0, "refused"))
    else:
        plan, how = body.appointment, "charged" if body.charge else "cancelled"
        ending = Ending(body.appointment_id, plan.revision, how)
        yield AppointmentEnd(plan.client_id, plan.chain_id, ending)


def hold_request(body: HoldSessions) -> HoldRequest:
    """Return the request with its lines in spot order: by start, appointment and ordinal."""
    lines = [
        (
            (appointment.start, appointment.appointment_id, line.ordinal),
            Line(
                line_id=line.line_id,
                service_id=line.service_id,
                category_id=line.category_id,
                required=line.required,
                automatic_debiting=line.automatic_debiting,
                appointment_id=appointment.appointment_id,
                revision=appointment.revision,
                starts_at=appointment.start,
            ),
        )
        for appointment in body.appointments
        for line in appointment.lines
    ]
    lines.sort(key=lambda pair: pair[0])
    return HoldRequest(
        booking_id=body.booking_id,
        chain_id=body.chain_id,
        location_id=body.location_id,
        time_zone=body.time_zone,
        client_id=body.client_id,
        submitted_at=body.submitted_at,
        lines=tuple(line for _, line in lines),
        reschedule_id=body.reschedule_id,
    )


def merges(body: HoldSessions) -> list[Merge]:
    """Return which services were merged, as far as the request says it."""
    said = {
        line.service_id: line.merged_service_ids
        for appointment in body.appointments
        for line in appointment.lines
        if line.merged_service_ids
    }
    return [Merge(service_id, merged) for service_id, merged in said.items()]


def undo(body: UndoDebit, at: datetime) -> Undo:
    """Return which debits are undone, as of that instant in the chain."""
    return Undo(
        body.appointment_id,
        body.client_id,
        body.chain_id,
        body.location_id,
        body.undo.line_ids,
        at,
    )
