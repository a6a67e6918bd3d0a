"""Kafka in: who asks, what the batch touches, then every kind of message in one fixed order."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

from booking.commands import (
    client_changes,
    clients,
    clocks,
    erasing,
    event_changes,
    events,
    holds,
    merging,
    payments,
    places,
    prepayments,
    reschedules,
    services,
    submissions,
    team_members,
    visits,
)
from booking.commands.asked import Asked
from booking.commands.touching import touched_by, unsettled
from booking.domain.decisions import Patience
from booking.store import catalogue
from booking.store.locks import lock
from clocks import Clocks
from contracts.base import Command, Message
from contracts.booking import (
    AddTimeOff,
    CancelAppointment,
    CancelEvent,
    ChangeClient,
    ChangeEventCapacity,
    ChangeLocation,
    ChangeService,
    ChangeTeamMember,
    CreateCategory,
    CreateChain,
    CreateEvent,
    CreateEventSeries,
    CreateLocation,
    CreateService,
    CreateTeamMember,
    DuplicateService,
    EraseClient,
    MergeClients,
    MergeServices,
    MoveEvent,
    RegisterClient,
    RemoveTimeOff,
    RepeatAppointment,
    RescheduleAppointment,
    SetTestClock,
    SetVisitStatus,
    SubmitBooking,
)
from contracts.membership import (
    AppointmentSettled,
    HoldMoved,
    HoldPlaced,
    HoldRefused,
    HoldReleased,
)
from contracts.problems import FORBIDDEN, UNAUTHENTICATED
from contracts.sales import BillChanged, PaymentFailed, PaymentReceived
from messaging import Delivery, Handler, Work
from web import Role
from web.identity import InvalidToken, verify

_BACK_OFFICE: Final = {Role.PLATFORM, Role.GATEWAY, Role.OPERATOR}

MAY: Final[dict[type[Message], set[Role]]] = {
    CreateChain: {Role.PLATFORM},
    SetTestClock: {Role.PLATFORM, Role.GATEWAY},
    CreateCategory: _BACK_OFFICE,
    CreateLocation: {Role.PLATFORM, Role.GATEWAY},
    ChangeLocation: _BACK_OFFICE,
    CreateService: _BACK_OFFICE,
    ChangeService: _BACK_OFFICE,
    DuplicateService: _BACK_OFFICE,
    MergeServices: {Role.PLATFORM, Role.GATEWAY},
    CreateTeamMember: _BACK_OFFICE,
    ChangeTeamMember: _BACK_OFFICE,
    AddTimeOff: _BACK_OFFICE,
    RemoveTimeOff: _BACK_OFFICE,
    CreateEvent: _BACK_OFFICE,
    CreateEventSeries: _BACK_OFFICE,
    RegisterClient: _BACK_OFFICE,
    ChangeClient: _BACK_OFFICE,
    MergeClients: _BACK_OFFICE,
    EraseClient: _BACK_OFFICE,
    MoveEvent: _BACK_OFFICE,
    ChangeEventCapacity: _BACK_OFFICE,
    CancelEvent: _BACK_OFFICE,
    SubmitBooking: _BACK_OFFICE | {Role.WIDGET, Role.CLIENT},
    RescheduleAppointment: _BACK_OFFICE | {Role.CLIENT},
    RepeatAppointment: _BACK_OFFICE | {Role.CLIENT},
    CancelAppointment: _BACK_OFFICE | {Role.CLIENT},
    SetVisitStatus: _BACK_OFFICE,
}
"""Which roles may ask for what; of which chain and location is judged by the rows."""

_HOLDS: Final = (HoldPlaced, HoldRefused, HoldMoved, HoldReleased)
_PAYMENTS: Final = (PaymentReceived, PaymentFailed)

_Obey: TypeAlias = Callable[[Work, Sequence[Asked[Any]]], Awaitable[None]]

# Whoever depends on another command's outcome has waited for its answer, so the order within a
# batch is ours to choose: what makes room comes before what needs it.
_IN_ORDER: Final[tuple[tuple[type[Command], _Obey], ...]] = (
    (CreateCategory, places.create_categories),
    (CreateLocation, places.create_locations),
    (ChangeLocation, places.change_locations),
    (CreateService, services.create_services),
    (ChangeService, services.change_services),
    (DuplicateService, services.duplicate_services),
    (MergeServices, merging.merge_services),
    (CreateTeamMember, team_members.create_team_members),
    (ChangeTeamMember, team_members.change_team_members),
    (RemoveTimeOff, team_members.remove_time_off),
    (AddTimeOff, team_members.add_time_off),
    (RegisterClient, clients.register_clients),
    (ChangeClient, client_changes.change_clients),
    (MergeClients, client_changes.merge_clients),
    (EraseClient, erasing.erase_clients),
    (CancelAppointment, visits.cancel_appointments),
    (SetVisitStatus, visits.set_visit_statuses),
    (CancelEvent, event_changes.cancel_events),
    (ChangeEventCapacity, event_changes.change_capacities),
    (MoveEvent, event_changes.move_events),
    (CreateEvent, events.create_events),
    (CreateEventSeries, events.create_event_series),
)


def handler(*, verify_key: str, patience: Patience, test_clocks: Clocks) -> Handler:
    """Return what handles a batch."""
    in_order: tuple[tuple[type[Command], _Obey], ...] = (
        (CreateChain, partial(places.create_chains, sandboxes=test_clocks.enabled)),
        (SetTestClock, partial(clocks.set_test_clocks, test_clocks=test_clocks)),
        *_IN_ORDER,
        (RescheduleAppointment, partial(reschedules.reschedule_appointments, patience=patience)),
        (RepeatAppointment, partial(submissions.repeat_appointments, patience=patience)),
        (SubmitBooking, partial(submissions.submit_bookings, patience=patience)),
    )
    assert {kind for kind, _ in in_order} == set(MAY), "every command has an answer"

    async def handle(work: Work, deliveries: Sequence[Delivery[Message]]) -> None:
        asked = _authorized(work, deliveries, verify_key)
        await lock(work.transaction, touched_by(asked, (each.body for each in deliveries)))
        await _hear(work, deliveries, patience)
        if test_clocks.enabled and asked:
            asked = await _in_chain_time(work, asked)
        for kind, obey in in_order:
            if batch := [each for each in asked if type(each.body) is kind]:
                await obey(work, cast("Sequence[Asked[Any]]", batch))

    return handle


async def _hear(work: Work, deliveries: Sequence[Delivery[Message]], patience: Patience) -> None:
    """Take note of what other services say; types that booking does not need are passed over."""
    if held := [each for each in deliveries if isinstance(each.body, _HOLDS)]:
        await holds.hear_news(work, cast("Sequence[holds.News]", held), patience=patience)
    if paid := [each for each in deliveries if isinstance(each.body, _PAYMENTS)]:
        await prepayments.hear_payments(work, cast("Sequence[prepayments.News]", paid))
    bodies = [each.body for each in deliveries]
    if settlements := [body for body in bodies if isinstance(body, AppointmentSettled)]:
        await payments.hear_settlements(work, settlements)
    if failures := [failed for body in bodies for failed in unsettled(body)]:
        await payments.hear_failures(work, failures)
    if bills := [body for body in bodies if isinstance(body, BillChanged)]:
        await payments.hear_bills(work, bills)


def _authorized(
    work: Work, deliveries: Sequence[Delivery[Message]], verify_key: str
) -> list[Asked[Command]]:
    """Return the commands whose principal may ask for them; the others are answered."""
    authorized: list[Asked[Command]] = []
    for delivery in deliveries:
        if not isinstance(delivery.body, Command):
            continue
        try:
            principal = verify(delivery.principal or "", verify_key, at=delivery.effective_at)
        except InvalidToken:
            problem = UNAUTHENTICATED.problem("The principal's token is not valid.")
            work.refuse(delivery.id, problem)
            continue
        if principal.role in MAY.get(type(delivery.body), ()):
            asked = Asked(delivery.id, delivery.effective_at, principal, delivery.body)
            authorized.append(asked)
        else:
            problem = FORBIDDEN.problem(f"The role {principal.role} does not include this.")
            work.refuse(delivery.id, problem)
    return authorized


async def _in_chain_time(work: Work, asked: Sequence[Asked[Command]]) -> list[Asked[Command]]:
    """Say of each command when it was asked for by the clock of its chain."""
    here: list[UUID | None] = [getattr(each.body, "location_id", None) for each in asked]
    locations = await catalogue.locations(work.transaction, {each for each in here if each})
    return [
        replace(each, at=locations[location_id].at(each.at))
        if location_id is not None and location_id in locations
        else each
        for each, location_id in zip(asked, here, strict=True)
    ]
