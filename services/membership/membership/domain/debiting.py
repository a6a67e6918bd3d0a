"""Debits by hand (rule A13): all of the lines that are asked for, or none."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.allocator import Allocation, Ask
from membership.domain.judging import Court, rule_of
from membership.domain.memberships import Reason
from membership.domain.plans import Plan, PlannedLine
from membership.domain.reasons import WhyNot
from membership.domain.reversing import Settled, follow_plan
from membership.domain.settlements import SettledLine, unsettled
from membership.domain.settling import debit_line
from membership.domain.wallet import Wallet, places_in
from membership.domain.wallets import Wallets


class DebitRequest(NamedTuple):
    """Somebody debits lines of an appointment; without a membership the order of A5 decides."""

    debit_id: UUID
    plan: Plan
    line_ids: tuple[UUID, ...]
    membership_id: UUID | None = None

    @property
    def appointment_id(self) -> UUID:
        """Which appointment it is."""
        return self.plan.appointment_id

    @property
    def client_id(self) -> UUID:
        """Whose appointment it is."""
        return self.plan.client_id

    @property
    def chain_id(self) -> UUID:
        """In which chain it is."""
        return self.plan.chain_id


class Debited(NamedTuple):
    """The lines, each with the membership that paid it, and the settlement that shows it."""

    request: DebitRequest
    paid_by: tuple[tuple[UUID, UUID], ...]
    settlement_revision: int


class NotDebited(NamedTuple):
    """Nothing was debited, for these reasons."""

    request: DebitRequest
    reasons: tuple[WhyNot, ...]


def debit_by_hand(
    wallets: Wallets, request: DebitRequest, now: datetime
) -> list[Settled | Debited | NotDebited]:
    """Debit lines before or after the start; what they hold counts as theirs."""
    plan = request.plan
    lines = [line for line in plan.lines if line.line_id in request.line_ids]
    objections = _objections(wallets, plan, lines)
    if objections or len(lines) < len(request.line_ids):
        return [NotDebited(request, objections)]
    wallet = wallets.by_client[plan.client_id]
    court = _court(wallets, wallet, request)
    allocation = _allocate(wallet, court, lines)
    if allocation.uncovered:
        lacking = [line for line in lines if line.line_id in allocation.uncovered]
        return [NotDebited(request, tuple(_reasons(court, lacking)))]
    events: list[Settled | Debited | NotDebited] = []
    events += follow_plan(wallets, wallet, plan, now)
    for line in lines:
        wallet.release(line.line_id)
    events += wallet.move(allocation.moved)
    settlement = wallets.settlements.get(plan.appointment_id) or unsettled(plan, now)
    settled = {line.line_id: line for line in settlement.lines}
    for line in lines:
        bucket_id = allocation.placed[line.line_id]
        wallet.debit_hold(line.line_id, bucket_id)
        paid_by = wallet.buckets[bucket_id].membership_id
        judged, _ = court.judge(line)
        paid = SettledLine(line, paid_by, bucket_id, by_hand=True, judged=judged)
        events.append(debit_line(wallets, wallet, settlement, paid, now))
        settled[line.line_id] = paid
    after = settlement.changed(settled.values(), now)
    wallets.settle(after)
    paid_by = tuple((one.line_id, one.membership_id) for one in after.debited if one.membership_id)
    asked = {line.line_id for line in lines}
    debited = Debited(request, tuple(one for one in paid_by if one[0] in asked), after.revision)
    return [*events, after, debited]


def _objections(wallets: Wallets, plan: Plan, lines: Sequence[PlannedLine]) -> tuple[WhyNot, ...]:
    """Return why lines may not be debited at all: a line is paid once (rule A16)."""
    return tuple(
        WhyNot(None, line.service_id, rule_of(reason), reason)
        for line in lines
        if (reason := _why_not(wallets, plan, line))
    )


def _why_not(wallets: Wallets, plan: Plan, line: PlannedLine) -> Reason | None:
    if wallets.is_void(plan.appointment_id, plan.revision):
        return "cancelled"
    if plan.revision < wallets.plan_in_force(plan.appointment_id):
        return "rescheduled"
    if line.paid_online:
        return "paid_online"
    settlement = wallets.settlements.get(plan.appointment_id)
    known = settlement.line(line.line_id) if settlement else None
    if known is not None and known.is_debited:
        return "already_debited"
    is_claimed = wallets.why_spared(plan.appointment_id, line.line_id, plan.start) == "claimed"
    return "claimed" if is_claimed else None


def _court(wallets: Wallets, wallet: Wallet, request: DebitRequest) -> Court:
    reach = wallet.reach(request.client_id)
    if request.membership_id is not None:
        reach = [one for one in reach if one.membership_id == request.membership_id]
    status = wallets.visit_statuses.get(request.appointment_id, "pending")
    return Court(request.plan, reach, by_hand=True, has_come=status in {"confirmed", "arrived"})


def _allocate(wallet: Wallet, court: Court, lines: Sequence[PlannedLine]) -> Allocation:
    asks = [
        Ask(line.line_id, places_in(court.judge(line)[1], court.need(line)), required=True)
        for line in lines
    ]
    own = {line.line_id for line in lines if line.line_id in wallet.holds}
    return wallet.allocate(asks, court.day, own)


def _reasons(court: Court, lacking: Iterable[PlannedLine]) -> Iterable[WhyNot]:
    """Say for each service without cover why each membership does not pay it."""
    for line in {line.service_id: line for line in lacking}.values():
        if not court.reach:
            yield WhyNot(None, line.service_id, "G5", "no_membership")
        judged, _ = court.judge(line)
        for one in judged:
            reason: Reason = one.reason or "not_enough_sessions"
            yield WhyNot(one.membership_id, line.service_id, rule_of(reason), reason)
