"""What a batch will decide about, and so has to lock."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from booking.commands.asked import Asked
from booking.store.locks import Touched
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
    CreateEvent,
    CreateEventSeries,
    CreateService,
    DuplicateService,
    EraseClient,
    MergeClients,
    MergeServices,
    MoveEvent,
    RemoveTimeOff,
    RepeatAppointment,
    RescheduleAppointment,
    SetVisitStatus,
    SubmitBooking,
)
from contracts.dead_letter import MessageDeadLettered
from contracts.membership import (
    AppointmentSettled,
    HoldMoved,
    HoldPlaced,
    HoldRefused,
    HoldReleased,
)
from contracts.sales import BillChanged, PaymentFailed, PaymentReceived
from contracts.scheduler import AppointmentStarted


def touched_by(asked: Iterable[Asked[Command]], heard: Iterable[Message]) -> Touched:
    """Return what commands and the messages of other services are about."""
    touched = Touched()
    for command in asked:
        _command(touched, command.body)
    for message in heard:
        _news(touched, message)
    return touched


def unsettled(message: Message) -> Iterator[UUID]:
    """Give the appointment whose start membership could not handle, if the message says that."""
    if (
        isinstance(message, MessageDeadLettered)
        and message.message_type == AppointmentStarted.type
        and message.message_subject is not None
    ):
        yield message.message_subject


def _news(touched: Touched, message: Message) -> None:
    match message:
        case HoldPlaced(reschedule_id=None) | PaymentReceived() | AppointmentSettled():
            touched.bookings.add(message.booking_id)
        case HoldMoved() | HoldReleased():
            touched.bookings.add(message.booking_id)
        case HoldPlaced() | HoldRefused() | PaymentFailed():
            touched.freed_bookings.add(message.booking_id)
        case BillChanged(appointments=appointments):
            touched.appointments.update(owed.appointment_id for owed in appointments)
        case MessageDeadLettered():
            touched.appointments.update(unsettled(message))
        case _:
            pass  # a command, or nothing that concerns this service


def _command(touched: Touched, command: Command) -> None:
    match command:
        case SubmitBooking():
            _submission(touched, command)
        case RescheduleAppointment() | RepeatAppointment():
            _another_time(touched, command)
        case CancelAppointment(appointment_id=appointment_id):
            touched.freed_appointments.add(appointment_id)
        case SetVisitStatus(appointment_id=appointment_id):
            touched.appointments.add(appointment_id)
        case ChangeClient() | MergeClients() | EraseClient():
            touched.chains.add(command.chain_id)
        case _:
            _offer(touched, command)


def _offer(touched: Touched, command: Command) -> None:
    match command:
        case MoveEvent(event_id=event_id) | CancelEvent(event_id=event_id):
            touched.whole_events.add(event_id)
        case ChangeEventCapacity(event_id=event_id):
            touched.events.add(event_id)
        case CreateEvent(event=form) | CreateEventSeries(series=form):
            if form.team_member_id is not None:
                touched.team_members.add(form.team_member_id)
        case ChangeTeamMember() | AddTimeOff() | RemoveTimeOff():
            touched.team_members.add(command.team_member_id)
        case ChangeLocation() | CreateService() | ChangeService() | MergeServices():
            touched.locations.add(command.location_id)
        case DuplicateService():
            touched.locations.add(command.location_id)
            touched.services.add(command.original_service_id)
        case _:
            pass  # it only adds


def _submission(touched: Touched, message: SubmitBooking) -> None:
    if message.booking.spots is not None:
        touched.events.add(message.booking.spots.event_id)
    for appointment in message.booking.appointments:
        for line in appointment.lines:
            if line.team_member_id is None:
                touched.services.add(line.service_id)
            else:
                touched.team_members.add(line.team_member_id)


def _another_time(touched: Touched, command: RescheduleAppointment | RepeatAppointment) -> None:
    """Without a team member the same ones perform it: those whose time the appointment takes."""
    form = command.new_time if isinstance(command, RescheduleAppointment) else command.repeat
    touched.freed_appointments.add(command.appointment_id)
    if form.event_id is not None:
        touched.events.add(form.event_id)
    if form.team_member_id == "any":
        touched.again_by_any.add(command.appointment_id)
    elif form.team_member_id is not None:
        touched.team_members.add(form.team_member_id)
