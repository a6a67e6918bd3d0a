"""A simple model of the gate, written from docs/rules.md: what each step must lead to."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gate_allocation import Ask, Assignment, Held, assign
from gate_state import Appointment, Bucket, Line, Membership, Service, State

KEPT_AFTER_VISIT: Final = timedelta(days=7)
REFUSED: Final = "no-suitable-membership"

Reasons = dict[tuple[str | None, str], set[str]]
"""Why a membership (or, without one, any) does not carry a service: what may be said of it."""


class RefusedError(Exception):
    """A step must be refused, with one of these problem types."""

    def __init__(self, *types: str, reasons: Reasons | None = None) -> None:
        super().__init__(*types)
        self.types = set(types)
        self.reasons = reasons or {}


def all_of(*checks: Callable[[], object]) -> None:
    """Refuse with everything that is wrong: which of it is said first, no rule tells."""
    types: set[str] = set()
    for check in checks:
        try:
            check()
        except RefusedError as refusal:
            types |= refusal.types
    if types:
        raise RefusedError(*types)


@dataclass
class Gate:
    """Decides by the rules; what it decides is noted in `state`."""

    state: State
    zone: ZoneInfo
    paid_within: timedelta = timedelta(minutes=15)

    @property
    def today(self) -> date:
        """The location's date."""
        return self.state.now.astimezone(self.zone).date()

    # Booking

    def lines(
        self, services: Sequence[Service], start: datetime, *, online: bool, pay: bool | None
    ) -> list[Line]:
        """Return services in a row as they would be booked now (rules G2 to G4)."""
        lines: list[Line] = []
        for service in services:
            line = Line(service, None, start, online and pays_online(service, pay))
            line.required = online and service.membership_booking and not line.pays_online
            lines.append(line)
            start = line.end if service.kind == "individual" else start
        if pay and online and not any(line.pays_online for line in lines):
            raise RefusedError("invalid-request")
        return lines

    def pass_gate(self, lines: Sequence[Line], *, online: bool, confirmed: bool) -> None:
        """Refuse who spends sessions without having confirmed the phone (rule G8)."""
        if online and not confirmed and any(line.wants_session for line in lines):
            raise RefusedError("phone-not-confirmed")

    def take_spots(self, event_id: str, number: int) -> None:
        """Refuse more spots than are free (rule X2), and events that began."""
        event = self.state.events[event_id]
        if event.cancelled or event.start <= self.state.now:
            raise RefusedError("conflict")
        if self.state.taken(event_id) + number > event.capacity:
            raise RefusedError("event-full")

    def take_slots(
        self,
        services: Sequence[Service],
        start: datetime,
        wanted: Sequence[str | None],
        but: Appointment | None = None,
    ) -> None:
        """Refuse times at which nobody who was asked for is free (rule X2)."""
        for service, team_member in zip(services, wanted, strict=True):
            line = Line(service, None, start, pays_online=False)
            candidates = [team_member] if team_member else list(self.state.team)
            if not any(self.can_perform(each, line, but) for each in candidates):
                raise RefusedError("slot-taken")
            start = line.end

    def take_time(
        self,
        old: Appointment,
        event_id: str | None,
        start: datetime,
        but: Appointment | None = None,
    ) -> None:
        """Refuse another time for the same, if it is not free; `but` does not count."""
        if event_id:
            self.take_spots(event_id, len(old.lines))
            return
        services = [self.state.services[line.service.id] for line in old.lines]
        self.take_slots(services, start, [line.team_member for line in old.lines], but)

    def can_perform(self, team_member: str, line: Line, but: Appointment | None = None) -> bool:
        """Whether a team member performs the service, and is free."""
        performs = line.service.id in self.state.team[team_member]
        return performs and self.state.is_free(team_member, line.start, line.end, but)

    def hold(
        self, client: str, lines: Sequence[Line], but: Appointment | None = None
    ) -> Assignment:
        """Find sessions for lines; nothing is noted yet (rules G5 to G7).

        Of an appointment that moves, `but`, the present holds are free for it; a line that finds
        nothing for its new time keeps what it holds, unless the gate demands better (rule G11).
        """
        own = {line.id: line.hold for line in but.lines if line.hold} if but else {}
        asking = [(f"{number:03}", line) for number, line in enumerate(lines) if line.wants_session]
        kept: dict[str, str] = {}
        while True:
            asks = [
                Ask(name, tuple(self.valid_buckets(client, line)), line.required or line.id in own)
                for name, line in asking
                if name not in kept
            ]
            found = self._assign(asks, free_for_it=set(own))
            lacking = [one for name, one in asking if name in found.uncovered and one.required]
            if lacking:
                raise RefusedError(REFUSED, reasons=dict(self._reasons(client, lacking)))
            stuck = {
                n: own.pop(one.id) for n, one in asking if n in found.uncovered and one.id in own
            }
            if not stuck:
                return replace(found, placed={**found.placed, **kept})
            kept |= stuck

    def note_holds(self, lines: Sequence[Line], assignment: Assignment) -> None:
        """Let the lines hold what was found for them, and older ones move."""
        self._note_moves(assignment)
        for number, line in enumerate(lines):
            line.hold = assignment.placed.get(f"{number:03}")

    def _note_moves(self, assignment: Assignment) -> None:
        for _, line in self.state.held_lines():
            line.hold = assignment.moved.get(line.id, line.hold)

    def _assign(self, asks: Sequence[Ask], free_for_it: Collection[str] = ()) -> Assignment:
        free = {bucket.id: bucket.balance for bucket in self.state.buckets()}
        held: list[Held] = []
        for appointment, line in self.state.held_lines():
            if line.hold is None or line.id in free_for_it:
                continue
            free[line.hold] -= 1
            elsewhere = [b for b in self.valid_buckets(appointment.client, line) if b != line.hold]
            held.append(Held(line.id, line.hold, tuple(elsewhere)))
        return assign(asks, held, free)

    # Which memberships are valid

    def reach(self, client: str) -> list[Membership]:
        """Return what a client may use, in the order of rule A5."""
        usable = [
            each
            for each in self.state.memberships.values()
            if client == each.owner or client in each.shared
        ]
        return sorted(
            usable,
            key=lambda each: (each.expires_on or date.max, each.owner != client, each.issued),
        )

    def valid_buckets(self, client: str, line: Line) -> list[str]:
        """Return the buckets that may hold a session for a line (rule G5), best first."""
        valid = [each for each in self.reach(client) if not self._why_not(each, line)]
        if line.automatic:
            valid.sort(key=lambda each: not each.terms.auto_deduction)
        return _buckets_for(valid, line)

    def _why_not(self, membership: Membership, line: Line) -> set[str]:
        covering = _covering(membership, line)
        if not covering:
            return {"service_not_covered"}
        visit_day = line.start.astimezone(self.zone).date()
        expires_on, terms = membership.expires_on or date.max, membership.terms
        return {
            reason
            for reason, holds in {
                "used_up": all(bucket.balance <= 0 for bucket in covering),
                "expires_too_early": expires_on <= self.today
                or (terms.valid_on_visit_day and expires_on < visit_day),
                "frozen": terms.not_while_frozen and membership.frozen_on is not None,
            }.items()
            if holds
        }

    def _reasons(
        self, client: str, lacking: Iterable[Line]
    ) -> Iterator[tuple[tuple[str | None, str], set[str]]]:
        reach = self.reach(client)
        for line in lacking:
            if not reach:
                yield (None, line.service.id), {"no_membership"}
            for each in reach:
                reasons = self._why_not(each, line) or {"not_enough_sessions"}
                yield (each.id, line.service.id), reasons

    # Time passes

    def due(self, until: datetime) -> list[datetime]:
        """Return the instants up to `until` at which something begins, or ends unpaid."""
        starts = {
            each.start
            for each in self.state.appointments
            if not each.is_settled and (each.state == "accepted" or each.charged)
        }
        return sorted(start for start in starts if self.state.now < start <= until)

    def pass_time(self, now: datetime) -> None:
        """Let everything happen that is due by `now`, in its order."""
        for appointment in list(self.state.appointments):
            if appointment.state == "awaiting_payment" and _is_due(appointment.pay_until, now):
                self.refuse(appointment)
        for appointment in sorted(self.state.appointments, key=lambda each: (each.start, each.id)):
            stands = appointment.state == "accepted" or appointment.charged
            if stands and not appointment.is_settled and appointment.start <= now:
                self.state.now = appointment.start
                self._settle(appointment)
        self.state.now = now
        for appointment, line in self.state.held_lines():
            if not line.automatic and appointment.start + KEPT_AFTER_VISIT <= now:
                line.hold, line.released = None, True

    def _settle(self, appointment: Appointment) -> None:
        """Debit at the start, decided afresh (rules A4, A5, A8, A13, A14)."""
        appointment.is_settled = True
        automatic = [line for line in appointment.lines if line.automatic]
        asks = [
            Ask(
                f"{number:03}", tuple(self._paying(appointment.client, line)), line.hold is not None
            )
            for number, line in enumerate(automatic)
        ]
        for line in automatic:
            line.hold = None
        assignment = self._assign(asks)
        self._note_moves(assignment)
        day = appointment.start.astimezone(self.zone).date()
        buckets = {bucket.id: bucket for bucket in self.state.buckets()}
        for number, line in enumerate(automatic):
            line.debit = assignment.placed.get(f"{number:03}")
            line.debit_status = "debited" if line.debit else "not_debited"
            if line.debit:
                buckets[line.debit].used += 1
                membership = self.state.membership_of(line.debit)
                if not membership.activated:
                    membership.activate(day)

    def _paying(self, client: str, line: Line) -> list[str]:
        day = line.start.astimezone(self.zone).date()
        paying = [
            each
            for each in self.reach(client)
            if each.terms.auto_deduction
            and each.frozen_on is None
            and (each.expires_on is None or each.expires_on >= day)
        ]
        return _buckets_for(paying, line)

    # Changing

    def cancel(self, appointment: Appointment, *, online: bool, charge: bool) -> None:
        """Cancel (rules A2, A10, A15)."""
        self.must_stand(appointment)
        if online and charge:
            raise RefusedError("forbidden")
        if online and self.state.now > appointment.deadline:
            raise RefusedError("cancellation-too-late")
        appointment.state, appointment.charged = "cancelled", charge
        if not charge:
            self._give_back(appointment)

    def cancel_event(self, event_id: str) -> None:
        """Cancel a whole event: all its bookings end without charge (rule A10)."""
        self.state.events[event_id].cancelled = True
        for appointment in self.state.appointments:
            if appointment.event != event_id or not appointment.stands:
                continue
            if appointment.state == "accepted":
                appointment.state = "cancelled"
                self._give_back(appointment)
            else:
                self.refuse(appointment)

    def refuse(self, appointment: Appointment) -> None:
        """End a booking that was not paid; its holds are released."""
        appointment.state = "refused"
        for line in appointment.lines:
            line.hold = None

    def may_reschedule(self, appointment: Appointment, *, online: bool) -> None:
        """Refuse what did begin or, online, what is past its deadline (rule G11)."""
        self.must_stand(appointment)
        if appointment.start <= self.state.now:
            raise RefusedError("conflict")
        if online and self.state.now > appointment.deadline:
            raise RefusedError("rescheduling-too-late")

    def renewed_lines(
        self, appointment: Appointment, start: datetime, *, online: bool
    ) -> list[Line]:
        """Return its lines at another time, under the settings as they are now (rule A17).

        What was paid online stays paid.
        """
        lines: list[Line] = []
        for old in appointment.lines:
            service = self.state.services[old.service.id]
            line = Line(service, old.team_member, start, old.pays_online, id=old.id)
            line.required = online and service.membership_booking and not old.pays_online
            lines.append(line)
            start = line.end if service.kind == "individual" else start
        return lines

    def move_event(self, event_id: str, start: datetime) -> None:
        """Move an event: its bookings keep settings and holds, and look for missing ones (A10)."""
        event = self.state.events[event_id]
        if event.start <= self.state.now:
            raise RefusedError("conflict")
        event.start = start
        moved = [one for one in self.state.appointments if one.event == event_id and one.stands]
        for line in (line for one in moved for line in one.lines):
            line.start = start
        for appointment in moved:
            lacking = [one for one in appointment.lines if one.wants_session and not one.hold]
            for line in lacking:
                line.required = False
            self.note_holds(lacking, self.hold(appointment.client, lacking))

    @staticmethod
    def must_stand(appointment: Appointment) -> None:
        """Refuse to change what is not accepted."""
        if appointment.state != "accepted":
            raise RefusedError("conflict")

    def _give_back(self, appointment: Appointment) -> None:
        buckets = {bucket.id: bucket for bucket in self.state.buckets()}
        for line in appointment.lines:
            line.hold = None
            if line.debit is None:
                continue
            bucket = buckets[line.debit]
            membership = self.state.membership_of(line.debit)
            bucket.used -= 1
            is_over = membership.expires_on is not None and membership.expires_on < self.today
            bucket.expired += is_over and bucket.sessions is not None
            line.debit = None

    def freeze(self, membership: Membership) -> None:
        """Freeze a membership."""
        if membership.status(self.today) in {"frozen", "expired"}:
            raise RefusedError("conflict")
        membership.frozen_on = self.today

    def unfreeze(self, membership: Membership) -> None:
        """Unfreeze it; the days count again."""
        if membership.frozen_on is None:
            raise RefusedError("conflict")
        if membership.expires_on is not None:
            membership.expires_on += self.today - membership.frozen_on
        membership.frozen_on = None


def pays_online(service: Service, choice: bool | None) -> bool:
    """Return whether a client pays at once; a group service with both ways needs a choice (G3)."""
    if service.online == "off":
        return False
    if service.membership_booking:
        if choice is None:
            raise RefusedError("invalid-request")
        return choice
    if service.online == "mandatory" and choice is False:
        raise RefusedError("invalid-request")
    return service.online == "mandatory" or choice is True


def _covering(membership: Membership, line: Line) -> list[Bucket]:
    return [b for b in membership.buckets if b.covers(line.service.id, line.service.category)]


def _buckets_for(memberships: Iterable[Membership], line: Line) -> list[str]:
    return [
        bucket.id
        for membership in memberships
        for bucket in _covering(membership, line)
        if bucket.balance > 0
    ]


def _is_due(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now
