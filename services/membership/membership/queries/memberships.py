"""Issued memberships with their counts and newest uses."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import asyncpg

from contracts.membership_views import BucketView, MembershipView, UseView
from membership.domain.memberships import seen_status
from membership.domain.validity import local_date
from membership.queries.connection import Connection
from membership.queries.merged_services import meant, merged
from membership.queries.uses import newest_uses

# `now` is the time in the chain: a test clock may be ahead.
_MEMBERSHIPS: Final = """
SELECT *, chain_now(chain_id) AS now FROM memberships WHERE membership_id = ANY($1::uuid[])
"""
_NAMES: Final = "SELECT membership_id, name FROM memberships WHERE membership_id = ANY($1::uuid[])"
_CHAIN: Final = "SELECT chain_id FROM memberships WHERE membership_id = $1"
# In the order of rule A5.
_OF_CLIENT: Final = """
SELECT membership.*, chain_now(membership.chain_id) AS now
FROM (
    SELECT wallet_id, coalesce(merged_into, client_id) AS kept_id FROM clients WHERE client_id = $1
) AS client JOIN memberships AS membership USING (wallet_id)
WHERE kept_id = membership.owner_client_id OR kept_id = ANY(membership.shared_client_ids)
ORDER BY membership.expires_on NULLS LAST, membership.owner_client_id <> kept_id,
    membership.issued_at, membership.membership_id
"""
_BUCKETS: Final = "SELECT * FROM buckets WHERE membership_id = ANY($1::uuid[]) ORDER BY ordinal"
_INCONSISTENT: Final = "SELECT bucket_id FROM inconsistent_buckets ORDER BY bucket_id"


async def names_of(connection: Connection, membership_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what these memberships are called."""
    rows = await connection.fetch(_NAMES, membership_ids) if membership_ids else []
    return {row["membership_id"]: row["name"] for row in rows}


async def memberships_by_id(
    connection: Connection, membership_ids: Collection[UUID]
) -> dict[UUID, MembershipView]:
    """Return the memberships that exist."""
    if not membership_ids:
        return {}
    rows = await connection.fetch(_MEMBERSHIPS, list(membership_ids))
    return {view.membership_id: view for view in await views(connection, rows)}


async def chain_of(connection: Connection, membership_id: UUID) -> UUID | None:
    """Return the chain of a membership, if there is one."""
    return await connection.fetchval(_CHAIN, membership_id)


async def memberships_of(connection: Connection, client_id: UUID) -> list[MembershipView]:
    """Return what a client owns or shares, in the order of rule A5."""
    return await views(connection, await connection.fetch(_OF_CLIENT, client_id))


async def inconsistent_buckets(connection: Connection) -> list[UUID]:
    """Return the buckets that do not equal their ledger and holds (rule X1): none, or a mistake."""
    return [row["bucket_id"] for row in await connection.fetch(_INCONSISTENT)]


async def views(connection: Connection, rows: Sequence[asyncpg.Record]) -> list[MembershipView]:
    """Return memberships, of which these are the rows, with the time in their chain."""
    ids = [row["membership_id"] for row in rows]
    if not ids:
        return []
    buckets: defaultdict[UUID, list[BucketView]] = defaultdict(list)
    found = await connection.fetch(_BUCKETS, ids)
    left = await merged(connection, (id_ for row in found for id_ in row["service_ids"]))
    for row in found:
        buckets[row["membership_id"]].append(_bucket(row, left))
    uses = await newest_uses(connection, ids)
    return [
        _view(row, buckets[row["membership_id"]], uses.get(row["membership_id"], ()))
        for row in rows
    ]


def _bucket(row: asyncpg.Record, left: Mapping[UUID, UUID]) -> BucketView:
    granted = row["granted"]
    if granted is not None:
        granted += row["adjusted"] - row["expired"]
    used, held = row["debited"], row["held"]
    return BucketView(
        bucket_id=row["bucket_id"],
        service_ids=tuple(sorted(meant(row["service_ids"], left))),
        category_ids=tuple(sorted(row["category_ids"])),
        granted=granted,
        used=used,
        held=held,
        available=None if granted is None else granted - used - held,
        adjusted=row["adjusted"],
        expired=row["expired"],
    )


def _view(
    row: asyncpg.Record, buckets: Sequence[BucketView], uses: Sequence[UseView]
) -> MembershipView:
    used_up = all(b.granted is not None and b.granted <= b.used for b in buckets)
    valid = row["activated_on"], row["expires_on"]
    today = local_date(row["now"], row["time_zone"])
    return MembershipView(
        membership_id=row["membership_id"],
        chain_id=row["chain_id"],
        membership_type_id=row["membership_type_id"],
        name=row["name"],
        status=seen_status(row["state"], valid, today, used_up=used_up),
        owner_client_id=row["owner_client_id"],
        shared_client_ids=tuple(row["shared_client_ids"]),
        issued_at=row["issued_at"],
        expires_on=row["expires_on"],
        auto_deduction=row["auto_deduction"],
        granted=_total(bucket.granted for bucket in buckets),
        used=sum(bucket.used for bucket in buckets),
        held=sum(bucket.held for bucket in buckets),
        available=_total(bucket.available for bucket in buckets),
        buckets=tuple(buckets),
        uses=tuple(uses),
        frozen_until=row["frozen_until"],
        reference=row["reference"],
    )


def _total(counts: Iterable[int | None]) -> int | None:
    """Return the sum; there is none when a bucket is unlimited."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total
