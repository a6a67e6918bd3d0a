"""What messages ask for, in the words of the domain."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from contracts.booking import AppointmentCancelled, AppointmentRescheduled, BookingRefused
from contracts.membership import HoldSessions
from contracts.sales import MembershipSold
from contracts.scheduler import AppointmentStarted
from contracts.values import AppointmentLine
from membership.domain.appointments import Ending
from membership.domain.hold_requests import HoldRequest, Line
from membership.domain.issuing import Sale
from membership.domain.rescheduling import Reschedule
from membership.domain.settling import AppointmentEnd, Start, StartedLine


def start(started: AppointmentStarted) -> Start:
    """Return the start with the lines that are debited automatically."""
    plan = started.appointment
    lines = sorted(plan.lines, key=lambda line: line.ordinal)
    return Start(
        appointment_id=plan.appointment_id,
        revision=plan.revision,
        booking_id=plan.booking_id,
        visit_id=plan.visit_id,
        chain_id=plan.chain_id,
        location_id=plan.location_id,
        time_zone=plan.time_zone,
        client_id=plan.client_id,
        start=plan.start,
        accepted_at=plan.accepted_at,
        lines=tuple(
            StartedLine(line.line_id, line.service_id, line.category_id)
            for line in lines
            if line.automatic_debiting and not line.paid_online
        ),
    )


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


def reschedule(body: AppointmentRescheduled) -> Reschedule:
    """Return the new plan with the lines that a membership is to pay; none is required."""
    plan = body.appointment
    lines = sorted(plan.lines, key=lambda line: line.ordinal)
    asked = HoldRequest(
        booking_id=plan.booking_id,
        chain_id=plan.chain_id,
        location_id=plan.location_id,
        time_zone=plan.time_zone,
        client_id=plan.client_id,
        submitted_at=body.rescheduled_at,
        lines=tuple(
            _asked(line, plan.appointment_id, plan.revision, plan.start)
            for line in lines
            if (line.membership_booking or line.automatic_debiting) and not line.paid_online
        ),
    )
    return Reschedule(plan.appointment_id, plan.revision, asked)


def _asked(line: AppointmentLine, appointment_id: UUID, revision: int, start: datetime) -> Line:
    return Line(
        line_id=line.line_id,
        service_id=line.service_id,
        category_id=line.category_id,
        required=False,
        automatic_debiting=line.automatic_debiting,
        appointment_id=appointment_id,
        revision=revision,
        starts_at=start,
    )


def sale(sold: MembershipSold) -> Sale:
    """Return what was sold."""
    return Sale(
        sale_id=sold.sale_id,
        chain_id=sold.chain_id,
        time_zone=sold.time_zone,
        client_id=sold.client_id,
        membership_type_id=sold.membership_type_id,
        sold_at=sold.sold_at,
        activates_on=sold.activates_on,
    )
