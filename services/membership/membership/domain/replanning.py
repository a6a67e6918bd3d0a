"""Lines whose payment was undone before the start are planned again (rules A10, A16)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from membership.domain.plans import Plan
from membership.domain.rescheduling import hold_again
from membership.domain.reversing import Settled
from membership.domain.settlements import SettledLine
from membership.domain.settling import debit_lines
from membership.domain.wallets import Wallets


def plan_again(
    wallets: Wallets, plan: Plan, line_ids: Collection[UUID], at: datetime, now: datetime
) -> list[Settled]:
    """Hold for lines as far as there are sessions; or debit them, if their start is settled.

    The latter happens when the start was faster than what was undone before it. What was undone
    from the start on is spared by both, and owed.
    """
    if wallets.is_void(plan.appointment_id, plan.revision):
        return []
    settlement = wallets.settlements.get(plan.appointment_id)
    is_begun = settlement is not None and settlement.has_begun
    if settlement is None or not is_begun or settlement.appointment_revision < plan.revision:
        return hold_again(wallets, plan.hold_request(at, line_ids))
    known = {line.line_id: line for line in settlement.lines}
    again = [line for line in plan.lines if line.is_automatic and line.line_id in line_ids]
    others = set(line_ids) - {line.line_id for line in again}
    held = hold_again(wallets, plan.hold_request(at, others)) if others else []
    for line in again:
        reason = wallets.why_spared(plan.appointment_id, line.line_id, plan.start)
        before = known.get(line.line_id, SettledLine(line))
        known[line.line_id] = before._replace(plan=line, reason=reason)
    debited = debit_lines(wallets, settlement, list(known.values()), now) if again else []
    return [*held, *debited]
