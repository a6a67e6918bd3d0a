"""Payments at the counter and debits by hand, in the database.

Who holds the bills of the visits that a payment's appointments belong to, holds the payment.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from postgres import Transaction
from sales.domain.counter.debits import DebitState, HandDebit
from sales.domain.counter.payments import Claim, CounterLine, CounterPayment, State

_REACH = """
SELECT payment.visit_id, line.appointment_id
FROM counter_payments AS payment
JOIN counter_payment_lines AS line USING (payment_id)
WHERE payment_id = ANY($1) OR payment_id IN (
    SELECT payment_id FROM counter_payment_lines WHERE claim_id = ANY($1)
)
UNION
SELECT visit_id, appointment_id FROM hand_debits WHERE debit_id = ANY($1)
"""

_LINES = """
SELECT payment_id, line_id, appointment_id, amount, claim, claim_id, discount, is_undone
FROM counter_payment_lines
WHERE payment_id IN (
    SELECT payment_id FROM counter_payment_lines WHERE appointment_id = ANY($1)
)
ORDER BY payment_id, line_id
"""
_PAYMENTS = """
SELECT payment_id, command_id, visit_id, method, currency, taken_at, state, sale_id
FROM counter_payments
WHERE payment_id = ANY($1)
ORDER BY taken_at, payment_id
"""
_DEBITS = """
SELECT debit_id, command_id, visit_id, appointment_id, line_ids, membership_id, state,
       settlement_revision, sale_id, partly, healing_id
FROM hand_debits
WHERE appointment_id = ANY($1) AND state IN ('pending', 'debited')
ORDER BY debit_id
"""

_SAVE = """
INSERT INTO counter_payments (payment_id, command_id, visit_id, method, currency, taken_at, state,
                              sale_id)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[],
            $7::text[], $8::uuid[])
ON CONFLICT (payment_id) DO UPDATE SET state = excluded.state
"""
# What ends is written first: another payment may pay the line then.
_SAVE_LINES = """
INSERT INTO counter_payment_lines (payment_id, line_id, appointment_id, amount, claim, claim_id,
                                   discount, is_undone, stands)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::uuid[], $7::bigint[],
            $8::boolean[], $9::boolean[])
    AS new (payment_id, line_id, appointment_id, amount, claim, claim_id, discount, is_undone,
            stands)
ORDER BY stands
ON CONFLICT (payment_id, line_id) DO UPDATE
SET claim = excluded.claim,
    claim_id = excluded.claim_id,
    is_undone = excluded.is_undone,
    stands = excluded.stands
"""
_SAVE_DEBITS = """
INSERT INTO hand_debits (debit_id, command_id, visit_id, appointment_id, line_ids, membership_id,
                         state, settlement_revision, sale_id, partly, healing_id)
SELECT debit_id, command_id, visit_id, appointment_id, line_ids::uuid[], membership_id, state,
       settlement_revision, sale_id, partly, healing_id
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[],
            $8::integer[], $9::uuid[], $10::boolean[], $11::uuid[])
    AS new (debit_id, command_id, visit_id, appointment_id, line_ids, membership_id, state,
            settlement_revision, sale_id, partly, healing_id)
ON CONFLICT (debit_id) DO UPDATE
SET line_ids = excluded.line_ids,
    state = excluded.state,
    settlement_revision = excluded.settlement_revision
"""


@dataclass(slots=True)
class Reach:
    """What has to be locked: visits, and appointments with a visit of each."""

    visit_ids: set[UUID] = field(default_factory=set[UUID])
    appointments: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])


async def reach(transaction: Transaction, names: Collection[UUID]) -> Reach:
    """Return what these payments, claims and debits are about; that never changes."""
    found = Reach()
    for row in await transaction.fetch(_REACH, list(names)):
        found.visit_ids.add(row["visit_id"])
        found.appointments[row["appointment_id"]] = row["visit_id"]
    return found


async def load_payments(
    transaction: Transaction, appointment_ids: Collection[UUID]
) -> dict[UUID, CounterPayment]:
    """Return all payments of lines of these appointments, in the order they were taken."""
    lines: defaultdict[UUID, list[CounterLine]] = defaultdict(list)
    for row in await transaction.fetch(_LINES, list(appointment_ids)):
        payment_id, line_id, appointment_id, amount, claim, *more = row
        line = CounterLine(line_id, appointment_id, amount, Claim(claim), *more)
        lines[payment_id].append(line)
    if not lines:
        return {}
    rows = await transaction.fetch(_PAYMENTS, list(lines))
    return {row["payment_id"]: _payment(row, lines[row["payment_id"]]) for row in rows}


async def load_debits(
    transaction: Transaction, appointment_ids: Collection[UUID]
) -> dict[UUID, HandDebit]:
    """Return the debits of these appointments that are under way."""
    rows = await transaction.fetch(_DEBITS, list(appointment_ids))
    return {row["debit_id"]: _debit(row) for row in rows}


async def save_payments(
    transaction: Transaction,
    payments: Collection[CounterPayment],
    lines: Collection[tuple[CounterPayment, CounterLine]],
) -> None:
    """Write payments, new ones and what became of others, and of lines of some."""
    await transaction.execute(
        _SAVE,
        [each.payment_id for each in payments],
        [each.command_id for each in payments],
        [each.visit_id for each in payments],
        [each.method for each in payments],
        [each.currency for each in payments],
        [each.taken_at for each in payments],
        [each.state for each in payments],
        [each.sale_id for each in payments],
    )
    await transaction.execute(
        _SAVE_LINES,
        [each.payment_id for each, _ in lines],
        [line.line_id for _, line in lines],
        [line.appointment_id for _, line in lines],
        [line.amount for _, line in lines],
        [line.claim for _, line in lines],
        [line.claim_id for _, line in lines],
        [line.discount for _, line in lines],
        [line.is_undone for _, line in lines],
        [each.stands and not line.is_undone for each, line in lines],
    )


async def save_debits(transaction: Transaction, debits: Collection[HandDebit]) -> None:
    """Write debits, new ones and what became of others."""
    await transaction.execute(
        _SAVE_DEBITS,
        [each.debit_id for each in debits],
        [each.command_id for each in debits],
        [each.visit_id for each in debits],
        [each.appointment_id for each in debits],
        [f"{{{','.join(map(str, each.line_ids))}}}" for each in debits],
        [each.membership_id for each in debits],
        [each.state for each in debits],
        [each.settlement_revision for each in debits],
        [each.sale_id for each in debits],
        [each.partly for each in debits],
        [each.healing_id for each in debits],
    )


def _payment(row: Any, lines: list[CounterLine]) -> CounterPayment:
    columns: Mapping[str, Any] = {**row, "state": State(row["state"]), "lines": lines}
    return CounterPayment(**columns)


def _debit(row: Any) -> HandDebit:
    columns: Mapping[str, Any] = {
        **row,
        "line_ids": tuple(row["line_ids"]),
        "state": DebitState(row["state"]),
    }
    return HandDebit(**columns)
