"""The settlement is said anew when money comes in for lines, goes, or they are planned anew."""

from collections.abc import Iterable
from datetime import datetime

from membership.domain.plans import Plan
from membership.domain.reversing import Settled, follow_plan
from membership.domain.settlements import SettledLine, Settlement, follow, unsettled
from membership.domain.wallets import Wallets


def show_plan(
    wallets: Wallets, plan: Plan, now: datetime, *, holds_changed: bool = False
) -> list[Settled]:
    """Say the settlement of a plan anew if what it says has changed, or what is held.

    Before the start it says which lines money is taken for (rule A16), from then on why others are
    not debited. Without a debit or a claim there is none, and nothing is said.
    """
    if wallets.is_void(plan.appointment_id, plan.revision):
        return []
    events = follow_plan(wallets, wallets.by_client[plan.client_id], plan, now)
    known = wallets.settlements.get(plan.appointment_id)
    settlement = known or unsettled(plan, now)
    if settlement.appointment_revision < plan.revision:
        settlement = follow(settlement, plan)
    lines = tuple(
        _begun_lines(wallets, settlement)
        if settlement.has_begun
        else _planned_lines(wallets, settlement, plan)
    )
    is_new = known is not None and (holds_changed or known != settlement)
    if lines == settlement.lines and not is_new:
        return events
    changed = settlement.changed(lines, now)
    wallets.settle(changed)
    return [*events, changed]


def _begun_lines(wallets: Wallets, settlement: Settlement) -> Iterable[SettledLine]:
    for line in settlement.lines:
        spared = wallets.why_spared(settlement.appointment_id, line.line_id, settlement.start)
        yield line if line.is_debited else line._replace(reason=spared or line.reason)


def _planned_lines(wallets: Wallets, settlement: Settlement, plan: Plan) -> Iterable[SettledLine]:
    """Give the lines that are debited or claimed, and remember which debits were undone."""
    claimed = wallets.claimed_lines(plan.appointment_id)
    known = {line.line_id: line for line in settlement.lines}
    for line in plan.lines:
        known.setdefault(line.line_id, SettledLine(line))
    for line in known.values():
        if line.is_debited:
            yield line
        elif line.line_id in claimed:
            yield line._replace(reason="claimed")
        elif line.undone_at is not None:
            spared = wallets.why_spared(plan.appointment_id, line.line_id, plan.start)
            yield line._replace(reason=spared)
