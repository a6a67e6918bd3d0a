"""Bills of visits are kept from two topics, whichever is heard first, and said when they change."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import permutations

import httpx
import pytest

from contracts.base import Message
from contracts.booking import AppointmentCancelled, BookingAccepted
from contracts.membership import AppointmentSettled
from contracts.sales import BillChanged
from contracts.sales_views import BillView
from contracts.values import Appointment
from postgres import Database
from web import Role

Hear = Callable[..., Awaitable[None]]
New = Callable[..., Appointment]
Accepted = Callable[..., BookingAccepted]
Cancelled = Callable[..., AppointmentCancelled]
Settled = Callable[..., AppointmentSettled]
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def said(database: Database) -> list[BillChanged]:
    rows = await database.pool.fetch("SELECT body FROM outbox ORDER BY id")
    return [BillChanged.model_validate_json(row["body"]) for row in rows]


def amounts(bill: BillChanged) -> tuple[int, int, int, int, str]:
    return bill.revision, bill.total, bill.debited, bill.owed, bill.payment_status


@pytest.mark.rule("A8", "A9", "X5")
async def test_a_bill_is_said_at_every_change_with_its_revision(
    database: Database, hear: Hear, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    planned = appointment(1500, 1500, by_hand=(4000,))
    await hear(accepted(planned))
    await hear(settled(planned, True, False))
    await hear(settled(planned, True, True, revision=2))
    bills = await said(database)
    assert [amounts(bill) for bill in bills] == [
        (1, 7000, 0, 7000, "unpaid"),
        (2, 7000, 1500, 5500, "paid_partially"),
        (3, 7000, 3000, 4000, "paid_partially"),
    ]
    assert {bill.currency for bill in bills} == {"EUR"}
    assert {bill.visit_id for bill in bills} == {planned.visit_id}
    assert bills[-1].appointments[0].owed == 4000


@pytest.mark.rule("A12")
async def test_appointments_of_one_visit_share_its_bill(
    database: Database, hear: Hear, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    first = appointment(1500)
    second = appointment(by_hand=(4000,), other=first)
    await hear(accepted(first, second), settled(first, True))
    [bill] = await said(database)
    assert amounts(bill) == (1, 5500, 1500, 4000, "paid_partially")
    assert [(one.owed, one.payment_status) for one in bill.appointments] == [
        (0, "paid"),
        (4000, "unpaid"),
    ]


@pytest.mark.rule("A2", "A15")
@pytest.mark.parametrize("charge", [False, True])
async def test_all_orders_of_arrival_end_in_the_same_bill(
    database: Database,
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    cancelled: Cancelled,
    settled: Settled,
    charge: bool,
) -> None:
    expected = (1500, 1500, 0, "paid") if charge else (0, 0, 0, "paid")
    for order in permutations(range(4)):
        planned = appointment(1500, by_hand=(4000,))
        facts: list[Message] = [
            accepted(planned),
            cancelled(planned, charge=charge),
            settled(planned, False),
            settled(planned, charge, revision=2),
        ]
        for index in order:
            await hear(facts[index])
        bill = [each for each in await said(database) if each.visit_id == planned.visit_id][-1]
        assert amounts(bill)[1:] == expected


async def test_a_settlement_that_is_heard_first_waits_for_the_plan(
    database: Database, hear: Hear, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    planned = appointment(1500)
    await hear(settled(planned, True))
    assert await said(database) == []
    await hear(accepted(planned))
    assert [amounts(bill) for bill in await said(database)] == [(1, 1500, 1500, 0, "paid")]


async def test_replicas_that_bill_the_same_visits_at_once_miss_nothing(
    database: Database, hear: Hear, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    mornings = [appointment(1500) for _ in range(30)]
    evenings = [appointment(2000, other=each) for each in mornings]
    facts: list[Message] = [accepted(each) for each in mornings + evenings]
    facts += [settled(each, True) for each in mornings + evenings]
    random.Random(7).shuffle(facts)
    await asyncio.gather(*(hear(*facts[first : first + 30]) for first in range(0, 120, 30)))
    last = {bill.visit_id: bill for bill in await said(database)}
    assert {amounts(bill)[1:] for bill in last.values()} == {(3500, 3500, 0, "paid")}
    assert len(last) == 30


async def test_a_batch_that_waited_for_a_bill_goes_on_from_what_it_finds(
    database: Database, hear: Hear, appointment: New, accepted: Accepted, settled: Settled
) -> None:
    planned = appointment(1500)
    await hear(accepted(planned))
    async with database.transaction() as transaction:
        await transaction.execute("UPDATE bills SET revision = 7")
        waiting = asyncio.ensure_future(hear(settled(planned, True)))
        async with asyncio.timeout(30):
            while not await database.pool.fetchval(WAITING):  # noqa: ASYNC110 — nothing tells
                await asyncio.sleep(0.01)
    await waiting
    assert [bill.revision for bill in await said(database)] == [1, 8]


@pytest.mark.rule("A9", "A16")
async def test_a_bill_is_shown_with_the_lines_that_stand(
    hear: Hear,
    appointment: New,
    accepted: Accepted,
    settled: Settled,
    token: Callable[..., str],
    caller: httpx.AsyncClient,
) -> None:
    planned = appointment(1500, by_hand=(4000,))
    settlement = settled(planned, True)
    path = f"/visits/{planned.visit_id}/bill"

    async def get(role: Role) -> httpx.Response:
        as_role = token(role, planned.chain_id, planned.location_id)
        return await caller.get(path, headers={"Authorization": f"Bearer {as_role}"})

    await hear(settlement)
    assert (await get(Role.OPERATOR)).status_code == 404
    await hear(accepted(planned))
    bill = BillView.model_validate_json((await get(Role.OPERATOR)).content)
    assert [(line.price.amount, line.debited, line.membership_id) for line in bill.lines] == [
        (1500, True, settlement.lines[0].membership_id),
        (4000, False, None),
    ]
    assert (bill.total.amount, bill.debited.amount, bill.owed.amount) == (5500, 1500, 4000)
    assert (await get(Role.WIDGET)).status_code == 404
