"""Bills of visits in the database, with the facts that they are computed from."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from postgres import Transaction
from sales.domain.bills import (
    Appointment,
    Bill,
    Line,
    Owner,
    Plan,
    Settlement,
    Standing,
    Visit,
)

_KNOWN = "SELECT visit_id FROM bills WHERE visit_id = ANY($1)"

_OPEN = """
INSERT INTO bills (visit_id, chain_id, location_id, client_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[])
ON CONFLICT (visit_id) DO NOTHING
"""

# The columns of a locked row are read after the wait for its lock.
_LOCK = """
SELECT visit_id, chain_id, location_id, client_id, revision
FROM bills
WHERE visit_id = ANY($1)
ORDER BY visit_id
FOR UPDATE
"""

_APPOINTMENTS = """
SELECT appointment_id, visit_id, plan_revision, standing, start, currency, settlement_revision
FROM appointments
WHERE visit_id = ANY($1)
"""

_LINES = """
SELECT appointment_id, line_id, ordinal, service_name, price, automatic_debiting
FROM lines
WHERE appointment_id = ANY($1)
ORDER BY appointment_id, ordinal
"""

_DEBITS = "SELECT appointment_id, line_id, membership_id FROM debits WHERE appointment_id = ANY($1)"

_SAVE_APPOINTMENTS = """
INSERT INTO appointments (appointment_id, visit_id, plan_revision, standing, start, currency,
                          settlement_revision)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::timestamptz[], $6::text[],
            $7::integer[])
ON CONFLICT (appointment_id) DO UPDATE
SET plan_revision = excluded.plan_revision,
    standing = excluded.standing,
    start = excluded.start,
    currency = excluded.currency,
    settlement_revision = excluded.settlement_revision
"""

_FORGET_LINES = "DELETE FROM lines WHERE appointment_id = ANY($1)"
_SAVE_LINES = """
INSERT INTO lines (appointment_id, line_id, ordinal, service_name, price, automatic_debiting)
SELECT *
FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::bigint[], $6::boolean[])
"""

_FORGET_DEBITS = "DELETE FROM debits WHERE appointment_id = ANY($1)"
_SAVE_DEBITS = """
INSERT INTO debits (appointment_id, line_id, membership_id)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])
"""

_SAVE_BILLS = """
UPDATE bills
SET revision = new.revision,
    currency = new.currency,
    total = new.total,
    debited = new.debited,
    paid = new.paid,
    owed = new.owed,
    payment_status = new.payment_status
FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
            $7::bigint[], $8::text[])
    AS new (visit_id, revision, currency, total, debited, paid, owed, payment_status)
WHERE bills.visit_id = new.visit_id
"""


async def lock_and_load(
    transaction: Transaction, owners: Mapping[UUID, Owner]
) -> dict[UUID, Visit]:
    """Lock the bills of these visits, new ones too, and return all that is known of each."""
    visit_ids = sorted(owners)
    # Inserting before locking, both in the order of the ids: nobody waits in a circle.
    await _open(transaction, visit_ids, owners)
    rows = await transaction.fetch(_LOCK, visit_ids)
    visits = {row["visit_id"]: visit(row) for row in rows}
    await load_appointments(transaction, visits)
    return visits


async def load_appointments(transaction: Transaction, visits: Mapping[UUID, Visit]) -> None:
    """Fill these visits with what is known of their appointments."""
    rows = await transaction.fetch(_APPOINTMENTS, list(visits))
    lines = await _lines(transaction, [row["appointment_id"] for row in rows if row["standing"]])
    debits = await _debits(
        transaction, [row["appointment_id"] for row in rows if row["settlement_revision"]]
    )
    for row in rows:
        appointment_id = row["appointment_id"]
        visits[row["visit_id"]].appointments[appointment_id] = Appointment(
            appointment_id,
            row["visit_id"],
            _plan(row, lines[appointment_id]),
            _settlement(row, debits[appointment_id]),
        )


async def save_appointments(
    transaction: Transaction, changes: Collection[tuple[Appointment | None, Appointment]]
) -> None:
    """Write appointments of locked visits, each given as it was and as it is now."""
    await _save_revisions(transaction, [after for _, after in changes])
    await _save_lines(
        transaction,
        forgotten=[
            old.appointment_id for old, new in changes if old and old.lines not in ((), new.lines)
        ],
        lines=[
            (new.appointment_id, line)
            for old, new in changes
            if (old.lines if old else ()) != new.lines
            for line in new.lines
        ],
    )
    await _save_debits(
        transaction,
        forgotten=[
            old.appointment_id for old, new in changes if old and old.debits not in ({}, new.debits)
        ],
        debits=[
            (new.appointment_id, line_id, membership_id)
            for old, new in changes
            if (old.debits if old else {}) != new.debits
            for line_id, membership_id in new.debits.items()
        ],
    )


async def save_bills(transaction: Transaction, bills: Collection[tuple[Visit, Bill]]) -> None:
    """Write the bills of locked visits, at the visits' revisions."""
    await transaction.execute(
        _SAVE_BILLS,
        [visit.visit_id for visit, _ in bills],
        [visit.revision for visit, _ in bills],
        [bill.currency for _, bill in bills],
        [bill.total for _, bill in bills],
        [bill.debited for _, bill in bills],
        [bill.paid for _, bill in bills],
        [bill.owed for _, bill in bills],
        [bill.payment_status for _, bill in bills],
    )


def visit(row: Any) -> Visit:
    """Return the visit in a row of its bill, without its appointments."""
    owner = Owner(row["chain_id"], row["location_id"], row["client_id"])
    return Visit(row["visit_id"], owner, row["revision"])


async def _open(
    transaction: Transaction, visit_ids: Sequence[UUID], owners: Mapping[UUID, Owner]
) -> None:
    known = {row["visit_id"] for row in await transaction.fetch(_KNOWN, visit_ids)}
    missing = [visit_id for visit_id in visit_ids if visit_id not in known]
    if missing:
        await transaction.execute(
            _OPEN,
            missing,
            [owners[visit_id].chain_id for visit_id in missing],
            [owners[visit_id].location_id for visit_id in missing],
            [owners[visit_id].client_id for visit_id in missing],
        )


async def _lines(
    transaction: Transaction, appointment_ids: Collection[UUID]
) -> Mapping[UUID, list[Line]]:
    found: defaultdict[UUID, list[Line]] = defaultdict(list)
    if appointment_ids:
        for row in await transaction.fetch(_LINES, appointment_ids):
            appointment_id, *line = row
            found[appointment_id].append(Line(*line))
    return found


async def _debits(
    transaction: Transaction, appointment_ids: Collection[UUID]
) -> Mapping[UUID, dict[UUID, UUID | None]]:
    found: defaultdict[UUID, dict[UUID, UUID | None]] = defaultdict(dict)
    if appointment_ids:
        for appointment_id, line_id, membership_id in await transaction.fetch(
            _DEBITS, appointment_ids
        ):
            found[appointment_id][line_id] = membership_id
    return found


def _plan(row: Any, lines: Iterable[Line]) -> Plan | None:
    if row["plan_revision"] is None:
        return None
    standing = Standing(row["standing"])
    return Plan(row["plan_revision"], standing, row["start"], row["currency"], tuple(lines))


def _settlement(row: Any, debits: Mapping[UUID, UUID | None]) -> Settlement | None:
    revision = row["settlement_revision"]
    return None if revision is None else Settlement(revision, debits)


async def _save_revisions(transaction: Transaction, appointments: Collection[Appointment]) -> None:
    plans = [appointment.plan for appointment in appointments]
    settlements = [appointment.settlement for appointment in appointments]
    await transaction.execute(
        _SAVE_APPOINTMENTS,
        [appointment.appointment_id for appointment in appointments],
        [appointment.visit_id for appointment in appointments],
        [plan.revision if plan else None for plan in plans],
        [plan.standing if plan else None for plan in plans],
        [plan.start if plan else None for plan in plans],
        [plan.currency if plan else None for plan in plans],
        [settlement.revision if settlement else None for settlement in settlements],
    )


async def _save_lines(
    transaction: Transaction,
    *,
    forgotten: Collection[UUID],
    lines: Collection[tuple[UUID, Line]],
) -> None:
    if forgotten:
        await transaction.execute(_FORGET_LINES, forgotten)
    if lines:
        await transaction.execute(
            _SAVE_LINES,
            [appointment_id for appointment_id, _ in lines],
            [line.line_id for _, line in lines],
            [line.ordinal for _, line in lines],
            [line.service_name for _, line in lines],
            [line.price for _, line in lines],
            [line.automatic_debiting for _, line in lines],
        )


async def _save_debits(
    transaction: Transaction,
    *,
    forgotten: Collection[UUID],
    debits: Collection[tuple[UUID, UUID, UUID | None]],
) -> None:
    if forgotten:
        await transaction.execute(_FORGET_DEBITS, forgotten)
    if debits:
        await transaction.execute(
            _SAVE_DEBITS,
            [appointment_id for appointment_id, _, _ in debits],
            [line_id for _, line_id, _ in debits],
            [membership_id for _, _, membership_id in debits],
        )
