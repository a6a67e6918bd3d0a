"""Kafka in: commands of principals, requests of booking, and facts of the other services."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from clocks import Clocks, Times
from contracts.base import Command, Message
from contracts.booking import (
    AppointmentCancelled,
    AppointmentRescheduled,
    BookingAccepted,
    BookingRefused,
    ClientsMerged,
    RescheduleRefused,
    ServicesMerged,
    TestClockSet,
    VisitStatusChanged,
)
from contracts.membership import (
    ChangeMembershipType,
    CreateMembershipType,
    HoldSessions,
    ImportMembership,
    UndoDebit,
)
from contracts.problems import FORBIDDEN, NOT_FOUND, UNAUTHENTICATED
from contracts.reply import Problem
from contracts.scheduler import AppointmentStarted
from membership import commands, queries
from membership.commands import Asked, Request, asking
from membership.commands.managing import ManagingCommand, managing
from membership.commands.selling import SalesRequest, imported, selling
from membership.domain.freezes import FreezingLimits
from membership.domain.history import Actor
from membership.domain.memberships import BucketTerms, Gate, MembershipType
from membership.domain.merging import Merge
from membership.domain.validity import Validity
from messaging import Delivery, Work
from web.identity import InvalidToken, Role, verify

_MANAGERS: Final = {Role.PLATFORM, Role.GATEWAY, Role.OPERATOR}
TypeCommand: TypeAlias = CreateMembershipType | ChangeMembershipType
OwnCommand: TypeAlias = TypeCommand | ManagingCommand | ImportMembership | UndoDebit


def concerns(message: Message) -> bool:
    """Whether membership does anything about a message: nothing about most accepted bookings."""
    match message:
        case BookingAccepted():
            return any(asking.moved_undecided(message))
        case _:
            return True


async def handle(
    work: Work, deliveries: Sequence[Delivery[Message]], *, verify_key: str, clocks: Clocks
) -> None:
    """Decide everything in a batch; what membership has no use for is ignored."""
    actors: dict[UUID, Actor] = {}
    admitted = [one for one in deliveries if _admit(work, one, verify_key, actors)]
    times = await _times(work, admitted, clocks)
    await commands.merge_services(work, _merges(admitted))
    await _offer(work, admitted)
    await commands.note_visit_statuses(work, _statuses(admitted))
    asked = [
        Asked(one.id, request)
        for one in admitted
        for request in _requests(one, times, actors.get(one.id))
    ]
    await commands.decide(work, asked, times)
    await _conclude(work, admitted)


async def _times(work: Work, admitted: Sequence[Delivery[Message]], clocks: Clocks) -> Times:
    """Set the clocks that were set, and return the times of all chains that a batch is about."""
    if not clocks.enabled:
        return Times({})
    for one in admitted:
        if isinstance(one.body, TestClockSet):
            ahead = timedelta(seconds=one.body.offset_seconds)
            await clocks.set(work.transaction, one.body.chain_id, one.body.revision, ahead)
    chains = {_chain_of(one.body) for one in admitted} - {None}
    return await clocks.read(work.transaction, chains)


def _chain_of(body: Message) -> Any:
    if isinstance(body, BookingAccepted):
        return body.appointments[0].chain_id
    plan = getattr(body, "appointment", None)
    return getattr(body if plan is None else plan, "chain_id", None)


async def _offer(work: Work, admitted: Iterable[Delivery[Message]]) -> None:
    created: list[MembershipType] = []
    changed: list[tuple[UUID, MembershipType]] = []
    for one in admitted:
        match one.body:
            case CreateMembershipType():
                created.append(_type(one.body))
            case ChangeMembershipType():
                changed.append((one.id, _type(one.body)))
            case _:
                pass
    await commands.create_membership_types(work, created)
    await commands.change_membership_types(work, changed)


def _merges(admitted: Iterable[Delivery[Message]]) -> list[Merge]:
    merges: list[Merge] = []
    for one in admitted:
        match one.body:
            case ServicesMerged() as body:
                merges.append(Merge(body.service_id, body.merged_service_ids))
            case HoldSessions() as body:
                merges += asking.merges(body)
            case _:
                pass
    return merges


def _statuses(admitted: Iterable[Delivery[Message]]) -> Iterable[tuple[UUID, int, str]]:
    for one in admitted:
        if isinstance(one.body, VisitStatusChanged):
            yield one.body.appointment_id, one.body.status_revision, one.body.visit_status


async def _conclude(work: Work, admitted: Iterable[Delivery[Message]]) -> None:
    """Answer the commands that were carried out with the views of what they changed."""
    offered: dict[UUID, TypeCommand] = {}
    changed: dict[UUID, UUID] = {}
    imported: dict[UUID, UUID] = {}
    undone: dict[UUID, UUID] = {}
    for one in admitted:
        if one.id in work.conclusions:
            continue
        if isinstance(one.body, TypeCommand):
            offered[one.id] = one.body
        elif isinstance(one.body, ManagingCommand):
            changed[one.id] = one.body.membership_id
        elif isinstance(one.body, ImportMembership):
            imported[one.id] = one.body.membership_id
        elif isinstance(one.body, UndoDebit):
            undone[one.id] = one.body.appointment_id
    await _conclude_offers(work, offered)
    await _conclude_changes(work, changed, status=200)
    await _conclude_changes(work, imported, status=201)
    await _conclude_undoing(work, undone)


async def _conclude_offers(work: Work, offered: Mapping[UUID, TypeCommand]) -> None:
    type_ids = {command.membership_type_id for command in offered.values()}
    types = await queries.membership_types_by_id(work.transaction, type_ids)
    for command_id, command in offered.items():
        view = types[command.membership_type_id].model_dump(mode="json")
        status = 201 if isinstance(command, CreateMembershipType) else 200
        work.conclude(command_id, view, status=status)


async def _conclude_changes(work: Work, changed: Mapping[UUID, UUID], *, status: int) -> None:
    memberships = await queries.memberships_by_id(work.transaction, set(changed.values()))
    for command_id, membership_id in changed.items():
        view = memberships[membership_id].model_dump(mode="json")
        work.conclude(command_id, view, status=status)


async def _conclude_undoing(work: Work, undone: Mapping[UUID, UUID]) -> None:
    settlements = await queries.settlements_by_id(work.transaction, set(undone.values()))
    for command_id, appointment_id in undone.items():
        view, _, _ = settlements[appointment_id]
        work.conclude(command_id, view.model_dump(mode="json"))


def _admit(
    work: Work, delivery: Delivery[Message], verify_key: str, actors: dict[UUID, Actor]
) -> bool:
    """Whether a message may be acted upon; a command of somebody who may not is refused.

    Who asks for what may be done is noted in `actors`.
    """
    command = delivery.body
    if not isinstance(command, Command):
        return True
    if not isinstance(command, OwnCommand):
        return False
    admitted = _actor(command, delivery, verify_key)
    if isinstance(admitted, Problem):
        work.refuse(delivery.id, admitted)
        return False
    actors[delivery.id] = admitted
    return True


def _actor(command: OwnCommand, delivery: Delivery[Message], verify_key: str) -> Actor | Problem:
    """Return who asks, or why they may not."""
    try:
        principal = verify(delivery.principal or "", verify_key, delivery.effective_at)
    except InvalidToken:
        return UNAUTHENTICATED.problem("The principal's token is not valid.")
    if principal.role not in _MANAGERS:
        return FORBIDDEN.problem(f"A key with the role {principal.role} may not do this.")
    location_id = None
    if isinstance(command, UndoDebit | ImportMembership):
        location_id = command.location_id
    if not principal.reaches(command.chain_id, location_id):
        return NOT_FOUND.problem(f"There is no chain {command.chain_id} here.")
    return Actor(principal.id, principal.role)


def _requests(delivery: Delivery[Message], times: Times, by: Actor | None) -> Iterable[Request]:
    """Translate a message into what it asks of this service, which may be nothing."""
    match delivery.body:
        case AppointmentStarted() as body:
            yield asking.start(body)
        case HoldSessions() as body:
            yield asking.hold_request(body)
        case AppointmentCancelled() | BookingRefused() as body:
            yield from asking.ends(body)
        case AppointmentRescheduled() as body:
            yield asking.reschedule(body)
        case BookingAccepted() as body:
            yield from asking.moved_undecided(body)
        case RescheduleRefused() | ClientsMerged() as body:
            yield asking.following(body)
        case body if isinstance(body, SalesRequest):
            yield selling(body, times.at(_chain_of(body), delivery.effective_at))
        case _:
            yield from _by_people(delivery, times, by)


def _by_people(delivery: Delivery[Message], times: Times, by: Actor | None) -> Iterable[Request]:
    """Translate what people do with memberships and debits; it counts as of its effective time."""
    match delivery.body:
        case body if isinstance(body, ManagingCommand):
            yield managing(body, times.at(body.chain_id, delivery.effective_at), by)
        case ImportMembership() as body:
            yield imported(body, by)
        case UndoDebit() as body:
            yield asking.undo(body, times.at(body.chain_id, delivery.effective_at))
        case _:
            return


def _type(command: TypeCommand) -> MembershipType:
    form = command.membership_type
    return MembershipType(
        membership_type_id=command.membership_type_id,
        chain_id=command.chain_id,
        name=form.name,
        price=form.price,
        currency=form.currency,
        buckets=tuple(
            BucketTerms(bucket.sessions, bucket.service_ids, bucket.category_ids)
            for bucket in form.buckets
        ),
        validity=Validity(form.validity.count, form.validity.unit) if form.validity else None,
        activation=form.activation,
        auto_deduction=form.auto_deduction,
        gate=Gate(form.gate.valid_on_visit_day, form.gate.not_while_frozen),
        freezing=FreezingLimits(form.freezing.times, form.freezing.days),
        location_ids=form.location_ids,
    )
