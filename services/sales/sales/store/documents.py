"""What booking said of appointments, word for word; membership is told it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from postgres import Transaction

_SAVE = """
UPDATE appointments
SET document = new.document
FROM unnest($1::uuid[], $2::text[]) AS new (appointment_id, document)
WHERE appointments.appointment_id = new.appointment_id
"""
_LOAD = """
SELECT appointment_id, document
FROM appointments
WHERE appointment_id = ANY($1) AND document IS NOT NULL
"""


async def save(transaction: Transaction, documents: Mapping[UUID, str]) -> None:
    """Keep the newest plans of locked appointments."""
    await transaction.execute(_SAVE, list(documents), list(documents.values()))


async def load(transaction: Transaction, appointment_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the newest plans of these appointments."""
    rows = await transaction.fetch(_LOAD, list(appointment_ids))
    return {row["appointment_id"]: row["document"] for row in rows}
