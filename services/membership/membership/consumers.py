"""Kafka in: commands of principals, requests of booking, and facts of the other services."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from contracts.base import Command, Message
from contracts.booking import AppointmentCancelled, BookingRefused
from contracts.membership import (
    CreateMembershipType,
    FreezeMembership,
    HoldSessions,
    ShareMembership,
    UnfreezeMembership,
)
from contracts.problems import FORBIDDEN, NOT_FOUND, UNAUTHENTICATED
from contracts.reply import Problem
from contracts.sales import MembershipSold
from contracts.scheduler import AppointmentStarted
from membership import commands, queries
from membership.commands import Asked, Request
from membership.domain.holding import HoldRequest, Line
from membership.domain.issuing import Sale
from membership.domain.managing import Freeze, Share, Unfreeze
from membership.domain.memberships import BucketTerms, MembershipType
from membership.domain.settling import AppointmentEnd, Start, StartedLine
from membership.domain.validity import Validity
from membership.domain.wallets import Ending
from messaging import Delivery, Work
from web.identity import InvalidToken, Role, verify

_MANAGERS: Final = {Role.PLATFORM, Role.GATEWAY, Role.OPERATOR}
ManagingCommand: TypeAlias = FreezeMembership | UnfreezeMembership | ShareMembership
OwnCommand: TypeAlias = CreateMembershipType | ManagingCommand


async def handle(work: Work, deliveries: Sequence[Delivery[Message]], *, verify_key: str) -> None:
    """Decide everything in a batch; what membership has no use for is ignored."""
    admitted = [one for one in deliveries if _admit(work, one, verify_key)]
    types = [_type(one.body) for one in admitted if isinstance(one.body, CreateMembershipType)]
    await commands.create_membership_types(work, types)
    asked = [Asked(one.id, request) for one in admitted for request in _requests(one)]
    await commands.decide(work, asked)
    await _conclude(work, admitted)


async def _conclude(work: Work, admitted: Iterable[Delivery[Message]]) -> None:
    """Answer the commands that were carried out with the views of what they changed."""
    created: dict[UUID, UUID] = {}
    changed: dict[UUID, UUID] = {}
    for one in admitted:
        if isinstance(one.body, CreateMembershipType):
            created[one.id] = one.body.membership_type_id
        elif isinstance(one.body, ManagingCommand) and one.id not in work.conclusions:
            changed[one.id] = one.body.membership_id
    types = await queries.membership_types_by_id(work.transaction, created.values())
    for command_id, type_id in created.items():
        work.conclude(command_id, types[type_id].model_dump(mode="json"), status=201)
    memberships = await queries.memberships_by_id(work.transaction, changed.values(), work.now)
    for command_id, membership_id in changed.items():
        work.conclude(command_id, memberships[membership_id].model_dump(mode="json"))


def _admit(work: Work, delivery: Delivery[Message], verify_key: str) -> bool:
    """Whether a message may be acted upon; a command of somebody who may not is refused."""
    command = delivery.body
    if not isinstance(command, Command):
        return True
    if not isinstance(command, OwnCommand):
        return False
    problem = _objection(command, delivery, verify_key)
    if problem is not None:
        work.refuse(delivery.id, problem)
    return problem is None


def _objection(command: OwnCommand, delivery: Delivery[Message], verify_key: str) -> Problem | None:
    try:
        principal = verify(delivery.principal or "", verify_key, delivery.effective_at)
    except InvalidToken:
        return UNAUTHENTICATED.problem("The principal's token is not valid.")
    if principal.role not in _MANAGERS:
        return FORBIDDEN.problem(f"A key with the role {principal.role} may not do this.")
    if not principal.reaches(command.chain_id):
        return NOT_FOUND.problem(f"There is no chain {command.chain_id} here.")
    return None


def _requests(delivery: Delivery[Message]) -> Iterable[Request]:
    """Translate a message into what it asks of this service, which may be nothing."""
    body = delivery.body
    match body:
        case AppointmentStarted():
            yield _start(body)
        case HoldSessions():
            yield _hold_request(body)
        case AppointmentCancelled():
            how = "charged" if body.charge else "cancelled"
            plan = body.appointment
            yield AppointmentEnd(plan.client_id, Ending(body.appointment_id, plan.revision, how))
        case BookingRefused():
            for appointment_id in body.appointment_ids:
                yield AppointmentEnd(body.client_id, Ending(appointment_id, 0, "refused"))
        case MembershipSold():
            yield _sale(body)
        case FreezeMembership() | UnfreezeMembership() | ShareMembership():
            yield _managing(body, delivery.effective_at)
        case _:
            return


def _managing(command: ManagingCommand, effective_at: datetime) -> Freeze | Unfreeze | Share:
    match command:
        case FreezeMembership():
            return Freeze(command.membership_id, command.chain_id, effective_at)
        case UnfreezeMembership():
            return Unfreeze(command.membership_id, command.chain_id, effective_at)
        case ShareMembership():
            client_id = command.shared_client.client_id
            return Share(command.membership_id, command.chain_id, client_id)


def _start(started: AppointmentStarted) -> Start:
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
            StartedLine(line.line_id, line.service_id) for line in lines if line.automatic_debiting
        ),
    )


def _hold_request(body: HoldSessions) -> HoldRequest:
    lines = [
        (
            (appointment.start, appointment.appointment_id, line.ordinal),
            Line(
                line_id=line.line_id,
                service_id=line.service_id,
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
        location_id=body.location_id,
        time_zone=body.time_zone,
        client_id=body.client_id,
        submitted_at=body.submitted_at,
        lines=tuple(line for _, line in lines),
    )


def _sale(sold: MembershipSold) -> Sale:
    return Sale(
        sale_id=sold.sale_id,
        chain_id=sold.chain_id,
        time_zone=sold.time_zone,
        client_id=sold.client_id,
        membership_type_id=sold.membership_type_id,
        sold_at=sold.sold_at,
    )


def _type(command: CreateMembershipType) -> MembershipType:
    form = command.membership_type
    return MembershipType(
        membership_type_id=command.membership_type_id,
        chain_id=command.chain_id,
        name=form.name,
        price=form.price,
        currency=form.currency,
        buckets=tuple(BucketTerms(b.sessions, b.service_ids) for b in form.buckets),
        validity=Validity(form.validity.count, form.validity.unit) if form.validity else None,
        activation=form.activation,
        auto_deduction=form.auto_deduction,
    )
