"""Visit statuses in the database."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from postgres import Transaction

_SAVE: Final = """
INSERT INTO visit_statuses AS known (appointment_id, status_revision, visit_status)
SELECT * FROM unnest($1::uuid[], $2::integer[], $3::text[])
ON CONFLICT (appointment_id) DO UPDATE
SET status_revision = excluded.status_revision, visit_status = excluded.visit_status
WHERE known.status_revision < excluded.status_revision
"""


async def save_visit_statuses(
    transaction: Transaction, statuses: Sequence[tuple[UUID, int, str]]
) -> None:
    """Keep what is newer than known; the rows come in the order of their ids."""
    if statuses:
        await transaction.execute(_SAVE, *zip(*statuses, strict=True))
