"""The list of what people did in the back office: noted before it is tried, never changed after."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid4

from contracts.base import Value
from postgres import Database
from web.problems import ProblemError


class AuditEntry(Value):
    """One action; `begun` means that what became of it is not known here."""

    entry_id: UUID
    at: datetime
    staff_id: UUID
    staff_name: str
    location_id: UUID | None
    action: str
    subject: str
    outcome: Literal["begun", "done", "refused"]
    detail: str


class AuditList(Value):
    """Actions, the newest first."""

    entries: tuple[AuditEntry, ...]


class Place(NamedTuple):
    """Where an action belongs."""

    chain_id: UUID | None
    location_id: UUID | None


@asynccontextmanager
async def audited(
    database: Database, action: str, subject: str, *, by: UUID, at: Place
) -> AsyncGenerator[None]:
    """Note an action before it is tried, and afterwards whether it was done or refused."""
    entry_id = uuid4()
    await database.pool.execute(
        """
        INSERT INTO audit_entries (id, staff_id, chain_id, location_id, action, subject)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        entry_id,
        by,
        at.chain_id,
        at.location_id,
        action,
        subject,
    )
    try:
        yield
    except ProblemError as error:
        if error.problem.status < 500:
            await _conclude(database, entry_id, "refused", error.problem.detail)
        raise
    await _conclude(database, entry_id, "done", "")


async def _conclude(database: Database, entry_id: UUID, outcome: str, detail: str) -> None:
    await database.pool.execute(
        "UPDATE audit_entries SET outcome = $2, detail = $3 WHERE id = $1",
        entry_id,
        outcome,
        detail,
    )


async def listed(
    database: Database,
    chain_id: UUID,
    *,
    staff_id: UUID | None = None,
    action: str | None = None,
    before: datetime | None = None,
    most: int = 50,
) -> Sequence[AuditEntry]:
    """Return the newest actions in a chain, of all or one person, of all kinds or one."""
    rows = await database.pool.fetch(
        """
        SELECT audit_entries.id AS entry_id, at, staff_id, staff.name AS staff_name, location_id,
               action, subject, outcome, detail
        FROM audit_entries JOIN staff ON staff.id = staff_id
        WHERE chain_id = $1
        AND ($2::uuid IS NULL OR staff_id = $2)
        AND ($3::text IS NULL OR action = $3)
        AND ($4::timestamptz IS NULL OR at < $4)
        ORDER BY at DESC, audit_entries.id LIMIT $5
        """,
        chain_id,
        staff_id,
        action,
        before,
        most,
    )
    return [AuditEntry.model_validate(dict(row)) for row in rows]
