"""Settlements: what sessions pay of appointments."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import asyncpg

from contracts.membership_views import SettlementLineView, SettlementView
from membership.queries.connection import Connection
from membership.store.plans import lines_from

_SETTLEMENTS: Final = "SELECT * FROM settlements WHERE appointment_id = ANY($1::uuid[])"


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
