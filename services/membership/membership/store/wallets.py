"""Lock the wallets that a batch touches, then load them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from membership.domain.appointments import Claim, Ending, Hold
from membership.domain.freezes import FreezingLimits, PastFreeze
from membership.domain.ledger import Bucket
from membership.domain.memberships import Gate, Imported, Membership
from membership.domain.settlements import Settlement
from membership.domain.validity import Validity
from membership.domain.wallet import Wallet
from membership.domain.wallets import Wallets
from membership.store.plans import lines_from, plan_from
from postgres import Transaction

_FIND: Final = """
SELECT wallet_id FROM wallets
WHERE wallet_id IN (
    SELECT wallet_id FROM clients WHERE client_id = ANY($1::uuid[])
    UNION SELECT wallet_id FROM memberships WHERE membership_id = ANY($2::uuid[])
)
"""
# Ids only: whatever else it returned would be from before the wait.
_LOCK: Final = f"{_FIND}ORDER BY wallet_id FOR UPDATE"
_OPEN: Final = """
WITH opened AS (
    INSERT INTO wallets (wallet_id) SELECT * FROM unnest($1::uuid[]) ON CONFLICT DO NOTHING
)
INSERT INTO clients (client_id, wallet_id)
SELECT id, id FROM unnest($1::uuid[]) AS id ON CONFLICT DO NOTHING
RETURNING client_id
"""
_ARE_THERE: Final = "SELECT count(*) FROM memberships WHERE membership_id = ANY($1::uuid[])"
_CLIENTS: Final = "SELECT client_id, wallet_id, merged_into FROM clients WHERE wallet_id = ANY($1)"
# A row for every bucket; each membership has one at least. What covers a service that was merged
# covers all that are one with it (rule A11).
_BUCKETS: Final = """
SELECT membership.wallet_id, membership.validity_count, membership.validity_unit,
    membership.valid_on_visit_day, membership.not_while_frozen, membership.location_ids,
    membership.shared_client_ids,
    bucket.service_ids || ARRAY(
        SELECT same.service_id
        FROM merged_services AS covered JOIN merged_services AS same USING (merged_id)
        WHERE covered.service_id = ANY(bucket.service_ids)
    ) AS service_ids,
    bucket.category_ids, bucket.bucket_id,
    bucket.granted, bucket.debited, bucket.held, bucket.expired, bucket.adjusted, bucket.entries,
    membership.membership_id, membership.revision, membership.chain_id,
    membership.membership_type_id, membership.sale_id, membership.name, membership.owner_client_id,
    membership.state, membership.time_zone, membership.issued_at, membership.activated_on,
    membership.expires_on, membership.auto_deduction, membership.frozen_at,
    membership.frozen_until, membership.past_freezes, membership.freezing_times,
    membership.freezing_days, membership.reference, membership.import_digest,
    membership.imported_for, membership.home_location_id
FROM memberships AS membership JOIN buckets AS bucket USING (membership_id)
WHERE membership.wallet_id = ANY($1) ORDER BY bucket.ordinal
"""
_HOLDS: Final = """
SELECT line_id, booking_id, appointment_id, revision, client_id, service_id, category_id,
    location_id, starts_at, coalesce(visit_day, starts_at::date), automatic_debiting, bucket_id,
    reschedule_id, coalesce((
        SELECT settlements.revision FROM settlements
        WHERE settlements.appointment_id = holds.appointment_id
    ), 0)
FROM holds WHERE bucket_id = ANY($1) AND state = 'held'
"""
_APPOINTMENTS: Final = """
SELECT known.appointment_id, ending.revision, ending.how, moved.plan, status.visit_status,
    claim.claims,
    settlement.appointment_id, settlement.revision, settlement.appointment_revision,
    settlement.booking_id, settlement.visit_id, settlement.chain_id, settlement.location_id,
    settlement.client_id, settlement.outcome, settlement.lines, settlement.shortfall,
    settlement.start, settlement.settled_at, settlement.delay_ms, settlement.time_zone,
    settlement.has_begun
FROM unnest($1::uuid[]) AS known (appointment_id)
LEFT JOIN ended_appointments AS ending USING (appointment_id)
LEFT JOIN moved_appointments AS moved USING (appointment_id)
LEFT JOIN visit_statuses AS status USING (appointment_id)
LEFT JOIN settlements AS settlement ON settlement.appointment_id = known.appointment_id
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(claim_id, line_ids, returned_at)) AS claims FROM claims
    WHERE claims.appointment_id = known.appointment_id
) AS claim ON true
WHERE ending.how IS NOT NULL OR moved.revision IS NOT NULL OR settlement.revision IS NOT NULL
    OR claim.claims IS NOT NULL OR status.visit_status IS NOT NULL
"""
_REFUSED_RESCHEDULES: Final = """
SELECT reschedule_id FROM refused_reschedules WHERE reschedule_id = ANY($1)
"""


_LINES: Final = Settlement._fields.index("lines")


@dataclass(slots=True)
class Keys:
    """What a batch speaks of."""

    clients: set[UUID] = field(default_factory=set[UUID])
    memberships: set[UUID] = field(default_factory=set[UUID])
    appointments: set[UUID] = field(default_factory=set[UUID])
    reschedules: set[UUID] = field(default_factory=set[UUID])


async def lock_and_load(transaction: Transaction, keys: Keys) -> Wallets:
    """Lock the wallets of these clients and memberships, in the order of their ids; load them.

    Clients get a wallet on first need; memberships may be unknown. When a wallet was joined to
    another while this waited for it, it raises what a transaction raises that is to run anew:
    taking more locks beside those that it has could deadlock.
    """
    rows = await transaction.fetch(_LOCK, list(keys.clients), list(keys.memberships))
    wallets = await _load(transaction, [row["wallet_id"] for row in rows])
    await _open(transaction, wallets, keys.clients - wallets.by_client.keys())
    await _expect_none(transaction, keys.memberships - wallets.by_membership.keys())
    await _load_appointments(transaction, wallets, keys)
    return wallets


async def load(transaction: Transaction, keys: Keys) -> Wallets:
    """Load without any lock what is not going to be saved; clients may be unknown."""
    rows = await transaction.fetch(_FIND, list(keys.clients), list(keys.memberships))
    wallets = await _load(transaction, [row["wallet_id"] for row in rows])
    for client_id in keys.clients - wallets.by_client.keys():
        wallets.by_client[client_id] = Wallet(client_id, wallets.changes)
    await _load_appointments(transaction, wallets, keys)
    return wallets


async def _open(transaction: Transaction, wallets: Wallets, newcomers: Collection[UUID]) -> None:
    """Give clients whom nobody knows a wallet; who has one was in a wallet that was joined."""
    if not newcomers:
        return
    opened = await transaction.fetch(_OPEN, sorted(newcomers))
    if len(opened) < len(newcomers):
        raise asyncpg.SerializationError("a client's wallet was joined to another meanwhile")
    for client_id in newcomers:
        wallet = Wallet(client_id, wallets.changes, {client_id})
        wallets.by_id[client_id] = wallets.by_client[client_id] = wallet


async def _expect_none(transaction: Transaction, unknown: Collection[UUID]) -> None:
    """See that memberships that were not loaded do not exist."""
    if unknown and await transaction.fetchval(_ARE_THERE, list(unknown)):
        raise asyncpg.SerializationError("a membership's wallet was joined to another meanwhile")


async def _load(transaction: Transaction, wallet_ids: Sequence[UUID]) -> Wallets:
    wallets = Wallets()
    if wallet_ids:
        await _load_clients(transaction, wallets, wallet_ids)
        await _load_memberships(transaction, wallets, wallet_ids)
    return wallets


async def _load_clients(
    transaction: Transaction, wallets: Wallets, wallet_ids: Sequence[UUID]
) -> None:
    wallets.by_id |= {id_: Wallet(id_, wallets.changes) for id_ in wallet_ids}
    for client_id, wallet_id, merged_into in await transaction.fetch(_CLIENTS, wallet_ids):
        wallet = wallets.by_id[wallet_id]
        wallet.clients.add(client_id)
        wallets.by_client[client_id] = wallet
        if merged_into is not None:
            wallets.aliases[client_id] = merged_into


async def _load_memberships(
    transaction: Transaction, wallets: Wallets, wallet_ids: Sequence[UUID]
) -> None:
    """Load the memberships with their buckets, and the open holds in them."""
    by_bucket: dict[UUID, Wallet] = {}
    for row in await transaction.fetch(_BUCKETS, wallet_ids):
        wallet = wallets.by_id[row["wallet_id"]]
        membership = wallet.memberships.get(row["membership_id"]) or _membership(row)
        bucket = _bucket(row)
        membership.buckets.append(bucket)
        wallet.memberships[membership.membership_id] = membership
        wallet.buckets[bucket.bucket_id] = bucket
        wallets.by_membership[membership.membership_id] = wallet
        by_bucket[bucket.bucket_id] = wallet
    if by_bucket:
        for row in await transaction.fetch(_HOLDS, list(by_bucket)):
            hold = Hold(*row)
            by_bucket[hold.bucket_id].holds[hold.line_id] = hold


async def _load_appointments(transaction: Transaction, wallets: Wallets, keys: Keys) -> None:
    if keys.appointments:
        for row in await transaction.fetch(_APPOINTMENTS, list(keys.appointments)):
            _know(wallets, row)
    if keys.reschedules:
        rows = await transaction.fetch(_REFUSED_RESCHEDULES, list(keys.reschedules))
        wallets.refused_reschedules.update(row["reschedule_id"] for row in rows)
    wallets.rename()


def _know(wallets: Wallets, row: asyncpg.Record) -> None:
    """Keep all that is known of an appointment."""
    appointment_id, ended, how, moved, visit_status, claims, *settlement = row
    if how is not None:
        wallets.endings[appointment_id] = Ending(appointment_id, ended, how)
    if moved is not None:
        wallets.moved[appointment_id] = plan_from(moved)
    if visit_status is not None:
        wallets.visit_statuses[appointment_id] = visit_status
    if claims is not None:
        found = (_claim(appointment_id, *columns) for columns in json.loads(claims))
        wallets.claims[appointment_id] = {claim.claim_id: claim for claim in found}
    if settlement[0] is not None:
        wallets.settlements[appointment_id] = _settlement(settlement)


def _claim(
    appointment_id: UUID, claim_id: str, line_ids: Sequence[str], returned_at: str | None
) -> Claim:
    at = datetime.fromisoformat(returned_at) if returned_at else None
    return Claim(UUID(claim_id), appointment_id, tuple(map(UUID, line_ids)), at)


def _membership(row: asyncpg.Record) -> Membership:
    count = row["validity_count"]
    return Membership(
        membership_id=row["membership_id"],
        revision=row["revision"],
        chain_id=row["chain_id"],
        membership_type_id=row["membership_type_id"],
        sale_id=row["sale_id"],
        name=row["name"],
        owner_client_id=row["owner_client_id"],
        shared_client_ids=tuple(row["shared_client_ids"]),
        state=row["state"],
        time_zone=row["time_zone"],
        issued_at=row["issued_at"],
        activated_on=row["activated_on"],
        expires_on=row["expires_on"],
        auto_deduction=row["auto_deduction"],
        frozen_at=row["frozen_at"],
        validity=Validity(count, row["validity_unit"]) if count else None,
        gate=Gate(row["valid_on_visit_day"], row["not_while_frozen"]),
        location_ids=frozenset(row["location_ids"]),
        freezing=FreezingLimits(row["freezing_times"], row["freezing_days"]),
        frozen_until=row["frozen_until"],
        past_freezes=tuple(map(PastFreeze, row["past_freezes"][::2], row["past_freezes"][1::2])),
        imported=_imported(row) if row["reference"] else None,
        home_location_id=row["home_location_id"],
    )


def _imported(row: asyncpg.Record) -> Imported:
    return Imported(row["reference"], row["import_digest"], tuple(row["imported_for"]))


def _bucket(row: asyncpg.Record) -> Bucket:
    return Bucket(
        bucket_id=row["bucket_id"],
        membership_id=row["membership_id"],
        service_ids=frozenset(row["service_ids"]),
        category_ids=frozenset(row["category_ids"]),
        granted=row["granted"],
        debited=row["debited"],
        held=row["held"],
        expired=row["expired"],
        adjusted=row["adjusted"],
        entries=row["entries"],
    )


def _settlement(columns: Sequence[Any]) -> Settlement:
    return Settlement._make(
        [*columns[:_LINES], lines_from(columns[_LINES]), *columns[_LINES + 1 :]]
    )
