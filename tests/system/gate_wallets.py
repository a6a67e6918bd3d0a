"""The model's memberships: which are valid, what they hold, and what they pay at the start."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from gate_allocation import Ask, Assignment, Held, assign
from gate_refusals import RefusedError
from gate_state import Appointment, Bucket, Line, Membership, State

REFUSED: Final = "no-suitable-membership"


@dataclass
class Wallets:
    """All memberships, by the time of `state` in the location's `zone`."""

    state: State
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The location's date."""
        return self.state.now.astimezone(self.zone).date()

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

    def _settle(self, appointment: Appointment) -> None:
        """Debit at the start, decided afresh (rules A4, A5, A8, A13, A14)."""
        appointment.is_settled = True
        automatic = [line for line in appointment.lines if line.automatic and line.is_open]
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
        for number, line in enumerate(automatic):
            self._debit(line, assignment.placed.get(f"{number:03}"), appointment)

    def _debit(self, line: Line, bucket_id: str | None, appointment: Appointment) -> None:
        """Take a session; the first one activates a membership."""
        line.debit = bucket_id
        if bucket_id:
            next(each for each in self.state.buckets() if each.id == bucket_id).used += 1
            membership = self.state.membership_of(bucket_id)
            if not membership.activated:
                membership.activate(appointment.start.astimezone(self.zone).date())

    def debit_by_hand(self, appointment: Appointment, lines: Sequence[Line]) -> None:
        """Debit all of these lines by hand, or none (rule A13)."""
        if not all(line.is_open for line in lines):
            raise RefusedError("already-paid")
        asks = [
            Ask(f"{number:03}", tuple(self._by_hand(appointment.client, line)), required=True)
            for number, line in enumerate(lines)
        ]
        assignment = self._assign(asks, free_for_it={line.id for line in lines})
        if assignment.uncovered:
            raise RefusedError(REFUSED)
        for line in lines:
            line.hold = None
        self._note_moves(assignment)
        for number, line in enumerate(lines):
            self._debit(line, assignment.placed[f"{number:03}"], appointment)

    def undo_debit(self, appointment: Appointment) -> None:
        """Give all sessions back; before the start the lines are planned again (rule A10)."""
        lines = [line for line in appointment.lines if line.debit]
        if not lines:
            raise RefusedError("conflict")
        for line in lines:
            self._take_back(line)
        self.plan_again(appointment, lines)

    def pay(self, lines: Sequence[Line]) -> None:
        """Take money for lines: no session pays them then (rule A16)."""
        if not all(line.is_open for line in lines):
            raise RefusedError("already-paid")
        for line in lines:
            line.hold, line.paid = None, line.service.price

    def undo_payment(self, appointment: Appointment, lines: Sequence[Line]) -> None:
        """Give money back; before the start the lines are planned again (rule A16)."""
        for line in lines:
            line.payment, line.paid = None, 0
        self.plan_again(appointment, lines)

    def plan_again(self, appointment: Appointment, lines: Sequence[Line]) -> None:
        """Hold for lines as far as there are sessions, unless they began."""
        wanting = [line for line in lines if line.wants_session]
        if appointment.start <= self.state.now or not wanting:
            return
        for line in wanting:
            line.required = False
        self.note_holds(wanting, self.hold(appointment.client, wanting))

    def _paying(self, client: str, line: Line) -> list[str]:
        paying = [
            each
            for each in self._lasting(client, line)
            if each.frozen_at is None or each.frozen_at > line.start
        ]
        return _buckets_for(paying, line)

    def _by_hand(self, client: str, line: Line) -> list[str]:
        paying = [each for each in self._lasting(client, line) if each.frozen_at is None]
        return _buckets_for(paying, line)

    def _lasting(self, client: str, line: Line) -> list[Membership]:
        """Return what is debited without a word of people, and has not expired by the visit."""
        day = line.start.astimezone(self.zone).date()
        return [
            each
            for each in self.reach(client)
            if each.terms.auto_deduction and (each.expires_on is None or each.expires_on >= day)
        ]

    def _give_back(self, appointment: Appointment) -> None:
        for line in appointment.lines:
            line.hold = None
            if line.debit is not None:
                self._take_back(line)

    def _take_back(self, line: Line) -> None:
        """Give a session back to its bucket; in an expired membership it expires at once."""
        bucket = next(each for each in self.state.buckets() if each.id == line.debit)
        membership = self.state.membership_of(bucket.id)
        bucket.used -= 1
        is_over = membership.expires_on is not None and membership.expires_on < self.today
        bucket.expired += is_over and bucket.sessions is not None
        line.debit = None

    def freeze(self, membership: Membership) -> None:
        """Freeze a membership."""
        if membership.status(self.today) in {"frozen", "expired"}:
            raise RefusedError("conflict")
        membership.frozen_on, membership.frozen_at = self.today, self.state.now

    def unfreeze(self, membership: Membership) -> None:
        """Unfreeze it; the days count again."""
        if membership.frozen_on is None:
            raise RefusedError("conflict")
        if membership.expires_on is not None:
            membership.expires_on += self.today - membership.frozen_on
        membership.frozen_on = membership.frozen_at = None


def _covering(membership: Membership, line: Line) -> list[Bucket]:
    return [b for b in membership.buckets if b.covers(line.service.id, line.service.category)]


def _buckets_for(memberships: Iterable[Membership], line: Line) -> list[str]:
    return [
        bucket.id
        for membership in memberships
        for bucket in _covering(membership, line)
        if bucket.balance > 0
    ]
