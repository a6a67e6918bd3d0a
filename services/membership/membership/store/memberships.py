"""Memberships, their buckets and wallets, saved."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from membership.domain.ledger import Bucket
from membership.domain.memberships import Imported, Membership
from membership.domain.wallets import Wallets
from membership.store.arrays import Row, as_array, write
from postgres import Transaction

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
_ALIAS: Final = """
UPDATE clients SET merged_into = alias.client_id
FROM unnest($1::uuid[], $2::uuid[]) AS alias (merged_id, client_id)
WHERE clients.client_id = alias.merged_id
"""
_ISSUE: Final = """
INSERT INTO memberships (
    membership_id, wallet_id, chain_id, membership_type_id, sale_id, name, owner_client_id,
    home_location_id, time_zone, issued_at, validity_count, validity_unit, auto_deduction,
    valid_on_visit_day, not_while_frozen, freezing_times, freezing_days,
    reference, import_digest, imported_for,
    revision, state, activated_on, expires_on, frozen_at, location_ids, shared_client_ids
)
SELECT membership_id, wallet_id, chain_id, membership_type_id, sale_id, name, owner_client_id,
    home_location_id, time_zone, issued_at, validity_count, validity_unit, auto_deduction,
    valid_on_visit_day, not_while_frozen, freezing_times, freezing_days,
    reference, import_digest, imported_for::uuid[],
    revision, state, activated_on, expires_on, frozen_at, location_ids::uuid[],
    shared_client_ids::uuid[]
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::uuid[],
    $8::uuid[], $9::text[], $10::timestamptz[], $11::integer[], $12::text[], $13::boolean[],
    $14::boolean[], $15::boolean[], $16::integer[], $17::integer[],
    $18::text[], $19::text[], $20::text[],
    $21::integer[], $22::text[], $23::date[], $24::date[], $25::timestamptz[], $26::text[],
    $27::text[]
) AS issued (
    membership_id, wallet_id, chain_id, membership_type_id, sale_id, name, owner_client_id,
    home_location_id, time_zone, issued_at, validity_count, validity_unit, auto_deduction,
    valid_on_visit_day, not_while_frozen, freezing_times, freezing_days,
    reference, import_digest, imported_for,
    revision, state, activated_on, expires_on, frozen_at, location_ids, shared_client_ids
)
"""
_CHANGE_MEMBERSHIPS: Final = """
UPDATE memberships
SET revision = changed.revision, state = changed.state, activated_on = changed.activated_on,
    expires_on = changed.expires_on, frozen_at = changed.frozen_at,
    shared_client_ids = changed.shared_client_ids::uuid[], frozen_until = changed.frozen_until,
    past_freezes = changed.past_freezes::timestamptz[], owner_client_id = changed.owner_client_id
FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::date[], $5::date[], $6::timestamptz[],
            $7::text[], $8::date[], $9::text[], $10::uuid[])
    AS changed (membership_id, revision, state, activated_on, expires_on, frozen_at,
                shared_client_ids, frozen_until, past_freezes, owner_client_id)
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


def _joined(joins: Sequence[tuple[UUID, UUID]]) -> list[Row]:
    """Return each old wallet with the one that it ends up in: what took it in may be joined too."""
    into: dict[UUID, UUID] = {}
    for old, new in reversed(joins):
        into[old] = into.get(new, new)
    return list(into.items())


async def save_memberships(transaction: Transaction, wallets: Wallets) -> None:
    """Write joined wallets, what was issued, and what changed, as the foreign keys ask for."""
    changes = wallets.changes
    joined = _joined(changes.joined)
    await write(transaction, _JOIN_CLIENTS, joined)
    await write(transaction, _JOIN_MEMBERSHIPS, joined)
    await write(transaction, _ALIAS, changes.aliases.items())
    issued = changes.issued
    await write(
        transaction,
        _ISSUE,
        (_issued(one, wallets.by_membership[id_].wallet_id) for id_, one in issued.items()),
    )
    await write(transaction, _CHANGE_MEMBERSHIPS, map(_changed, changes.memberships.values()))
    opened = (
        (*_counts(bucket), bucket.membership_id, at, bucket.granted, *_covered(bucket))
        for one in issued.values()
        for at, bucket in enumerate(one.buckets)
    )
    await write(transaction, _OPEN_BUCKETS, opened)
    counted = (b for b in changes.buckets.values() if b.membership_id not in issued)
    await write(transaction, _CHANGE_BUCKETS, map(_counts, counted))


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
        membership.home_location_id,
        membership.time_zone,
        membership.issued_at,
        validity.count if validity else None,
        validity.unit if validity else None,
        membership.auto_deduction,
        *membership.gate,
        *membership.freezing,
        *_origin(membership.imported),
        *_state(membership),
        as_array(membership.location_ids),
        as_array(membership.shared_client_ids),
    )


def _origin(imported: Imported | None) -> Row:
    if imported is None:
        return None, None, None
    return imported.reference, imported.digest, as_array(imported.clients)


def _changed(membership: Membership) -> Row:
    instants = (instant.isoformat() for past in membership.past_freezes for instant in past)
    return (
        membership.membership_id,
        *_state(membership),
        as_array(membership.shared_client_ids),
        membership.frozen_until,
        as_array(instants),
        membership.owner_client_id,
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
