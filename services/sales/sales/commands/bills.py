"""Keep the bills of visits."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from messaging import Work
from postgres import Transaction
from sales import announcements
from sales.domain.bills import Bill
from sales.domain.facts import Fact
from sales.domain.visits import Owner, Visit, Visits
from sales.store import appointments, bills


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
    visits = await _lock_and_load(work.transaction, heard)
    before = {visit_id: visit.bill() for visit_id, visit in visits.by_id.items()}
    causes: dict[UUID, UUID] = {}
    for one in heard:
        for visit_id in visits.hear(one.visit_id, one.appointment_id, one.fact):
            causes[visit_id] = one.cause
    changed = list(_changed((visits.by_id[visit_id] for visit_id in causes), before))
    await _save(work.transaction, visits, changed)
    for visit, bill in changed:
        message = announcements.bill_changed(visit, bill)
        work.publish(message, cause=causes[visit.visit_id])


async def _lock_and_load(transaction: Transaction, heard: Sequence[Heard]) -> Visits:
    """Lock the appointments, so that they stay where they are, and then the bills of their visits.

    Everybody locks in this order, and each kind in the order of the ids: nobody waits in a circle.
    """
    await bills.open_missing(transaction, {one.visit_id: one.owner for one in heard})
    said = {one.appointment_id: one.visit_id for one in heard}
    homes = await appointments.lock(transaction, said)
    visits = await bills.lock_and_load(transaction, {*(one.visit_id for one in heard), *homes})
    await appointments.load(transaction, visits)
    return Visits(visits.values())


def _changed(
    visits: Iterable[Visit], before: Mapping[UUID, Bill | None]
) -> Iterator[tuple[Visit, Bill]]:
    """Give the visits whose bill is another than before, at their next revision."""
    for visit in visits:
        bill = visit.bill()
        if bill is not None and bill != before[visit.visit_id]:
            visit.revision += 1
            yield visit, bill


async def _save(
    transaction: Transaction, visits: Visits, changed: Collection[tuple[Visit, Bill]]
) -> None:
    changes = list(visits.changes())
    if changes:
        await appointments.save(transaction, changes)
    if changed:
        await bills.save(transaction, changed)
