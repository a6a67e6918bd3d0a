"""Lock the wallets that a batch touches, then load them."""

import json
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from membership.domain.ledger import Bucket
from membership.domain.memberships import Membership
from membership.domain.validity import Validity
from membership.domain.wallets import Ending, Hold, SettledLine, Settlement, Wallet, Wallets
from postgres import Transaction

_FIND: Final = """
SELECT client_id AS id, wallet_id FROM clients WHERE client_id = ANY($1::uuid[])
UNION ALL
SELECT membership_id, wallet_id FROM memberships WHERE membership_id = ANY($2::uuid[])
"""
_OPEN: Final = """
WITH opened AS (
    INSERT INTO wallets (wallet_id) SELECT * FROM unnest($1::uuid[]) ON CONFLICT DO NOTHING
)
INSERT INTO clients (client_id, wallet_id)
SELECT id, id FROM unnest($1::uuid[]) AS id ON CONFLICT DO NOTHING
"""
# Ids only: whatever else it returned would be from before the wait.
_LOCK: Final = (
    "SELECT wallet_id FROM wallets WHERE wallet_id = ANY($1) ORDER BY wallet_id FOR UPDATE"
)
_CLIENTS: Final = "SELECT client_id, wallet_id FROM clients WHERE wallet_id = ANY($1)"
# The columns come in the order of the fields that they fill.
_MEMBERSHIPS: Final = """
SELECT wallet_id, validity_count, validity_unit,
    membership_id, revision, chain_id, membership_type_id, sale_id, name, owner_client_id,
    shared_client_ids, state, time_zone, issued_at, activated_on, expires_on, auto_deduction,
    frozen_at
FROM memberships WHERE wallet_id = ANY($1)
"""
_BUCKETS: Final = """
SELECT service_ids, bucket_id, membership_id, granted, debited, held, expired, adjusted, entries
FROM buckets WHERE membership_id = ANY($1) ORDER BY ordinal
"""
_HOLDS: Final = """
SELECT line_id, booking_id, appointment_id, revision, client_id, service_id, starts_at,
    automatic_debiting, bucket_id
FROM holds WHERE bucket_id = ANY($1) AND state = 'held'
"""
_SETTLEMENTS: Final = "SELECT * FROM settlements WHERE appointment_id = ANY($1)"
_ENDINGS: Final = """
SELECT appointment_id, revision, how FROM ended_appointments WHERE appointment_id = ANY($1)
"""


class Keys(NamedTuple):
    """What a batch speaks of."""

    clients: set[UUID]
    memberships: set[UUID]
    appointments: set[UUID]


async def lock_and_load(transaction: Transaction, keys: Keys) -> Wallets:
    """Lock the wallets of these clients and memberships, in the order of their ids; load them.

    Clients get a wallet on first need; memberships may be unknown. When a wallet was joined to
    another while this waited for it, everything is found, locked and read anew.
    """
    while True:
        found = await _find(transaction, keys)
        attempt = transaction.transaction()
        await attempt.start()
        locked = sorted(set(found.values()))
        await transaction.fetch(_LOCK, locked)
        wallets = await _load_members(transaction, locked)
        if all(id_ in wallets.by_client or id_ in wallets.by_membership for id_ in found):
            await attempt.commit()
            break
        await attempt.rollback()  # lets the locks go: taking more beside them could deadlock
    await _load_counts(transaction, wallets)
    await _load_appointments(transaction, wallets, keys.appointments)
    return wallets


async def _find(transaction: Transaction, keys: Keys) -> Mapping[UUID, UUID]:
    """Return the wallet id of every client, and of the memberships that exist."""
    clients, memberships = list(keys.clients), list(keys.memberships)
    rows = await transaction.fetch(_FIND, clients, memberships)
    found: dict[UUID, UUID] = {row["id"]: row["wallet_id"] for row in rows}
    newcomers = keys.clients - found.keys()
    if newcomers:
        await transaction.execute(_OPEN, sorted(newcomers))
        rows = await transaction.fetch(_FIND, clients, memberships)
        found = {row["id"]: row["wallet_id"] for row in rows}
    return found


async def _load_members(transaction: Transaction, wallet_ids: list[UUID]) -> Wallets:
    wallets = Wallets()
    by_id = {wallet_id: Wallet(wallet_id, wallets.changes) for wallet_id in wallet_ids}
    for row in await transaction.fetch(_CLIENTS, wallet_ids):
        wallet = by_id[row["wallet_id"]]
        wallet.clients.add(row["client_id"])
        wallets.by_client[row["client_id"]] = wallet
    for row in await transaction.fetch(_MEMBERSHIPS, wallet_ids):
        wallet = by_id[row["wallet_id"]]
        membership = _membership(row)
        wallet.include(membership)
        wallets.by_membership[membership.membership_id] = wallet
    return wallets


async def _load_counts(transaction: Transaction, wallets: Wallets) -> None:
    """Load the buckets of the memberships, and the open holds in them."""
    if not wallets.by_membership:
        return
    by_bucket: dict[UUID, Wallet] = {}
    for row in await transaction.fetch(_BUCKETS, list(wallets.by_membership)):
        bucket = _bucket(row)
        wallet = wallets.by_membership[bucket.membership_id]
        wallet.memberships[bucket.membership_id].buckets.append(bucket)
        wallet.buckets[bucket.bucket_id] = bucket
        by_bucket[bucket.bucket_id] = wallet
    for row in await transaction.fetch(_HOLDS, list(by_bucket)):
        hold = Hold(*row)
        by_bucket[hold.bucket_id].holds[hold.line_id] = hold


async def _load_appointments(
    transaction: Transaction, wallets: Wallets, appointment_ids: Collection[UUID]
) -> None:
    if not appointment_ids:
        return
    for row in await transaction.fetch(_SETTLEMENTS, list(appointment_ids)):
        wallets.settlements[row["appointment_id"]] = _settlement(row)
    for row in await transaction.fetch(_ENDINGS, list(appointment_ids)):
        wallets.endings[row["appointment_id"]] = Ending(*row)


def _membership(row: asyncpg.Record) -> Membership:
    _, count, unit, *fields = row
    membership = Membership(*fields, validity=Validity(count, unit) if count else None)
    membership.shared_client_ids = tuple(membership.shared_client_ids)
    return membership


def _bucket(row: asyncpg.Record) -> Bucket:
    service_ids, bucket_id, membership_id, *counts = row
    return Bucket(bucket_id, membership_id, frozenset(service_ids), *counts)


def _settlement(row: asyncpg.Record) -> Settlement:
    lines: list[list[Any]] = json.loads(row["lines"])
    columns: dict[str, Any] = dict(row)
    columns["lines"] = tuple(_settled_line(*line) for line in lines)
    return Settlement(**columns)


def _settled_line(
    line_id: str, membership_id: str | None, bucket_id: str | None, reason: Any
) -> SettledLine:
    return SettledLine(
        UUID(line_id),
        UUID(membership_id) if membership_id else None,
        UUID(bucket_id) if bucket_id else None,
        reason,
    )
