"""Membership types in the database."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from membership.domain.freezes import FreezingLimits
from membership.domain.memberships import BucketTerms, Gate, MembershipType
from membership.domain.validity import Validity
from membership.store.arrays import as_array
from membership.store.merged_services import load_merged
from postgres import Transaction

_SAVE: Final = """
INSERT INTO membership_types (
    membership_type_id, chain_id, name, price, currency, buckets,
    validity_count, validity_unit, activation, auto_deduction, valid_on_visit_day,
    not_while_frozen, freezing_times, freezing_days, location_ids
)
SELECT membership_type_id, chain_id, name, price, currency, buckets,
    validity_count, validity_unit, activation, auto_deduction, valid_on_visit_day,
    not_while_frozen, freezing_times, freezing_days, location_ids::uuid[]
FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::jsonb[],
    $7::integer[], $8::text[], $9::text[], $10::boolean[], $11::boolean[],
    $12::boolean[], $13::integer[], $14::integer[], $15::text[]
) AS offered (
    membership_type_id, chain_id, name, price, currency, buckets,
    validity_count, validity_unit, activation, auto_deduction, valid_on_visit_day,
    not_while_frozen, freezing_times, freezing_days, location_ids
)
ON CONFLICT (membership_type_id) DO UPDATE
SET name = excluded.name, price = excluded.price, currency = excluded.currency,
    buckets = excluded.buckets, validity_count = excluded.validity_count,
    validity_unit = excluded.validity_unit, activation = excluded.activation,
    auto_deduction = excluded.auto_deduction, valid_on_visit_day = excluded.valid_on_visit_day,
    not_while_frozen = excluded.not_while_frozen, freezing_times = excluded.freezing_times,
    freezing_days = excluded.freezing_days, location_ids = excluded.location_ids
"""
_SELECT: Final = "SELECT * FROM membership_types WHERE membership_type_id = ANY($1::uuid[])"


async def save_types(transaction: Transaction, types: Sequence[MembershipType]) -> None:
    """Insert membership types, or replace them; one that comes twice is the last."""
    if not types:
        return
    rows = [
        (
            kind.membership_type_id,
            kind.chain_id,
            kind.name,
            kind.price,
            kind.currency,
            _buckets(kind.buckets),
            kind.validity.count if kind.validity else None,
            kind.validity.unit if kind.validity else None,
            kind.activation,
            kind.auto_deduction,
            *kind.gate,
            *kind.freezing,
            as_array(kind.location_ids),
        )
        for kind in {kind.membership_type_id: kind for kind in types}.values()
    ]
    await transaction.execute(_SAVE, *zip(*rows, strict=True))


def _buckets(buckets: Sequence[BucketTerms]) -> str:
    return json.dumps(
        [
            {
                "sessions": terms.sessions,
                "service_ids": [str(id_) for id_ in terms.service_ids],
                "category_ids": [str(id_) for id_ in terms.category_ids],
            }
            for terms in buckets
        ]
    )


async def load_types(
    transaction: Transaction, type_ids: Collection[UUID]
) -> dict[UUID, MembershipType]:
    """Return the membership types that exist, by id; each with the services that were merged."""
    if not type_ids:
        return {}
    rows = await transaction.fetch(_SELECT, list(type_ids))
    types = {row["membership_type_id"]: _type(row) for row in rows}
    covered = {
        id_ for kind in types.values() for terms in kind.buckets for id_ in terms.service_ids
    }
    merged = await load_merged(transaction, covered)
    return {id_: _with_merged(kind, merged) for id_, kind in types.items()} if merged else types


def _with_merged(kind: MembershipType, merged: Mapping[UUID, UUID]) -> MembershipType:
    """Return the type with all services that are one with those that it covers (rule A11)."""
    buckets = tuple(
        terms._replace(service_ids=_same(terms.service_ids, merged)) for terms in kind.buckets
    )
    return kind._replace(buckets=buckets)


def _same(service_ids: Sequence[UUID], merged: Mapping[UUID, UUID]) -> tuple[UUID, ...]:
    meant = {merged[service_id] for service_id in service_ids if service_id in merged}
    same = (service_id for service_id, means in merged.items() if means in meant)
    return tuple(dict.fromkeys([*service_ids, *same]))


def _type(row: asyncpg.Record) -> MembershipType:
    buckets: list[dict[str, Any]] = json.loads(row["buckets"])
    count = row["validity_count"]
    return MembershipType(
        membership_type_id=row["membership_type_id"],
        chain_id=row["chain_id"],
        name=row["name"],
        price=row["price"],
        currency=row["currency"],
        buckets=tuple(map(_terms, buckets)),
        validity=Validity(count, row["validity_unit"]) if count else None,
        activation=row["activation"],
        auto_deduction=row["auto_deduction"],
        gate=Gate(row["valid_on_visit_day"], row["not_while_frozen"]),
        location_ids=tuple(row["location_ids"]),
        freezing=FreezingLimits(row["freezing_times"], row["freezing_days"]),
    )


def _terms(bucket: Mapping[str, Any]) -> BucketTerms:
    """Read what a bucket covers; what was stored before there were categories names none."""
    return BucketTerms(
        bucket["sessions"],
        tuple(UUID(id_) for id_ in bucket["service_ids"]),
        tuple(UUID(id_) for id_ in bucket.get("category_ids", ())),
    )
