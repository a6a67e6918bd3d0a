"""A simple model of the gate, written from docs/rules.md: what each step must lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gate_refusals import RefusedError
from gate_state import Appointment, Line, Service
from gate_wallets import Wallets

KEPT_AFTER_VISIT: Final = timedelta(days=7)


@dataclass
class Gate(Wallets):
    """Decides by the rules; what it decides is noted in `state`."""

    paid_within: timedelta = timedelta(minutes=15)

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
            line.debit = old.debit
            line.payment, line.paid = old.payment, old.paid
            line.required = online and service.membership_booking and line.is_open
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


def _is_due(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now
