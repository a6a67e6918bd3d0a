"""Keep the bills of visits."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from messaging import Work
from postgres import Transaction
from sales import announcements
from sales.domain.bills import Bill, Fact, Owner, Visit
from sales.store import bills as store


@dataclass(frozen=True, slots=True)
class Heard:
    """One fact about an appointment of a visit, and the id of the message that told it."""

    cause: UUID
    visit_id: UUID
    owner: Owner
    appointment_id: UUID
    fact: Fact


async def keep(work: Work, heard: Sequence[Heard]) -> None:
    """Take these facts into the bills, in whatever order they come, and say what changed.

    A bill is said once a batch, as it is in the end.
    """
    if not heard:
        return
    visits = await store.lock_and_load(work.transaction, {one.visit_id: one.owner for one in heard})
    bills = {visit_id: visit.bill() for visit_id, visit in visits.items()}
    causes: dict[UUID, UUID] = {}
    for one in heard:
        if visits[one.visit_id].hear(one.appointment_id, one.fact):
            causes[one.visit_id] = one.cause
    touched = [visits[visit_id] for visit_id in causes]
    changed = list(_changed(touched, bills))
    await _save(work.transaction, touched, changed)
    for visit, bill in changed:
        message = announcements.bill_changed(visit, bill)
        work.publish(message, cause=causes[visit.visit_id])


def _changed(
    visits: Iterable[Visit], bills: Mapping[UUID, Bill | None]
) -> Iterator[tuple[Visit, Bill]]:
    """Give the visits whose bill is another than before, at their next revision."""
    for visit in visits:
        bill = visit.bill()
        if bill is not None and bill != bills[visit.visit_id]:
            visit.revision += 1
            yield visit, bill


async def _save(
    transaction: Transaction,
    touched: Iterable[Visit],
    changed: Collection[tuple[Visit, Bill]],
) -> None:
    changes = [change for visit in touched for change in visit.changes()]
    if changes:
        await store.save_appointments(transaction, changes)
    if changed:
        await store.save_bills(transaction, changed)
