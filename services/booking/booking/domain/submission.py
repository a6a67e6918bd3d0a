"""Planning a submission: which slots and spots it takes, or why it cannot have them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from booking.domain.bookings import Appointment, Line
from booking.domain.catalogue import Event, Location, Service, TeamMember
from booking.domain.cells import Cell, cells_of
from booking.domain.hours import Window, windows
from booking.domain.refusals import Refusal, invalid, unknown
from booking.domain.visits import free_cancellation_until


@dataclass(frozen=True, slots=True)
class WantedLine:
    """One service; without a team member any free one is taken."""

    line_id: UUID
    service_id: UUID
    team_member_id: UUID | None


@dataclass(frozen=True, slots=True)
class WantedAppointment:
    """Services in a row from `start` on."""

    appointment_id: UUID
    start: datetime
    lines: tuple[WantedLine, ...]


@dataclass(frozen=True, slots=True)
class WantedSpots:
    """As many spots in an event as there are lines."""

    appointment_id: UUID
    event_id: UUID
    line_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """What a client asks for; `online` says that nobody of the location books it (rule G4)."""

    submitted_at: datetime
    online: bool
    phone_confirmed: bool
    appointments: tuple[WantedAppointment, ...]
    spots: WantedSpots | None


@dataclass(slots=True)
class Diary:
    """One location as it is under the lock: its offer, its events, and the cells that are taken.

    What a submission takes is noted here, so that the next one of the same batch finds it taken.
    """

    location: Location
    services: dict[UUID, Service]
    team_members: dict[UUID, TeamMember]
    events: dict[UUID, Event]
    taken: set[Cell] = field(default_factory=set[Cell])
    _worked: dict[tuple[UUID, date], tuple[Window, ...]] = field(
        default_factory=dict[tuple[UUID, date], tuple[Window, ...]]
    )

    def works(self, team_member: TeamMember, period: Window) -> bool:
        """Return whether a team member works all of a period."""
        start, end = period
        day = start.astimezone(self.location.zone).date()
        key = (team_member.team_member_id, day)
        worked = self._worked.get(key)
        if worked is None:
            worked = windows(team_member.working_hours, day, self.location.zone)
            self._worked[key] = worked
        return any(opens <= start and end <= closes for opens, closes in worked)


def plan(submission: Submission, diary: Diary) -> list[Appointment]:
    """Take the slots or spots of a submission, all or none, and return its appointments.

    Raises `Refusal` "not-found", "invalid-request", "conflict", "phone-not-confirmed",
    "slot-taken" or "event-full".
    """
    if submission.spots is not None:
        return [_take_spots(submission, submission.spots, diary)]
    taken: set[Cell] = set()
    appointments: list[Appointment] = []
    for number, wanted in enumerate(submission.appointments):
        planned = _plan_appointment(submission, wanted, diary, taken, f"appointments.{number}")
        taken |= planned.cells
        appointments.append(planned)
    _pass_the_gate(submission, appointments)
    diary.taken |= taken
    return appointments


def _plan_appointment(
    submission: Submission, wanted: WantedAppointment, diary: Diary, taken: set[Cell], path: str
) -> Appointment:
    """Plan services in a row; `taken` are the cells of the submission's other appointments."""
    _must_be_a_start(submission, wanted.start, f"{path}.start")
    lines: list[Line] = []
    services: list[Service] = []
    start = wanted.start
    for ordinal, asked in enumerate(wanted.lines):
        field_path = f"{path}.lines.{ordinal}"
        service = _individual_service(asked.service_id, diary, f"{field_path}.service_id")
        end = start + timedelta(minutes=service.duration_minutes)
        team_member_id = _free_team_member(asked, (start, end), diary, taken, field_path)
        lines.append(
            _line(
                submission,
                service,
                line_id=asked.line_id,
                ordinal=ordinal,
                team_member_id=team_member_id,
                period=(start, end),
            )
        )
        services.append(service)
        start = end
    return _appointment(wanted.appointment_id, lines, services)


def _must_be_a_start(submission: Submission, start: datetime, path: str) -> None:
    if start.microsecond:
        raise invalid(path, "a start is at a whole second")
    if start <= submission.submitted_at:
        raise invalid(path, "the start must be in the future")


def _individual_service(service_id: UUID, diary: Diary, path: str) -> Service:
    service = diary.services.get(service_id)
    if service is None:
        raise unknown(f"service {service_id}")
    if service.kind != "individual":
        raise invalid(path, "a group service is booked by spots in one of its events")
    return service


def _free_team_member(
    asked: WantedLine, period: Window, diary: Diary, taken: set[Cell], path: str
) -> UUID:
    """Return who performs the line: the one asked for, or the first free one by id."""
    if asked.team_member_id is not None:
        candidates: Iterable[TeamMember] = [_asked_for(asked, diary, path)]
    else:
        candidates = diary.team_members.values()
    for candidate in candidates:
        if asked.service_id in candidate.service_ids and _is_free(candidate, period, diary, taken):
            return candidate.team_member_id
    at = period[0].astimezone(diary.location.zone).isoformat(timespec="minutes")
    raise Refusal("slot-taken", f"Nobody who was asked for is free at {at}.")


def _asked_for(asked: WantedLine, diary: Diary, path: str) -> TeamMember:
    assert asked.team_member_id is not None
    team_member = diary.team_members.get(asked.team_member_id)
    if team_member is None:
        raise unknown(f"team member {asked.team_member_id}")
    if asked.service_id not in team_member.service_ids:
        raise invalid(f"{path}.team_member_id", "this team member does not perform the service")
    return team_member


def _is_free(team_member: TeamMember, period: Window, diary: Diary, taken: set[Cell]) -> bool:
    if not diary.works(team_member, period):
        return False
    wanted = set(cells_of(team_member.team_member_id, *period))
    return diary.taken.isdisjoint(wanted) and taken.isdisjoint(wanted)


def _take_spots(submission: Submission, wanted: WantedSpots, diary: Diary) -> Appointment:
    event = diary.events.get(wanted.event_id)
    if event is None:
        raise unknown(f"event {wanted.event_id}")
    if event.start <= submission.submitted_at:
        raise Refusal("conflict", "The event has begun.")
    service = diary.services[event.service_id]
    lines = [
        _line(
            submission,
            service,
            line_id=line_id,
            ordinal=ordinal,
            team_member_id=None,
            period=(event.start, event.end),
        )
        for ordinal, line_id in enumerate(wanted.line_ids)
    ]
    appointment = _appointment(wanted.appointment_id, lines, [service])
    _pass_the_gate(submission, [appointment])
    left = event.capacity - event.spots_taken
    if len(lines) > left:
        raise Refusal("event-full", f"{left} of {event.capacity} spots are free.")
    event.spots_taken += len(lines)
    return appointment


def _pass_the_gate(submission: Submission, appointments: Iterable[Appointment]) -> None:
    """Online, sessions are spent only by whoever has the client's phone (rule G8)."""
    spends_sessions = any(line.by_membership for each in appointments for line in each.lines)
    if submission.online and spends_sessions and not submission.phone_confirmed:
        raise Refusal(
            "phone-not-confirmed", "This is booked with a membership: confirm the phone number."
        )


def _line(
    submission: Submission,
    service: Service,
    *,
    line_id: UUID,
    ordinal: int,
    team_member_id: UUID | None,
    period: Window,
) -> Line:
    return Line(
        ordinal=ordinal,
        line_id=line_id,
        service_id=service.service_id,
        service_name=service.name,
        team_member_id=team_member_id,
        start=period[0],
        end=period[1],
        price=service.price,
        membership_booking=service.membership_booking,
        automatic_debiting=service.automatic_debiting,
        required=submission.online and service.membership_booking,
    )


def _appointment(
    appointment_id: UUID, lines: list[Line], services: Iterable[Service]
) -> Appointment:
    start = lines[0].start
    # With several services the earliest of their deadlines counts.
    hours = max(service.free_cancellation_hours for service in services)
    return Appointment(
        appointment_id=appointment_id,
        start=start,
        end=lines[-1].end,
        free_cancellation_until=free_cancellation_until(start, hours),
        owed=sum(line.price for line in lines),
        lines=lines,
    )
