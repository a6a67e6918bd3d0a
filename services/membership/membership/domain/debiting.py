"""Debits by hand (rule A13): of all lines that are asked for, or of those that can be paid."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.allocator import Allocation, Ask
from membership.domain.judging import Court, rule_of
from membership.domain.ledger import Entry
from membership.domain.memberships import Membership, Reason
from membership.domain.plans import Plan, PlannedLine
from membership.domain.reasons import WhyNot
from membership.domain.reversing import Settled, follow_plan
from membership.domain.settlements import SettledLine, Settlement, unsettled
from membership.domain.settling import debit_line
from membership.domain.wallet import Wallet, places_in
from membership.domain.wallets import Wallets


class DebitRequest(NamedTuple):
    """Somebody debits lines of an appointment; without a membership the order of A5 decides.

    All of the lines are debited or none; `partly`, those that can be.
    """

    debit_id: UUID
    plan: Plan
    line_ids: tuple[UUID, ...]
    membership_id: UUID | None = None
    partly: bool = False

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
    """The lines, each with the membership that paid it, and the settlement that shows it.

    There may be neither when lines were to be debited as far as they can be.
    """

    request: DebitRequest
    paid_by: tuple[tuple[UUID, UUID], ...]
    settlement_revision: int | None


class NotDebited(NamedTuple):
    """Nothing was debited, for these reasons."""

    request: DebitRequest
    reasons: tuple[WhyNot, ...]


class Deliberation(NamedTuple):
    """Which of the lines that are asked for may be debited at all, and from where."""

    objections: tuple[tuple[PlannedLine, Reason], ...]
    lines: tuple[PlannedLine, ...]
    court: Court
    allocation: Allocation

    @property
    def payable(self) -> list[PlannedLine]:
        """The lines that have a place."""
        return [line for line in self.lines if line.line_id in self.allocation.placed]


def debit_by_hand(
    wallets: Wallets, request: DebitRequest, now: datetime
) -> list[Settled | Debited | NotDebited]:
    """Debit lines before or after the start; what they hold counts as theirs."""
    found = deliberate(wallets, request)
    if not request.partly and len(found.payable) < len(request.line_ids):
        return [NotDebited(request, tuple(_reasons(found)))]
    if not found.payable:
        known = wallets.settlements.get(request.appointment_id)
        return [Debited(request, (), known.revision if known else None)]
    return _debit(wallets, request, found, now)


def deliberate(wallets: Wallets, request: DebitRequest) -> Deliberation:
    """Find out which lines can be paid from where; changes nothing yet."""
    plan = request.plan
    asked = [line for line in plan.lines if line.line_id in request.line_ids]
    lines: list[PlannedLine] = []
    objections: list[tuple[PlannedLine, Reason]] = []
    for line in asked:
        reason = _why_not(wallets, plan, line)
        if reason is None:
            lines.append(line)
        else:
            objections.append((line, reason))
    wallet = wallets.by_client[plan.client_id]
    reach = wallet.reach(plan.client_id)
    chosen = [one for one in reach if request.membership_id in {None, one.membership_id}]
    court = court_by_hand(wallets, plan, chosen)
    return Deliberation(tuple(objections), tuple(lines), court, _allocate(wallet, court, lines))


def _debit(
    wallets: Wallets, request: DebitRequest, found: Deliberation, now: datetime
) -> list[Settled | Debited | NotDebited]:
    events: list[Settled | Debited | NotDebited] = [*make_way(wallets, request, found, now)]
    settlement = settlement_of(wallets, request.plan, now)
    settled = {line.line_id: line for line in settlement.lines}
    paid_by: list[tuple[UUID, UUID]] = []
    for line in found.payable:
        paid, entry = pay(wallets, settlement, found, line, now)
        events.append(entry)
        settled[line.line_id] = paid
        paid_by.append((line.line_id, entry.membership_id))
    after = settlement.changed(settled.values(), now)
    wallets.settle(after)
    return [*events, after, Debited(request, tuple(paid_by), after.revision)]


def make_way(
    wallets: Wallets, request: DebitRequest, found: Deliberation, now: datetime
) -> list[Settled]:
    """End what is held for the lines that can be paid, and move what is in their way."""
    wallet = wallets.by_client[request.client_id]
    events = follow_plan(wallets, wallet, request.plan, now)
    for line in found.payable:
        wallet.release(line.line_id)
    return [*events, *wallet.move(found.allocation.moved)]


def settlement_of(wallets: Wallets, plan: Plan, now: datetime) -> Settlement:
    """Return what is settled of an appointment until now."""
    return wallets.settlements.get(plan.appointment_id) or unsettled(plan, now)


def pay(
    wallets: Wallets, settlement: Settlement, found: Deliberation, line: PlannedLine, now: datetime
) -> tuple[SettledLine, Entry]:
    """Debit one of the lines that can be paid."""
    wallet = wallets.by_client[settlement.client_id]
    bucket_id = found.allocation.placed[line.line_id]
    wallet.debit_hold(line.line_id, bucket_id)
    payer = wallet.buckets[bucket_id].membership_id
    judged, _ = found.court.judge(line)
    paid = SettledLine(line, payer, bucket_id, by_hand=True, judged=judged)
    return paid, debit_line(wallets, wallet, settlement, paid, now)


def _why_not(wallets: Wallets, plan: Plan, line: PlannedLine) -> Reason | None:
    """Return why a line may not be debited at all: it is paid once (rule A16)."""
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


def court_by_hand(wallets: Wallets, plan: Plan, reach: Sequence[Membership]) -> Court:
    """Return who judges whether memberships may be debited by hand (rule A13)."""
    status = wallets.visit_statuses.get(plan.appointment_id, "pending")
    return Court(plan, reach, by_hand=True, has_come=status in {"confirmed", "arrived"})


def _allocate(wallet: Wallet, court: Court, lines: Sequence[PlannedLine]) -> Allocation:
    """Find the best places; a line that finds none keeps what it holds."""
    own = {line.line_id for line in lines if line.line_id in wallet.holds}
    asks = [
        Ask(line.line_id, places_in(court.judge(line)[1], court.need(line)), required=True)
        for line in lines
    ]
    uncovered: frozenset[UUID] = frozenset()
    while True:
        allocation = wallet.allocate(asks, court.day, own)
        uncovered |= allocation.uncovered
        if not own & uncovered:
            return allocation._replace(uncovered=uncovered)
        own -= uncovered
        asks = [ask for ask in asks if ask.line_id not in uncovered]


def _reasons(found: Deliberation) -> Iterable[WhyNot]:
    """Say why lines may not be debited at all, or else why each membership does not pay them."""
    for line, reason in found.objections:
        yield WhyNot(None, line.service_id, rule_of(reason), reason)
    if found.objections:
        return
    lacking = (line for line in found.lines if line.line_id in found.allocation.uncovered)
    for line in {line.service_id: line for line in lacking}.values():
        if not found.court.reach:
            yield WhyNot(None, line.service_id, "G5", "no_membership")
        judged, _ = found.court.judge(line)
        for one in judged:
            reason = one.reason or "not_enough_sessions"
            yield WhyNot(one.membership_id, line.service_id, rule_of(reason), reason)
