"""Keep the bills of visits: what they are made of, and what is done about them at the counter."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from clocks import Clocks
from messaging import Work
from postgres import Transaction
from sales import announcements
from sales.commands import counter as counters
from sales.commands import healing, online_sales, sales
from sales.commands.counter import Said
from sales.commands.heard import Heard
from sales.domain.bills import Bill
from sales.domain.counter.payments import State
from sales.domain.counter.state import Counter, show_payments
from sales.domain.visits import Visit, Visits
from sales.store import appointments, bills, clients, documents, payments
from sales.store import counter as counter_store
from sales.store import healings as healing_store
from sales.store import sales as sale_store


async def keep(
    work: Work, clocks: Clocks, heard: Sequence[Heard], said: Sequence[tuple[UUID, Said]] = ()
) -> None:
    """Take these facts into the bills, in whatever order they come, and say what changed.

    Then do what is `said` at the counter, each with the message that says it. A bill is said once a
    batch, as it is in the end.
    """
    if not heard and not said:
        return
    counter = await _lock_and_load(work.transaction, heard, [step for _, step in said])
    visits = counter.visits
    before = {visit_id: visit.bill() for visit_id, visit in visits.by_id.items()}
    known = counters.snapshot(counter)
    causes, plans = _hear(visits, heard)
    last = said[-1][0] if said else heard[-1].cause
    outcomes = await counters.decide(work, clocks, counter, said)
    outcomes += [(last, outcome) for outcome in counters.follow_up(counter)]
    concerned = visits.by_id if said else causes
    changed = list(_changed((visits.by_id[visit_id] for visit_id in concerned), before))
    await _save(work.transaction, visits, changed)
    if plans:
        await documents.save(work.transaction, plans)
    await counters.save(work.transaction, counter, known)
    for visit, bill in changed:
        message = announcements.bill_changed(visit, bill)
        work.publish(message, cause=causes.get(visit.visit_id, last))
    await counters.say(work, counter, outcomes)
    await online_sales.keep(work, clocks, outcomes)


async def _lock_and_load(
    transaction: Transaction, heard: Sequence[Heard], said: Sequence[Said]
) -> Counter:
    """Lock the appointments, so that they stay where they are, and then the bills of their visits.

    The online payments of sales come before, for their money may have to go back; sales come last.
    Everybody locks in this order, and each kind in the order of the ids: nobody waits in a circle.
    Nobody changes an appointment, or a payment of it, without the bill of its visit.
    """
    if heard:
        await bills.open_missing(transaction, {one.visit_id: one.owner for one in heard})
    reach = await counters.reach(transaction, counters.of_counter(said))
    places = reach.appointments | {one.appointment_id: one.visit_id for one in heard}
    sale_ids, beside = await sales.reach(transaction, counters.of_sales(said), places)
    if sale_ids:
        await payments.lock_of_sales(transaction, sale_ids)
    places = beside.appointments | places
    homes = await appointments.lock(transaction, places) if places else set[UUID]()
    healings = counters.of_healings(said)
    visit_ids = {one.visit_id for one in heard} | reach.visit_ids | beside.visit_ids | homes
    visit_ids |= await healing.reach(transaction, healings)
    visits = await bills.lock_and_load(transaction, visit_ids)
    await appointments.load(transaction, visits)
    ids = [appointment_id for visit in visits.values() for appointment_id in visit.appointments]
    counter = Counter(
        Visits(visits.values()),
        await counter_store.load_payments(transaction, ids),
        await counter_store.load_debits(transaction, ids),
    )
    show_payments(counter, ids)
    sale_ids |= {each.sale_id for each in counter.debits.values() if each.sale_id}
    waiting = (each for each in counter.payments.values() if each.state is State.PENDING)
    sale_ids |= {each.sale_id for each in waiting if each.sale_id}
    if sale_ids:
        counter.sales = await sale_store.lock_and_load(transaction, sale_ids)
    healing_ids = {each.healing_id for each in counter.debits.values() if each.healing_id}
    if healing_ids:
        counter.healings = await healing_store.lock_and_load(transaction, healing_ids)
    named = {client_id for one in healings for client_id in one.client_ids}
    if named := named | sales.buyers(said):
        named |= {visit.owner.client_id for visit in visits.values()}
        counter.merged = await clients.kept(transaction, named)
    return counter


def _hear(visits: Visits, heard: Sequence[Heard]) -> tuple[dict[UUID, UUID], dict[UUID, str]]:
    """Take in facts; return which message concerned which visit, and the plans that are new."""
    causes: dict[UUID, UUID] = {}
    plans: dict[UUID, str] = {}
    for one in heard:
        concerned = visits.hear(one.visit_id, one.appointment_id, one.fact)
        causes |= dict.fromkeys(concerned, one.cause)
        if concerned and one.document is not None:
            plans[one.appointment_id] = one.document
    return causes, plans


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
