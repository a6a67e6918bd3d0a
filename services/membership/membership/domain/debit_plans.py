"""Which memberships could pay lines by hand, as debits by hand decide it (rules A13, S5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from membership.domain.allocator import Ask
from membership.domain.debiting import (
    DebitRequest,
    Deliberation,
    court_by_hand,
    deliberate,
    make_way,
    pay,
    settlement_of,
)
from membership.domain.judging import Court
from membership.domain.memberships import Membership, Need, Reason
from membership.domain.plans import Plan, PlannedLine
from membership.domain.wallet import Wallet, places_in
from membership.domain.wallets import Wallets


class DebitQuestion(NamedTuple):
    """Which memberships could pay lines of these appointments; without ids: all of their lines.

    With a `membership_id` that one alone pays.
    """

    plans: tuple[Plan, ...]
    line_ids: frozenset[UUID] = frozenset()
    membership_id: UUID | None = None


class Candidate(NamedTuple):
    """A membership in reach, with the sessions that it has left for a line (None: unlimited).

    Without a `reason` it could pay the line, after those before it were paid.
    """

    membership: Membership
    available: int | None
    reason: Reason | None


class PlannedDebit(NamedTuple):
    """What would pay a line, if anything; the candidates are in the order of rule A5."""

    line_id: UUID
    membership_id: UUID | None
    candidates: tuple[Candidate, ...]


def plan_debits(wallets: Wallets, question: DebitQuestion, now: datetime) -> list[PlannedDebit]:
    """Debit line after line in `wallets`, which is not to be saved; say what could pay each."""
    planned: list[PlannedDebit] = []
    for plan in question.plans:
        asked = tuple(
            line.line_id
            for line in plan.lines
            if not question.line_ids or line.line_id in question.line_ids
        )
        debit_id = uuid5(plan.appointment_id, "debit_plan")
        request = DebitRequest(debit_id, plan, asked, question.membership_id, partly=True)
        planned += _plan(wallets, request, now)
    return planned


def _plan(wallets: Wallets, request: DebitRequest, now: datetime) -> list[PlannedDebit]:
    found = deliberate(wallets, request)
    make_way(wallets, request, found, now)
    wallet = wallets.by_client[request.client_id]
    court = court_by_hand(wallets, request.plan, wallet.reach(request.client_id))
    objections = dict(found.objections)
    planned: list[PlannedDebit] = []
    for line in request.plan.lines:
        if line.line_id in request.line_ids:
            candidates = _candidates(wallet, court, line, objections)
            payer = _debit(wallets, request, found, line, now)
            planned.append(PlannedDebit(line.line_id, payer, tuple(candidates)))
    return planned


def _debit(
    wallets: Wallets, request: DebitRequest, found: Deliberation, line: PlannedLine, now: datetime
) -> UUID | None:
    if line.line_id not in found.allocation.placed:
        return None
    _, entry = pay(wallets, settlement_of(wallets, request.plan, now), found, line, now)
    return entry.membership_id


def _candidates(
    wallet: Wallet, court: Court, line: PlannedLine, objections: Mapping[PlannedLine, Reason]
) -> Sequence[Candidate]:
    objection = objections.get(line)
    need = court.need(line)
    judged, _ = court.judge(line)
    candidates: list[Candidate] = []
    for membership, judgement in zip(court.reach, judged, strict=True):
        reason = objection or judgement.reason
        if reason is None and not _has_session(wallet, court, line, membership):
            reason = "not_enough_sessions"
        available = _available(wallet, line.line_id, membership, need)
        candidates.append(Candidate(membership, available, reason))
    return candidates


def _has_session(wallet: Wallet, court: Court, line: PlannedLine, membership: Membership) -> bool:
    """Whether a membership could pay a line, with what others hold moved if need be."""
    ask = Ask(line.line_id, places_in([membership], court.need(line)), required=True)
    own = {line.line_id} & wallet.holds.keys()
    return not wallet.allocate([ask], court.day, own).uncovered


def _available(wallet: Wallet, line_id: UUID, membership: Membership, need: Need) -> int | None:
    """Return how many sessions for the service are neither used nor held for others."""
    hold = wallet.holds.get(line_id)
    available = 0
    for bucket in membership.covering(need):
        if bucket.granted is None:
            return None
        available += bucket.free + (hold is not None and hold.bucket_id == bucket.bucket_id)
    return max(0, available)
