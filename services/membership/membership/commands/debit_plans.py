"""Debits that are asked about, and not made."""

from collections.abc import Sequence
from typing import Final

from membership import store
from membership.domain.debit_plans import DebitQuestion, PlannedDebit, plan_debits
from membership.domain.merged_clients import meant
from postgres import Transaction

_NOW: Final = "SELECT chain_now($1)"


async def answer_debits(
    transaction: Transaction, question: DebitQuestion
) -> Sequence[PlannedDebit]:
    """Return what could pay lines now; nothing is locked, and nothing changed."""
    if not question.plans:
        return []
    keys = store.Keys(
        clients={plan.client_id for plan in question.plans},
        appointments={plan.appointment_id for plan in question.plans},
    )
    wallets = await store.load(transaction, keys)
    now = await transaction.fetchval(_NOW, question.plans[0].chain_id)
    return plan_debits(wallets, meant(wallets, question), now)
