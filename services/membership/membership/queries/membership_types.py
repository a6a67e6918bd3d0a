"""Membership types, as they are sold now."""

import json
from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

import asyncpg

from contracts.membership import BucketForm, FreezingForm, GateForm, Validity
from contracts.membership_views import MembershipTypeView
from contracts.values import Money
from membership.queries.connection import Connection
from membership.queries.merged_services import meant, merged

_TYPES_OF_CHAIN: Final = """
SELECT * FROM membership_types WHERE chain_id = $1 ORDER BY name, membership_type_id
"""
_TYPES: Final = "SELECT * FROM membership_types WHERE membership_type_id = ANY($1::uuid[])"


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


async def _types(
    connection: Connection, rows: Iterable[asyncpg.Record]
) -> list[MembershipTypeView]:
    views = [_type(row) for row in rows]
    covered = (id_ for view in views for bucket in view.buckets for id_ in bucket.service_ids)
    left = await merged(connection, covered)
    if not left:
        return views
    return [
        view.model_copy(
            update={
                "buckets": tuple(
                    bucket.model_copy(update={"service_ids": meant(bucket.service_ids, left)})
                    for bucket in view.buckets
                )
            }
        )
        for view in views
    ]


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
