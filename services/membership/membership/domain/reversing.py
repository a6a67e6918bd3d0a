"""Sessions that were debited come back, each to its own bucket (rule A10)."""

from collections.abc import Collection
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from membership.domain.appointments import HoldMoved
from membership.domain.ledger import Entry, Use
from membership.domain.plans import Plan
from membership.domain.settlements import SettledLine, Settlement, follow
from membership.domain.wallet import Wallet
from membership.domain.wallets import Wallets

Settled: TypeAlias = HoldMoved | Entry | Settlement


def give_back(
    wallet: Wallet, settlement: Settlement, lines: Collection[SettledLine], now: datetime
) -> list[Settled]:
    """Give back the sessions of lines; in an expired membership they expire at once.

    Belongs to the settlement's next revision, which the caller decides about.
    """
    events: list[Settled] = []
    for line in lines:
        assert line.bucket_id is not None, "the line was debited"
        use = Use(
            settlement.client_id,
            settlement.appointment_id,
            line.line_id,
            settlement.revision + 1,
            not line.by_hand,
            line.plan.service_id,
            settlement.visit_id,
        )
        entry = wallet.record(line.bucket_id, "reversed", use, now)
        events.append(entry)
        if entry.balance is not None and wallet.memberships[entry.membership_id].has_expired(now):
            events.append(wallet.record(line.bucket_id, "expired", use, now))
    return events


def reverse(wallets: Wallets, wallet: Wallet, appointment_id: UUID, now: datetime) -> list[Settled]:
    """Give back all that was debited for an appointment, automatically or by hand."""
    settlement = wallets.settlements.get(appointment_id)
    if settlement is None or (settlement.outcome == "reversed" and not settlement.shortfall):
        return []
    events = give_back(wallet, settlement, settlement.debited, now)
    lines = (line.without_debit() for line in settlement.lines)
    ended = settlement.changed(lines, now)._replace(outcome="reversed", shortfall=0)
    wallets.settle(ended)
    return [*events, ended]


def follow_plan(wallets: Wallets, wallet: Wallet, plan: Plan, now: datetime) -> list[Settled]:
    """Let what is known of an older plan's debits follow a newer one (rule A15).

    What the start of the older one debited comes back; what was debited by hand stays debited.
    """
    settlement = wallets.settlements.get(plan.appointment_id)
    if settlement is None or settlement.appointment_revision >= plan.revision:
        return []
    by_hand = [line for line in settlement.debited if line.by_hand]
    if not by_hand:
        return reverse(wallets, wallet, plan.appointment_id, now) if settlement.has_begun else []
    automatic = [line for line in settlement.debited if not line.by_hand]
    events = give_back(wallet, settlement, automatic, now)
    kept = [line if line in by_hand else line.without_debit() for line in settlement.lines]
    remembered = [line for line in kept if line.is_debited or line.undone_at is not None]
    moved = follow(settlement, plan).changed(remembered, now)
    wallets.settle(moved)
    return [*events, moved]
