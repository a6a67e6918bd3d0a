"""Save what was decided: one statement a table, however much there is."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from membership.domain.appointments import Claim, Hold
from membership.domain.changes import Changes
from membership.domain.ledger import Bucket, Entry
from membership.domain.memberships import Membership
from membership.domain.settlements import Settlement
from membership.domain.wallets import Wallets
from membership.store.arrays import as_array
from membership.store.plans import as_json, lines_as_json
from postgres import Transaction

Row = tuple[object, ...]

_JOIN_CLIENTS: Final = """
UPDATE clients SET wallet_id = joined.wallet_id
FROM unnest($1::uuid[], $2::uuid[]) AS joined (old_wallet_id, wallet_id)
WHERE clients.wallet_id = joined.old_wallet_id
"""
_JOIN_MEMBERSHIPS: Final = """
UPDATE memberships SET wallet_id = joined.wallet_id
FROM unnest($1::uuid[], $2::uuid[]) AS joined (old_wallet_id, wallet_id)
WHERE memberships.wallet_id = joined.old_wallet_id
"""
_ISSUE: Final = """
INSERT INTO memberships (
    membership_id, wallet_id, chain_id, membership_type_id, sale_id, name, owner_client_id,
    time_zone, issued_at, validity_count, validity_unit, auto_deduction,
    valid_on_visit_day, not_while_frozen,
    revision, state, activated_on, expires_on, frozen_at, location_ids, shared_client_ids
)
SELECT membership_id, wallet_id, chain_id, membership_type_id, sale_id, name, owner_client_id,
    time_zone, issued_at, validity_count, validity_unit, auto_deduction,
    valid_on_visit_day, not_while_frozen,
    revision, state, activated_on, expires_on, frozen_at, location_ids::uuid[], '{}'
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[],
    $8::text[], $9::timestamptz[], $10::integer[], $11::text[], $12::boolean[],
    $13::boolean[], $14::boolean[],
    $15::integer[], $16::text[], $17::date[], $18::date[], $19::timestamptz[], $20::text[]
) AS issued (
    membership_id, wallet_id, chain_id, membership_type_id, sale_id, name, owner_client_id,
    time_zone, issued_at, validity_count, validity_unit, auto_deduction,
    valid_on_visit_day, not_while_frozen,
    revision, state, activated_on, expires_on, frozen_at, location_ids
)
"""
_CHANGE_MEMBERSHIPS: Final = """
UPDATE memberships
SET revision = changed.revision, state = changed.state, activated_on = changed.activated_on,
    expires_on = changed.expires_on, frozen_at = changed.frozen_at,
    shared_client_ids = changed.shared_client_ids::uuid[]
FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::date[], $5::date[], $6::timestamptz[],
            $7::text[])
    AS changed (membership_id, revision, state, activated_on, expires_on, frozen_at,
                shared_client_ids)
WHERE memberships.membership_id = changed.membership_id
"""
_OPEN_BUCKETS: Final = """
INSERT INTO buckets (
    bucket_id, debited, held, expired, adjusted, entries,
    membership_id, ordinal, granted, service_ids, category_ids
)
SELECT bucket_id, debited, held, expired, adjusted, entries,
    membership_id, ordinal, granted, service_ids::uuid[], category_ids::uuid[]
FROM unnest(
    $1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[],
    $7::uuid[], $8::integer[], $9::integer[], $10::text[], $11::text[]
) AS opened (
    bucket_id, debited, held, expired, adjusted, entries,
    membership_id, ordinal, granted, service_ids, category_ids
)
"""
_CHANGE_BUCKETS: Final = """
UPDATE buckets
SET debited = changed.debited, held = changed.held, expired = changed.expired,
    adjusted = changed.adjusted, entries = changed.entries
FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[])
    AS changed (bucket_id, debited, held, expired, adjusted, entries)
WHERE buckets.bucket_id = changed.bucket_id
"""
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
    client_id, appointment_id, line_id, settlement_revision
)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::integer[], $7::integer[],
    $8::timestamptz[], $9::boolean[], $10::uuid[], $11::uuid[], $12::uuid[], $13::integer[]
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
    joined = _joined(changes.joined)
    await _write(transaction, _JOIN_CLIENTS, joined)
    await _write(transaction, _JOIN_MEMBERSHIPS, joined)
    await _save_memberships(transaction, wallets)
    await _save_holds(transaction, changes)
    await _write(transaction, _RECORD, map(_entry, changes.entries))
    await _write(transaction, _SETTLE, map(_settlement, changes.settlements.values()))
    await _write(transaction, _END, changes.endings.values())
    moved = ((plan.appointment_id, plan.revision, as_json(plan)) for plan in changes.moved.values())
    await _write(transaction, _MOVE, moved)
    await _write(transaction, _CLAIM, map(_claim, changes.claims.values()))
    refused = ((reschedule_id,) for reschedule_id in changes.refused_reschedules)
    await _write(transaction, _REFUSE_RESCHEDULES, refused)


async def _write(transaction: Transaction, statement: str, rows: Iterable[Row]) -> None:
    """Run `statement` with the rows as one array a column."""
    columns = list(zip(*rows, strict=True))
    if columns:
        await transaction.execute(statement, *columns)


def _joined(joins: Sequence[tuple[UUID, UUID]]) -> list[Row]:
    """Return each old wallet with the one that it ends up in: what took it in may be joined too."""
    into: dict[UUID, UUID] = {}
    for old, new in reversed(joins):
        into[old] = into.get(new, new)
    return list(into.items())


async def _save_memberships(transaction: Transaction, wallets: Wallets) -> None:
    changes = wallets.changes
    issued = changes.issued
    await _write(
        transaction,
        _ISSUE,
        (_issued(one, wallets.by_membership[id_].wallet_id) for id_, one in issued.items()),
    )
    changed = (
        (one.membership_id, *_state(one), as_array(one.shared_client_ids))
        for one in changes.memberships.values()
    )
    await _write(transaction, _CHANGE_MEMBERSHIPS, changed)
    opened = (
        (*_counts(bucket), bucket.membership_id, at, bucket.granted, *_covered(bucket))
        for one in issued.values()
        for at, bucket in enumerate(one.buckets)
    )
    await _write(transaction, _OPEN_BUCKETS, opened)
    counted = (b for b in changes.buckets.values() if b.membership_id not in issued)
    await _write(transaction, _CHANGE_BUCKETS, map(_counts, counted))


async def _save_holds(transaction: Transaction, changes: Changes) -> None:
    await _write(transaction, _PLACE_HOLDS, map(_placed, changes.placed.values()))
    changed = (hold for hold in changes.holds.values() if hold.line_id not in changes.placed)
    await _write(
        transaction, _CHANGE_HOLDS, ((hold.line_id, hold.bucket_id, hold.state) for hold in changed)
    )


def _issued(membership: Membership, wallet_id: UUID) -> Row:
    validity = membership.validity
    return (
        membership.membership_id,
        wallet_id,
        membership.chain_id,
        membership.membership_type_id,
        membership.sale_id,
        membership.name,
        membership.owner_client_id,
        membership.time_zone,
        membership.issued_at,
        validity.count if validity else None,
        validity.unit if validity else None,
        membership.auto_deduction,
        *membership.gate,
        *_state(membership),
        as_array(membership.location_ids),
    )


def _state(membership: Membership) -> Row:
    return (
        membership.revision,
        membership.state,
        membership.activated_on,
        membership.expires_on,
        membership.frozen_at,
    )


def _covered(bucket: Bucket) -> Row:
    return as_array(bucket.service_ids), as_array(bucket.category_ids)


def _counts(bucket: Bucket) -> Row:
    return (
        bucket.bucket_id,
        bucket.debited,
        bucket.held,
        bucket.expired,
        bucket.adjusted,
        bucket.entries,
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
        return (*entry[:-1], False, None, None, None, None)
    by_whom = use.client_id, use.appointment_id, use.line_id, use.settlement_revision
    return (*entry[:-1], use.automatic, *by_whom)


def _settlement(settlement: Settlement) -> Row:
    at = Settlement._fields.index("lines")
    return (*settlement[:at], lines_as_json(settlement.lines), *settlement[at + 1 :])
