"""What the model of the gate knows: a studio with its memberships and bookings, in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

NOTICE = timedelta(minutes=5)


@dataclass(frozen=True)
class Service:
    """What is booked, with its settings as they are now."""

    id: str
    name: str
    kind: Literal["individual", "group"]
    minutes: int
    price: int
    membership_booking: bool = False
    automatic_debiting: bool = False
    hours: int = 0
    category: str | None = None
    online: Literal["off", "optional", "mandatory"] = "off"


@dataclass(frozen=True)
class Terms:
    """A membership type. A bucket is a count (none is unlimited), services, categories."""

    id: str
    name: str
    buckets: tuple[tuple[int | None, frozenset[str], frozenset[str]], ...]
    days: int | None = None
    on_first_visit: bool = False
    auto_deduction: bool = True
    valid_on_visit_day: bool = False
    not_while_frozen: bool = False


@dataclass
class Bucket:
    """One count of a membership."""

    id: str
    sessions: int | None
    services: frozenset[str]
    categories: frozenset[str]
    used: int = 0
    expired: int = 0

    @property
    def balance(self) -> int:
        """The sessions that are left, held ones among them."""
        return 10**6 if self.sessions is None else self.sessions - self.used - self.expired

    def covers(self, service: str, category: str | None) -> bool:
        """Whether it pays for a service."""
        return service in self.services or category in self.categories


@dataclass
class Membership:
    """What was sold; `issued` counts the sales."""

    id: str
    terms: Terms
    owner: str
    issued: int
    buckets: list[Bucket]
    expires_on: date | None = None
    activated: bool = False
    frozen_on: date | None = None
    frozen_at: datetime | None = None
    shared: list[str] = field(default_factory=list[str])

    def activate(self, day: date) -> None:
        """Begin its validity."""
        self.activated = True
        if self.terms.days is not None:
            self.expires_on = day + timedelta(days=self.terms.days)

    def status(self, today: date) -> str:
        """Return the status that people see."""
        if self.frozen_on is not None:
            return "frozen"
        if self.expires_on is not None and self.expires_on < today:
            return "expired"
        if all(bucket.balance <= 0 for bucket in self.buckets):
            return "used_up"
        return "active" if self.activated else "issued"


@dataclass
class Line:
    """A service or spot of an appointment, with the settings of its acceptance (rule A17)."""

    service: Service
    team_member: str | None
    start: datetime
    pays_online: bool
    required: bool = False
    id: str = ""
    hold: str | None = None
    """The bucket that holds a session."""
    debit: str | None = None
    """The bucket that gave a session."""
    payment: str | None = None
    """The payment at the counter that stands (rule A16)."""
    paid: int = 0
    """What that payment pays of the price."""
    released: bool = False

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + timedelta(minutes=self.service.minutes)

    @property
    def automatic(self) -> bool:
        """Whether it is debited at the start; never what is paid online (rule A16)."""
        return self.service.automatic_debiting and not self.pays_online

    @property
    def is_open(self) -> bool:
        """Whether neither a session nor money has paid it (rule A16)."""
        return not (self.debit or self.payment or self.pays_online)

    @property
    def wants_session(self) -> bool:
        """Whether sessions are to be held for it (rule X6)."""
        if self.debit or self.payment:
            return False
        return self.automatic or (self.service.membership_booking and not self.pays_online)


@dataclass
class Appointment:
    """An entry in the calendar."""

    client: str
    event: str | None
    lines: list[Line]
    id: str = ""
    booking: str = ""
    state: Literal["awaiting_payment", "accepted", "cancelled", "refused"] = "accepted"
    charged: bool = False
    is_settled: bool = False
    payment: str | None = None
    pay_until: datetime | None = None

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self.lines[0].start

    @property
    def deadline(self) -> datetime:
        """Until when a client may cancel or reschedule (rule A2)."""
        hours = max(line.service.hours for line in self.lines)
        return self.start - (timedelta(hours=hours) or NOTICE)

    @property
    def stands(self) -> bool:
        """Whether it takes its slots or spots."""
        return self.state in {"awaiting_payment", "accepted"}

    @property
    def owed(self) -> int:
        """What is still to be paid for it; with a charge, for what was to be debited (A2)."""
        return sum(
            max(0, line.service.price - line.paid)
            for line in self.lines
            if line.debit is None
            and not line.pays_online
            and (line.automatic or self.state == "accepted")
        )


@dataclass
class Event:
    """An occurrence of a group service."""

    id: str
    service: str
    start: datetime
    capacity: int
    cancelled: bool = False


@dataclass
class State:
    """All of it; ids are those of the edge."""

    now: datetime
    services: dict[str, Service] = field(default_factory=dict[str, Service])
    team: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Team members, and the services that they perform, around the clock."""
    clients: list[str] = field(default_factory=list[str])
    events: dict[str, Event] = field(default_factory=dict[str, Event])
    memberships: dict[str, Membership] = field(default_factory=dict[str, Membership])
    appointments: list[Appointment] = field(default_factory=list[Appointment])

    def buckets(self) -> Iterator[Bucket]:
        """Give all buckets."""
        for membership in self.memberships.values():
            yield from membership.buckets

    def membership_of(self, bucket_id: str) -> Membership:
        """Return the membership that a bucket belongs to."""
        return next(
            membership
            for membership in self.memberships.values()
            if any(bucket.id == bucket_id for bucket in membership.buckets)
        )

    def appointment(self, appointment_id: str) -> Appointment | None:
        """Return an appointment, if it is known."""
        return next((each for each in self.appointments if each.id == appointment_id), None)

    def held_lines(self) -> list[tuple[Appointment, Line]]:
        """Return the lines that hold sessions, by start and id."""
        found = [
            (appointment, line)
            for appointment in self.appointments
            for line in appointment.lines
            if line.hold is not None
        ]
        return sorted(found, key=lambda pair: (pair[0].start, pair[1].id))

    def taken(self, event_id: str) -> int:
        """Return how many spots of an event are taken."""
        return sum(
            len(each.lines) for each in self.appointments if each.event == event_id and each.stands
        )

    def is_free(
        self, team_member: str, start: datetime, end: datetime, but: Appointment | None = None
    ) -> bool:
        """Whether a team member has nothing else to do; `but` is what does not count."""
        return not any(
            line.team_member == team_member and line.start < end and start < line.end
            for each in self.appointments
            if each.stands and each is not but
            for line in each.lines
        )

    def kin(self, client: str) -> set[str]:
        """Return the clients whom sharing connects with this one, itself among them."""
        found = {client}
        while True:
            more = {
                each
                for membership in self.memberships.values()
                if found & {membership.owner, *membership.shared}
                for each in (membership.owner, *membership.shared)
            }
            if more <= found:
                return found
            found |= more
