"""Membership types, memberships with their uses, and settlements."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg

from contracts.membership import BucketForm, FreezingForm, GateForm, Validity
from contracts.membership_views import (
    BucketView,
    MembershipTypeView,
    MembershipView,
    SettlementLineView,
    SettlementView,
    UseView,
)
from contracts.values import Money
from membership.domain.memberships import seen_status
from membership.domain.validity import local_date
from membership.store.plans import lines_from
from postgres import Transaction

Connection: TypeAlias = "Transaction | asyncpg.Pool[asyncpg.Record]"

_TYPES_OF_CHAIN: Final = """
SELECT * FROM membership_types WHERE chain_id = $1 ORDER BY name, membership_type_id
"""
_TYPES: Final = "SELECT * FROM membership_types WHERE membership_type_id = ANY($1::uuid[])"
# What services mean that were merged (rule A17).
_MERGED: Final = "SELECT * FROM merged_services WHERE service_id = ANY($1::uuid[])"
# `now` is the time in the chain: a test clock may be ahead.
_MEMBERSHIPS: Final = """
SELECT *, chain_now(chain_id) AS now FROM memberships WHERE membership_id = ANY($1::uuid[])
"""
# In the order of rule A5.
_OF_CLIENT: Final = """
SELECT membership.*, chain_now(membership.chain_id) AS now
FROM clients AS client JOIN memberships AS membership USING (wallet_id)
WHERE client.client_id = $1
    AND (membership.owner_client_id = $1 OR $1 = ANY(membership.shared_client_ids))
ORDER BY membership.expires_on NULLS LAST, membership.owner_client_id <> $1,
    membership.issued_at, membership.membership_id
"""
_BUCKETS: Final = "SELECT * FROM buckets WHERE membership_id = ANY($1::uuid[]) ORDER BY ordinal"
_USES: Final = """
SELECT entry_id, membership_id, kind, sessions, client_id, appointment_id, line_id, automatic,
    recorded_at
FROM ledger
WHERE membership_id = ANY($1::uuid[]) AND kind IN ('debited', 'reversed')
ORDER BY membership_id, revision
"""
_SETTLEMENTS: Final = "SELECT * FROM settlements WHERE appointment_id = ANY($1::uuid[])"
_INCONSISTENT: Final = "SELECT bucket_id FROM inconsistent_buckets ORDER BY bucket_id"


async def membership_types(connection: Connection, chain_id: UUID) -> list[MembershipTypeView]:
    """Return the membership types of a chain, by name."""
    return await _types(connection, await connection.fetch(_TYPES_OF_CHAIN, chain_id))


async def membership_types_by_id(
    connection: Connection, type_ids: Collection[UUID]
) -> dict[UUID, MembershipTypeView]:
    """Return the membership types that exist."""
    if not type_ids:
        return {}
    views = await _types(connection, await connection.fetch(_TYPES, list(type_ids)))
    return {view.membership_type_id: view for view in views}


async def memberships_by_id(
    connection: Connection, membership_ids: Collection[UUID]
) -> dict[UUID, MembershipView]:
    """Return the memberships that exist."""
    if not membership_ids:
        return {}
    rows = await connection.fetch(_MEMBERSHIPS, list(membership_ids))
    return {view.membership_id: view for view in await _views(connection, rows)}


async def memberships_of(connection: Connection, client_id: UUID) -> list[MembershipView]:
    """Return what a client owns or shares, in the order of rule A5."""
    return await _views(connection, await connection.fetch(_OF_CLIENT, client_id))


async def settlements_by_id(
    connection: Connection, appointment_ids: Collection[UUID]
) -> dict[UUID, tuple[SettlementView, UUID, UUID]]:
    """Return the settlements of appointments, each with its chain and location."""
    if not appointment_ids:
        return {}
    rows = await connection.fetch(_SETTLEMENTS, list(appointment_ids))
    return {
        row["appointment_id"]: (_settlement(row), row["chain_id"], row["location_id"])
        for row in rows
    }


def _settlement(row: asyncpg.Record) -> SettlementView:
    return SettlementView(
        appointment_id=row["appointment_id"],
        revision=row["revision"],
        outcome=row["outcome"],
        shortfall=row["shortfall"],
        start=row["start"],
        settled_at=row["settled_at"],
        delay_ms=row["delay_ms"],
        lines=tuple(
            SettlementLineView(
                line_id=line.line_id,
                debited=line.is_debited,
                membership_id=line.membership_id,
                reason=line.reason,
            )
            for line in lines_from(row["lines"])
        ),
    )


async def inconsistent_buckets(connection: Connection) -> list[UUID]:
    """Return the buckets that do not equal their ledger and holds (rule X1): none, or a mistake."""
    return [row["bucket_id"] for row in await connection.fetch(_INCONSISTENT)]


async def _types(
    connection: Connection, rows: Iterable[asyncpg.Record]
) -> list[MembershipTypeView]:
    views = [_type(row) for row in rows]
    covered = (id_ for view in views for bucket in view.buckets for id_ in bucket.service_ids)
    merged = await _merged(connection, covered)
    if not merged:
        return views
    return [
        view.model_copy(
            update={
                "buckets": tuple(
                    bucket.model_copy(update={"service_ids": _meant(bucket.service_ids, merged)})
                    for bucket in view.buckets
                )
            }
        )
        for view in views
    ]


async def _merged(connection: Connection, service_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    rows = await connection.fetch(_MERGED, list(set(service_ids)))
    return {row["service_id"]: row["merged_id"] for row in rows}


def _meant(service_ids: Iterable[UUID], merged: Mapping[UUID, UUID]) -> tuple[UUID, ...]:
    """Return the services that these ids mean, each once."""
    return tuple(dict.fromkeys(merged.get(service_id, service_id) for service_id in service_ids))


def _type(row: asyncpg.Record) -> MembershipTypeView:
    buckets: list[Any] = json.loads(row["buckets"])
    count = row["validity_count"]
    return MembershipTypeView(
        membership_type_id=row["membership_type_id"],
        chain_id=row["chain_id"],
        name=row["name"],
        price=Money(amount=row["price"], currency=row["currency"]),
        buckets=tuple(BucketForm.model_validate(bucket) for bucket in buckets),
        validity=Validity(count=count, unit=row["validity_unit"]) if count else None,
        activation=row["activation"],
        auto_deduction=row["auto_deduction"],
        gate=GateForm(
            valid_on_visit_day=row["valid_on_visit_day"], not_while_frozen=row["not_while_frozen"]
        ),
        freezing=FreezingForm(times=row["freezing_times"], days=row["freezing_days"]),
        location_ids=tuple(row["location_ids"]),
    )


async def _views(connection: Connection, rows: Sequence[asyncpg.Record]) -> list[MembershipView]:
    ids = [row["membership_id"] for row in rows]
    if not ids:
        return []
    buckets: defaultdict[UUID, list[BucketView]] = defaultdict(list)
    found = await connection.fetch(_BUCKETS, ids)
    merged = await _merged(connection, (id_ for row in found for id_ in row["service_ids"]))
    for row in found:
        buckets[row["membership_id"]].append(_bucket(row, merged))
    uses: defaultdict[UUID, list[UseView]] = defaultdict(list)
    for row in await connection.fetch(_USES, ids):
        uses[row["membership_id"]].append(_use(row))
    return [_view(row, buckets[row["membership_id"]], uses[row["membership_id"]]) for row in rows]


def _bucket(row: asyncpg.Record, merged: Mapping[UUID, UUID]) -> BucketView:
    granted = row["granted"]
    if granted is not None:
        granted += row["adjusted"] - row["expired"]
    used, held = row["debited"], row["held"]
    return BucketView(
        bucket_id=row["bucket_id"],
        service_ids=tuple(sorted(_meant(row["service_ids"], merged))),
        category_ids=tuple(sorted(row["category_ids"])),
        granted=granted,
        used=used,
        held=held,
        available=None if granted is None else granted - used - held,
    )


def _use(row: asyncpg.Record) -> UseView:
    return UseView(
        entry_id=row["entry_id"],
        kind=row["kind"],
        sessions=row["sessions"],
        client_id=row["client_id"],
        appointment_id=row["appointment_id"],
        line_id=row["line_id"],
        automatic=row["automatic"],
        recorded_at=row["recorded_at"],
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
    )


def _total(counts: Iterable[int | None]) -> int | None:
    """Return the sum; there is none when a bucket is unlimited."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total
