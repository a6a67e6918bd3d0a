"""Save what was decided: one statement a table, however much there is."""

from typing import Final

from membership.domain.appointments import Claim, Hold
from membership.domain.changes import Changes
from membership.domain.ledger import Entry
from membership.domain.settlements import Settlement
from membership.domain.wallets import Wallets
from membership.store.arrays import Row, as_array, write
from membership.store.membership_changes import add_changes
from membership.store.memberships import save_memberships
from membership.store.plans import as_json, lines_as_json
from postgres import Transaction

_PLACE_HOLDS: Final = """
INSERT INTO holds (
    line_id, booking_id, appointment_id, revision, client_id, service_id, category_id,
    location_id, starts_at, visit_day, automatic_debiting, bucket_id, reschedule_id, state
)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::uuid[], $6::uuid[], $7::uuid[],
    $8::uuid[], $9::timestamptz[], $10::date[], $11::boolean[], $12::uuid[], $13::uuid[],
    $14::text[]
)
ON CONFLICT (line_id) DO UPDATE
SET revision = excluded.revision, service_id = excluded.service_id,
    category_id = excluded.category_id, location_id = excluded.location_id,
    starts_at = excluded.starts_at, visit_day = excluded.visit_day,
    automatic_debiting = excluded.automatic_debiting, bucket_id = excluded.bucket_id,
    reschedule_id = excluded.reschedule_id, state = excluded.state
"""
_CHANGE_HOLDS: Final = """
UPDATE holds SET bucket_id = changed.bucket_id, state = changed.state
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS changed (line_id, bucket_id, state)
WHERE holds.line_id = changed.line_id
"""
_RECORD: Final = """
INSERT INTO ledger (
    entry_id, membership_id, bucket_id, revision, kind, sessions, balance, recorded_at, automatic,
    client_id, appointment_id, line_id, settlement_revision, service_id, visit_id
)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::integer[], $7::integer[],
    $8::timestamptz[], $9::boolean[], $10::uuid[], $11::uuid[], $12::uuid[], $13::integer[],
    $14::uuid[], $15::uuid[]
)
"""
_SETTLE: Final = """
INSERT INTO settlements (
    appointment_id, revision, appointment_revision, booking_id, visit_id, chain_id, location_id,
    client_id, outcome, lines, shortfall, start, settled_at, delay_ms, time_zone, has_begun
)
SELECT * FROM unnest(
    $1::uuid[], $2::integer[], $3::integer[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[],
    $8::uuid[], $9::text[], $10::jsonb[], $11::integer[], $12::timestamptz[], $13::timestamptz[],
    $14::bigint[], $15::text[], $16::boolean[]
)
ON CONFLICT (appointment_id) DO UPDATE
SET revision = excluded.revision, appointment_revision = excluded.appointment_revision,
    visit_id = excluded.visit_id, location_id = excluded.location_id, outcome = excluded.outcome,
    lines = excluded.lines, shortfall = excluded.shortfall, start = excluded.start,
    settled_at = excluded.settled_at, delay_ms = excluded.delay_ms,
    time_zone = excluded.time_zone, has_begun = excluded.has_begun
"""
_END: Final = """
INSERT INTO ended_appointments (appointment_id, revision, how)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[])
ON CONFLICT (appointment_id) DO UPDATE SET revision = excluded.revision, how = excluded.how
"""
_MOVE: Final = """
INSERT INTO moved_appointments (appointment_id, revision, plan)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::jsonb[])
ON CONFLICT (appointment_id) DO UPDATE SET revision = excluded.revision, plan = excluded.plan
"""
_CLAIM: Final = """
INSERT INTO claims (claim_id, appointment_id, returned_at, line_ids)
SELECT claim_id, appointment_id, returned_at, line_ids::uuid[]
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[])
    AS claimed (claim_id, appointment_id, returned_at, line_ids)
ON CONFLICT (claim_id) DO UPDATE SET returned_at = excluded.returned_at
"""
_REFUSE_RESCHEDULES: Final = """
INSERT INTO refused_reschedules (reschedule_id) SELECT * FROM unnest($1::uuid[])
ON CONFLICT DO NOTHING
"""


async def save(transaction: Transaction, wallets: Wallets) -> None:
    """Write every change, in the order that the foreign keys ask for."""
    changes = wallets.changes
    await save_memberships(transaction, wallets)
    await add_changes(transaction, changes.history)
    await _save_holds(transaction, changes)
    await write(transaction, _RECORD, map(_entry, changes.entries))
    await write(transaction, _SETTLE, map(_settlement, changes.settlements.values()))
    await write(transaction, _END, changes.endings.values())
    moved = ((plan.appointment_id, plan.revision, as_json(plan)) for plan in changes.moved.values())
    await write(transaction, _MOVE, moved)
    await write(transaction, _CLAIM, map(_claim, changes.claims.values()))
    refused = ((reschedule_id,) for reschedule_id in changes.refused_reschedules)
    await write(transaction, _REFUSE_RESCHEDULES, refused)


async def _save_holds(transaction: Transaction, changes: Changes) -> None:
    await write(transaction, _PLACE_HOLDS, map(_placed, changes.placed.values()))
    changed = (hold for hold in changes.holds.values() if hold.line_id not in changes.placed)
    await write(
        transaction, _CHANGE_HOLDS, ((hold.line_id, hold.bucket_id, hold.state) for hold in changed)
    )


def _placed(hold: Hold) -> Row:
    return (
        hold.line_id,
        hold.booking_id,
        hold.appointment_id,
        hold.revision,
        hold.client_id,
        hold.service_id,
        hold.category_id,
        hold.location_id,
        hold.starts_at,
        hold.visit_day,
        hold.automatic_debiting,
        hold.bucket_id,
        hold.reschedule_id,
        hold.state,
    )


def _claim(claim: Claim) -> Row:
    return claim.claim_id, claim.appointment_id, claim.returned_at, as_array(claim.line_ids)


def _entry(entry: Entry) -> Row:
    use = entry.use
    if use is None:
        return (*entry[:-1], False, None, None, None, None, None, None)
    by_whom = use.client_id, use.appointment_id, use.line_id, use.settlement_revision
    return (*entry[:-1], use.automatic, *by_whom, use.service_id, use.visit_id)


def _settlement(settlement: Settlement) -> Row:
    at = Settlement._fields.index("lines")
    return (*settlement[:at], lines_as_json(settlement.lines), *settlement[at + 1 :])
