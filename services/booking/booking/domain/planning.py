"""Planning an appointment: who performs what when, under the settings as they are now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from booking.domain.bookings import Appointment, Line
from booking.domain.catalogue import Service, TeamMember
from booking.domain.cells import Cell, cells_of
from booking.domain.diary import Diary
from booking.domain.hours import Window
from booking.domain.prepayment import pays_online
from booking.domain.refusals import Refusal, invalid, unknown
from booking.domain.visits import free_cancellation_until


@dataclass(frozen=True, slots=True)
class WantedLine:
    """One service; without a team member any free one is taken.

    `path` is where the request speaks of it. Without `paid_online` the settings and the client's
    choice say whether it is to be paid.
    """

    line_id: UUID
    service_id: UUID
    team_member_id: UUID | None
    path: str = ""
    paid_online: bool | None = None


@dataclass(frozen=True, slots=True)
class WantedAppointment:
    """Services in a row from `start` on."""

    appointment_id: UUID
    start: datetime
    lines: tuple[WantedLine, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class WantedSpots:
    """As many spots in an event as there are lines."""

    appointment_id: UUID
    event_id: UUID
    line_ids: tuple[UUID, ...]
    paid_online: bool | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """When it is asked for, whether a client asks online, and what that client chose (G3)."""

    at: datetime
    online: bool
    pay_online: bool | None


def in_a_row(
    terms: Terms, wanted: WantedAppointment, diary: Diary, taken: set[Cell]
) -> Appointment:
    """Plan services in a row; `taken` are the cells of the submission's other appointments."""
    _must_be_a_start(terms, wanted.start, _dotted(wanted.path, "start"))
    lines: list[Line] = []
    services: list[Service] = []
    start = wanted.start
    for ordinal, asked in enumerate(wanted.lines):
        service = _individual_service(asked, diary)
        end = start + timedelta(minutes=service.duration_minutes)
        team_member_id = _free_team_member(asked, service, (start, end), diary, taken)
        paid_online = _paid_online(terms, service, diary, asked.paid_online)
        line = _line(terms, service, asked.line_id, ordinal, (start, end), paid_online=paid_online)
        line.team_member_id = team_member_id
        lines.append(line)
        services.append(service)
        start = end
    return _appointment(wanted.appointment_id, lines, services)


def in_an_event(terms: Terms, wanted: WantedSpots, diary: Diary) -> Appointment:
    """Plan spots in an event; whether so many are left is not looked at."""
    event = diary.events.get(wanted.event_id)
    if event is None:
        raise unknown(f"event {wanted.event_id}")
    if event.cancelled:
        raise Refusal("conflict", "The event is cancelled.")
    if event.start <= terms.at:
        raise Refusal("conflict", "The event has begun.")
    service = diary.services[event.service_id]
    paid_online = _paid_online(terms, service, diary, wanted.paid_online)
    period = (event.start, event.end)
    lines = [
        _line(terms, service, line_id, ordinal, period, paid_online=paid_online)
        for ordinal, line_id in enumerate(wanted.line_ids)
    ]
    return _appointment(wanted.appointment_id, lines, [service])


def _must_be_a_start(terms: Terms, start: datetime, path: str) -> None:
    if start.microsecond:
        raise invalid(path, "a start is at a whole second")
    if start <= terms.at:
        raise invalid(path, "the start must be in the future")


def _individual_service(asked: WantedLine, diary: Diary) -> Service:
    service = diary.services.get(asked.service_id)
    if service is None:
        raise unknown(f"service {asked.service_id}")
    if service.kind != "individual":
        path = _dotted(asked.path, "service_id")
        raise invalid(path, "a group service is booked by spots in one of its events")
    return service


def _free_team_member(
    asked: WantedLine, service: Service, period: Window, diary: Diary, taken: set[Cell]
) -> UUID:
    """Return who performs the line: the one asked for, or the first free one by id."""
    if asked.team_member_id is not None:
        candidates: Iterable[TeamMember] = [_asked_for(asked, service, diary)]
    else:
        candidates = diary.team_members.values()
    for candidate in candidates:
        performs = service.service_id in candidate.service_ids
        if performs and _is_free(candidate, period, diary, taken):
            return candidate.team_member_id
    at = period[0].astimezone(diary.location.zone).isoformat(timespec="minutes")
    raise Refusal("slot-taken", f"Nobody who was asked for is free at {at}.")


def _asked_for(asked: WantedLine, service: Service, diary: Diary) -> TeamMember:
    assert asked.team_member_id is not None
    team_member = diary.team_members.get(asked.team_member_id)
    if team_member is None:
        raise unknown(f"team member {asked.team_member_id}")
    if service.service_id not in team_member.service_ids:
        path = _dotted(asked.path, "team_member_id")
        raise invalid(path, "this team member does not perform the service")
    return team_member


def _is_free(team_member: TeamMember, period: Window, diary: Diary, taken: set[Cell]) -> bool:
    if not diary.works(team_member, period):
        return False
    wanted = set(cells_of(team_member.team_member_id, *period))
    return diary.taken.isdisjoint(wanted) and taken.isdisjoint(wanted)


def _paid_online(terms: Terms, service: Service, diary: Diary, known: bool | None) -> bool:
    """Whoever books in the back office pays there."""
    if known is not None:
        return known
    return terms.online and pays_online(service, diary.location, terms.pay_online)


def _line(
    terms: Terms,
    service: Service,
    line_id: UUID,
    ordinal: int,
    period: Window,
    *,
    paid_online: bool,
) -> Line:
    """What is paid online, no membership pays (rule A16)."""
    membership_booking = service.membership_booking and not paid_online
    return Line(
        ordinal=ordinal,
        line_id=line_id,
        service_id=service.service_id,
        service_name=service.name,
        team_member_id=None,
        start=period[0],
        end=period[1],
        price=service.price,
        membership_booking=membership_booking,
        automatic_debiting=service.automatic_debiting and not paid_online,
        required=terms.online and membership_booking,
        category_id=service.category_id,
        paid_online=paid_online,
        merged_service_ids=service.merged_ids,
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


def _dotted(path: str, field: str) -> str:
    return f"{path}.{field}" if path else field
