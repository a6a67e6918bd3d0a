"""Visit statuses: what people say of who came, which debits by hand ask for (rule A13)."""

from collections.abc import Iterable
from uuid import UUID

from membership import store
from messaging import Work


async def note_visit_statuses(work: Work, statuses: Iterable[tuple[UUID, int, str]]) -> None:
    """Remember the newest status of each appointment; each comes with its revision."""
    newest: dict[UUID, tuple[UUID, int, str]] = {}
    for appointment_id, revision, status in statuses:
        if appointment_id not in newest or newest[appointment_id][1] < revision:
            newest[appointment_id] = appointment_id, revision, status
    await store.save_visit_statuses(work.transaction, sorted(newest.values()))
