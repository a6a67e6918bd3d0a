"""What is known of appointments, in the database: plans, settlements and receipts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from postgres import Transaction
from sales.domain.facts import Appointment, Line, Plan, Receipt, Settlement, Standing
from sales.domain.visits import Change, Visit

# The columns of a locked row are read after the wait for its lock.
_LOCK = """
SELECT appointment_id, visit_id
FROM appointments
WHERE appointment_id = ANY($1)
ORDER BY appointment_id
FOR NO KEY UPDATE
"""
_INSERT = """
INSERT INTO appointments (appointment_id, visit_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[])
ON CONFLICT (appointment_id) DO NOTHING
"""

_APPOINTMENTS = """
SELECT appointment_id, visit_id, plan_revision, standing, start, currency, settlement_revision,
       receipt_revision
FROM appointments
WHERE visit_id = ANY($1)
"""
_LINES = """
SELECT appointment_id, line_id, ordinal, service_name, price, automatic_debiting, paid_online,
       membership_booking
FROM lines
WHERE appointment_id = ANY($1)
ORDER BY appointment_id, ordinal
"""
_DEBITS = "SELECT appointment_id, line_id, membership_id FROM debits WHERE appointment_id = ANY($1)"
_RECEIPTS = "SELECT appointment_id, line_id, amount FROM receipts WHERE appointment_id = ANY($1)"

_SAVE = """
UPDATE appointments
SET visit_id = new.visit_id,
    plan_revision = new.plan_revision,
    standing = new.standing,
    start = new.start,
    currency = new.currency,
    settlement_revision = new.settlement_revision,
    receipt_revision = new.receipt_revision
FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::timestamptz[], $6::text[],
            $7::integer[], $8::integer[])
    AS new (appointment_id, visit_id, plan_revision, standing, start, currency,
            settlement_revision, receipt_revision)
WHERE appointments.appointment_id = new.appointment_id
"""

_FORGET_LINES = "DELETE FROM lines WHERE appointment_id = ANY($1)"
_SAVE_LINES = """
INSERT INTO lines (appointment_id, line_id, ordinal, service_name, price, automatic_debiting,
                   paid_online, membership_booking)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::boolean[],
            $7::boolean[], $8::boolean[])
"""
_FORGET_DEBITS = "DELETE FROM debits WHERE appointment_id = ANY($1)"
_SAVE_DEBITS = """
INSERT INTO debits (appointment_id, line_id, membership_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
"""
_FORGET_RECEIPTS = "DELETE FROM receipts WHERE appointment_id = ANY($1)"
_SAVE_RECEIPTS = """
INSERT INTO receipts (appointment_id, line_id, amount)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])
"""

_Rows = Iterable[Any]


async def lock(transaction: Transaction, said: Mapping[UUID, UUID]) -> set[UUID]:
    """Lock these appointments and return their present visits.

    `said` names a visit for each; one that is new begins there.
    """
    homes = await _lock(transaction, said)
    missing = sorted(said.keys() - homes.keys())
    if missing:
        visit_ids = [said[appointment_id] for appointment_id in missing]
        await transaction.execute(_INSERT, missing, visit_ids)
        # Somebody else may have inserted some of them meanwhile, elsewhere.
        homes |= await _lock(transaction, missing)
    return set(homes.values())


async def load(transaction: Transaction, visits: Mapping[UUID, Visit]) -> None:
    """Fill these visits with what is known of their appointments."""
    rows = await transaction.fetch(_APPOINTMENTS, list(visits))
    lines = await _by_appointment(transaction, _LINES, rows, "plan_revision")
    debits = await _by_appointment(transaction, _DEBITS, rows, "settlement_revision")
    receipts = await _by_appointment(transaction, _RECEIPTS, rows, "receipt_revision")
    for row in rows:
        appointment_id = row["appointment_id"]
        visits[row["visit_id"]].appointments[appointment_id] = Appointment(
            appointment_id,
            row["visit_id"],
            _plan(row, lines[appointment_id]),
            _settlement(row, debits[appointment_id]),
            _receipt(row, receipts[appointment_id]),
        )


async def save(transaction: Transaction, changes: Collection[Change]) -> None:
    """Write locked appointments, each given as it was and as it is now."""
    await _save_revisions(transaction, [after for _, after in changes])
    await _save_lines(transaction, changes)
    await _save_debits(transaction, changes)
    await _save_receipts(transaction, changes)


async def _lock(transaction: Transaction, appointment_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    rows = await transaction.fetch(_LOCK, list(appointment_ids))
    return {row["appointment_id"]: row["visit_id"] for row in rows}


async def _by_appointment(
    transaction: Transaction, query: str, appointments: _Rows, revision: str
) -> Mapping[UUID, list[tuple[Any, ...]]]:
    """Return the rows of `query` by appointment, for those that have such a revision."""
    found: defaultdict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    ids = [row["appointment_id"] for row in appointments if row[revision] is not None]
    if ids:
        for appointment_id, *values in await transaction.fetch(query, ids):
            found[appointment_id].append(tuple(values))
    return found


def _plan(row: Any, lines: _Rows) -> Plan | None:
    if row["plan_revision"] is None:
        return None
    standing = Standing(row["standing"])
    planned = tuple(Line(*line) for line in lines)
    return Plan(row["plan_revision"], standing, row["start"], row["currency"], planned)


def _settlement(row: Any, debits: _Rows) -> Settlement | None:
    revision = row["settlement_revision"]
    return None if revision is None else Settlement(revision, dict(debits))


def _receipt(row: Any, amounts: _Rows) -> Receipt | None:
    revision = row["receipt_revision"]
    return None if revision is None else Receipt(revision, dict(amounts))


async def _save_revisions(transaction: Transaction, appointments: Collection[Appointment]) -> None:
    plans = [appointment.plan for appointment in appointments]
    await transaction.execute(
        _SAVE,
        [appointment.appointment_id for appointment in appointments],
        [appointment.visit_id for appointment in appointments],
        [plan.revision if plan else None for plan in plans],
        [plan.standing if plan else None for plan in plans],
        [plan.start if plan else None for plan in plans],
        [plan.currency if plan else None for plan in plans],
        [each.settlement.revision if each.settlement else None for each in appointments],
        [each.receipt.revision if each.receipt else None for each in appointments],
    )


async def _save_lines(transaction: Transaction, changes: Collection[Change]) -> None:
    changed = [(old, new) for old, new in changes if old.lines != new.lines]
    await _forget(transaction, _FORGET_LINES, [old for old, _ in changed if old.lines])
    lines = [(new.appointment_id, line) for _, new in changed for line in new.lines]
    if lines:
        await transaction.execute(
            _SAVE_LINES,
            [appointment_id for appointment_id, _ in lines],
            [line.line_id for _, line in lines],
            [line.ordinal for _, line in lines],
            [line.service_name for _, line in lines],
            [line.price for _, line in lines],
            [line.automatic_debiting for _, line in lines],
            [line.paid_online for _, line in lines],
            [line.membership_booking for _, line in lines],
        )


async def _save_debits(transaction: Transaction, changes: Collection[Change]) -> None:
    changed = [(old, new) for old, new in changes if old.debits != new.debits]
    await _forget(transaction, _FORGET_DEBITS, [old for old, _ in changed if old.debits])
    debits = [(new.appointment_id, *debit) for _, new in changed for debit in new.debits.items()]
    if debits:
        await transaction.execute(_SAVE_DEBITS, *zip(*debits, strict=True))


async def _save_receipts(transaction: Transaction, changes: Collection[Change]) -> None:
    changed = [(old, new) for old, new in changes if old.amounts != new.amounts]
    await _forget(transaction, _FORGET_RECEIPTS, [old for old, _ in changed if old.amounts])
    amounts = [(new.appointment_id, *paid) for _, new in changed for paid in new.amounts.items()]
    if amounts:
        await transaction.execute(_SAVE_RECEIPTS, *zip(*amounts, strict=True))


async def _forget(
    transaction: Transaction, statement: str, appointments: Collection[Appointment]
) -> None:
    if appointments:
        await transaction.execute(statement, [each.appointment_id for each in appointments])
