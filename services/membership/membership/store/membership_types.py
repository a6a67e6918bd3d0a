"""Membership types in the database."""

import json
from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from membership.domain.memberships import BucketTerms, MembershipType
from membership.domain.validity import Validity
from postgres import Transaction

_INSERT: Final = """
INSERT INTO membership_types (
    membership_type_id, chain_id, name, price, currency, buckets,
    validity_count, validity_unit, activation, auto_deduction
)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::jsonb[],
    $7::integer[], $8::text[], $9::text[], $10::boolean[]
)
"""
_SELECT: Final = "SELECT * FROM membership_types WHERE membership_type_id = ANY($1::uuid[])"


async def save_types(transaction: Transaction, types: Sequence[MembershipType]) -> None:
    """Insert new membership types."""
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
        )
        for kind in types
    ]
    await transaction.execute(_INSERT, *zip(*rows, strict=True))


def _buckets(buckets: Sequence[BucketTerms]) -> str:
    return json.dumps(
        [
            {"sessions": terms.sessions, "service_ids": [str(i) for i in terms.service_ids]}
            for terms in buckets
        ]
    )


async def load_types(
    transaction: Transaction, type_ids: Collection[UUID]
) -> dict[UUID, MembershipType]:
    """Return the membership types that exist, by id."""
    if not type_ids:
        return {}
    rows = await transaction.fetch(_SELECT, list(type_ids))
    return {row["membership_type_id"]: _type(row) for row in rows}


def _type(row: asyncpg.Record) -> MembershipType:
    buckets: list[dict[str, Any]] = json.loads(row["buckets"])
    count = row["validity_count"]
    return MembershipType(
        membership_type_id=row["membership_type_id"],
        chain_id=row["chain_id"],
        name=row["name"],
        price=row["price"],
        currency=row["currency"],
        buckets=tuple(
            BucketTerms(terms["sessions"], tuple(UUID(i) for i in terms["service_ids"]))
            for terms in buckets
        ),
        validity=Validity(count, row["validity_unit"]) if count else None,
        activation=row["activation"],
        auto_deduction=row["auto_deduction"],
    )
