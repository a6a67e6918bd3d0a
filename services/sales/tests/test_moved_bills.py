"""A rescheduled appointment is on the bill of its new date, and on no other."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from contracts.base import Message
from contracts.booking import AppointmentCancelled, AppointmentRescheduled, BookingAccepted
from contracts.membership import AppointmentSettled
from contracts.sales import BillChanged
from contracts.values import Appointment
from postgres import Database

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]
Settled = Callable[..., AppointmentSettled]


def moved(planned: Appointment, visit_id: UUID | None = None) -> Appointment:
    """Return the next plan of an appointment: a day later, and so in another visit."""
    day = timedelta(days=1)
    return planned.model_copy(
        update={
            "revision": planned.revision + 1,
            "visit_id": visit_id or uuid4(),
            "start": planned.start + day,
            "end": planned.end + day,
        }
    )


def rescheduled(before: Appointment, after: Appointment) -> AppointmentRescheduled:
    return AppointmentRescheduled(
        appointment_id=after.appointment_id,
        location_id=after.location_id,
        appointment=after,
        previous_start=before.start,
        previous_visit_id=before.visit_id,
        rescheduled_at=before.start - timedelta(hours=1),
    )


async def bills(database: Database) -> dict[UUID, BillChanged]:
    """Return the newest bill of every visit, as it was said."""
    query = "SELECT body FROM outbox WHERE topic = 'sales.bills' ORDER BY id"
    said = [
        BillChanged.model_validate_json(row["body"]) for row in await database.pool.fetch(query)
    ]
    return {bill.visit_id: bill for bill in said}


@pytest.mark.rule("G11")
async def test_what_stays_on_the_old_date_is_billed_there_and_what_moved_with_a_later_revision(
    database: Database, hear: Hear, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    morning = appointment(1500)
    evening = appointment(by_hand=(4000,), other=morning)
    await hear(accepted(morning), accepted(evening))
    later = moved(morning)
    await hear(rescheduled(morning, later))
    # Membership may not have heard of the new date when it says this.
    await hear(settled(morning, True))
    after = await bills(database)
    old, new = after[morning.visit_id], after[later.visit_id]
    assert (old.total, old.owed) == (4000, 4000)
    assert [one.appointment_id for one in old.appointments] == [evening.appointment_id]
    assert (new.total, new.debited, new.owed) == (1500, 1500, 0)
    # Who shows an appointment keeps the newest revision of the bills that it was on.
    assert new.revision > 1
    last = moved(evening, later.visit_id)
    await hear(rescheduled(evening, last))
    after = await bills(database)
    assert (after[morning.visit_id].total, after[morning.visit_id].appointments) == (0, ())
    assert after[morning.visit_id].payment_status == "paid"
    assert (after[later.visit_id].total, after[later.visit_id].owed) == (5500, 4000)


@pytest.mark.rule("G11", "A15")
async def test_all_orders_of_arrival_end_on_the_same_bill(
    database: Database,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
    settled: Settled,
) -> None:
    for order in permutations(range(4)):
        planned = appointment(1500)
        later = moved(planned)
        facts: list[Message] = [
            accepted(planned),
            rescheduled(planned, later),
            settled(planned, True),
            cancelled(later, charge=True),
        ]
        for index in order:
            await hear(facts[index])
        after = await bills(database)
        assert (after[later.visit_id].total, after[later.visit_id].debited) == (1500, 1500)
        if planned.visit_id in after:
            assert after[planned.visit_id].total == 0


@pytest.mark.rule("G11")
async def test_replicas_that_move_and_bill_the_same_appointments_at_once_miss_nothing(
    database: Database, hear: Hear, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    planned = [appointment(1500) for _ in range(30)]
    # Pairs change places: each visit is left by one appointment and entered by another.
    moves = [(each, moved(each, planned[index ^ 1].visit_id)) for index, each in enumerate(planned)]
    facts: list[Message] = [accepted(each) for each in planned]
    facts += [rescheduled(before, after) for before, after in moves]
    facts += [settled(each, True) for each in planned]
    random.Random(7).shuffle(facts)
    await asyncio.gather(*(hear(*facts[first : first + 30]) for first in range(0, 90, 30)))
    last = await bills(database)
    for _, after in moves:
        [part] = last[after.visit_id].appointments
        assert part.appointment_id == after.appointment_id
        assert (part.total, part.owed) == (1500, 0)
