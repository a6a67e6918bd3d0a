"""The settlement: the whole truth of what sessions pay of one appointment."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from membership.domain.memberships import Reason
from membership.domain.plans import Plan, PlannedLine

Outcome = Literal["planned", "debited", "not_debited", "reversed"]
_MILLISECOND: Final = timedelta(milliseconds=1)


class Judgement(NamedTuple):
    """Why a membership in reach could not pay a line, if so; `expires_on` is as it was then."""

    membership_id: UUID
    expires_on: date | None
    reason: Reason | None


class SettledLine(NamedTuple):
    """What became of one line: its debit, automatic or by hand, or why there is none.

    `undone_at` is when its debit was undone last: a start from then on debits it again, and an
    earlier one does not (rule A10). `judged` is in the order of rule A5.
    """

    plan: PlannedLine
    membership_id: UUID | None = None
    bucket_id: UUID | None = None
    reason: Reason | None = None
    by_hand: bool = False
    undone_at: datetime | None = None
    judged: tuple[Judgement, ...] = ()

    @property
    def line_id(self) -> UUID:
        """Which line it is."""
        return self.plan.line_id

    @property
    def is_debited(self) -> bool:
        """Whether a session pays it."""
        return self.bucket_id is not None

    @property
    def is_short(self) -> bool:
        """Whether a session was to pay it, and neither that nor money does."""
        return self.plan.is_automatic and not self.is_debited and self.reason != "claimed"

    def without_debit(self) -> "SettledLine":
        """Return the line as it is when nothing is debited for it."""
        return self._replace(membership_id=None, bucket_id=None, reason=None, by_hand=False)


class Settlement(NamedTuple):
    """What sessions pay of one appointment, at `revision`.

    `appointment_revision` is that of the plan it is about; `has_begun` says that the start of that
    plan was settled. Until then only debits by hand are in it.
    """

    appointment_id: UUID
    revision: int
    appointment_revision: int
    booking_id: UUID
    visit_id: UUID
    chain_id: UUID
    location_id: UUID
    client_id: UUID
    outcome: Outcome
    lines: tuple[SettledLine, ...]
    shortfall: int
    start: datetime
    settled_at: datetime
    delay_ms: int
    time_zone: str
    has_begun: bool

    @property
    def debited(self) -> list[SettledLine]:
        """The lines that a session pays."""
        return [line for line in self.lines if line.is_debited]

    @property
    def plan(self) -> Plan:
        """The plan that it is about, as far as its lines are settled."""
        return Plan(
            appointment_id=self.appointment_id,
            revision=self.appointment_revision,
            booking_id=self.booking_id,
            visit_id=self.visit_id,
            chain_id=self.chain_id,
            location_id=self.location_id,
            time_zone=self.time_zone,
            client_id=self.client_id,
            start=self.start,
            lines=tuple(line.plan for line in self.lines),
        )

    def line(self, line_id: UUID) -> SettledLine | None:
        """Return what became of a line, if anything."""
        return next((line for line in self.lines if line.line_id == line_id), None)

    def decides(self, line_id: UUID, revision: int) -> bool:
        """Whether a line of the plan of this revision needs no hold: it is paid, or was judged."""
        line = self.line(line_id)
        if line is None:
            return False
        if line.is_debited and line.by_hand:
            return True
        return self.has_begun and revision <= self.appointment_revision

    def changed(self, lines: Iterable[SettledLine], now: datetime) -> "Settlement":
        """Return the next revision, with these lines and the outcome that follows from them."""
        lines = tuple(lines)
        shortfall = sum(line.is_short for line in lines) if self.has_begun else 0
        return self._replace(
            revision=self.revision + 1,
            outcome=_outcome(lines, self.start, has_begun=self.has_begun),
            lines=lines,
            shortfall=shortfall,
            settled_at=now,
        )


def unsettled(plan: Plan, now: datetime) -> Settlement:
    """Return the settlement of a plan before there is any; it is not a revision yet."""
    return _settlement(plan, None, now)


def follow(settlement: Settlement, plan: Plan) -> Settlement:
    """Return the settlement as one of another plan, whose start is still to come."""
    return _settlement(plan, settlement, settlement.settled_at)


def begin(plan: Plan, before: Settlement | None, now: datetime) -> Settlement:
    """Return the settlement of a plan that begins, before its lines are settled."""
    delay_ms = max(0, (now - plan.start) // _MILLISECOND)
    return _settlement(plan, before, now, has_begun=True, delay_ms=delay_ms)


def _settlement(
    plan: Plan,
    before: Settlement | None,
    at: datetime,
    *,
    has_begun: bool = False,
    delay_ms: int = 0,
) -> Settlement:
    return Settlement(
        appointment_id=plan.appointment_id,
        revision=before.revision if before else 0,
        appointment_revision=plan.revision,
        booking_id=plan.booking_id,
        visit_id=plan.visit_id,
        chain_id=plan.chain_id,
        location_id=plan.location_id,
        client_id=plan.client_id,
        outcome="planned",
        lines=before.lines if before else (),
        shortfall=0,
        start=plan.start,
        settled_at=at,
        delay_ms=delay_ms,
        time_zone=plan.time_zone,
        has_begun=has_begun,
    )


def _outcome(lines: tuple[SettledLine, ...], start: datetime, *, has_begun: bool) -> Outcome:
    """Return the outcome: it depends on the lines alone, not on how they came to be so."""
    if not any(line.is_debited for line in lines):
        if any(line.undone_at is not None and line.undone_at >= start for line in lines):
            return "reversed"
        return "not_debited" if has_begun else "planned"
    if not has_begun:
        return "planned"
    return "not_debited" if any(line.is_short for line in lines) else "debited"
