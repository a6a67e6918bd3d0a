"""Two replicas decide about the same things at the same time."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from contracts.base import Command
from contracts.booking import CreateService, ServiceForm
from web import Role

from .changes import moving, rescheduling
from .news import billed, settled
from .studio import MONDAY, Studio


async def states(studio: Studio) -> list[str]:
    rows = await studio.database.pool.fetch(
        "SELECT state FROM operations ORDER BY created_at DESC LIMIT 2"
    )
    return sorted(row["state"] for row in rows)


@pytest.mark.rule("X2")
async def test_two_replicas_race_for_one_slot_and_one_of_them_gets_it(studio: Studio) -> None:
    massage = await studio.service()
    await studio.team_member(massage)
    for hour in range(8):
        start = MONDAY + timedelta(hours=hour)
        await asyncio.gather(
            studio.ask(Role.WIDGET, studio.submit(massage, start=start)),
            studio.ask(Role.WIDGET, studio.submit(massage, start=start, phone="030 901821")),
        )
        assert await states(studio) == ["done", "refused"]


@pytest.mark.rule("X2")
async def test_two_replicas_race_for_the_last_spot_and_one_of_them_gets_it(
    studio: Studio,
) -> None:
    yoga = await studio.service("group")
    for _ in range(8):
        event = await studio.event(yoga, capacity=1)
        await asyncio.gather(
            *(studio.ask(Role.WIDGET, studio.submit_spots(event)) for _ in range(2))
        )
        assert await states(studio) == ["done", "refused"]
        spots = "SELECT spots_taken FROM events WHERE event_id = $1"
        assert await studio.database.pool.fetchval(spots, event) == 1


@pytest.mark.rule("X2", "X3")
async def test_of_200_clients_who_want_20_spots_20_get_one_and_the_others_read_that_it_is_full(
    studio: Studio,
) -> None:
    event = await studio.event(await studio.service("group"), capacity=20)
    records = [
        studio.record(Role.WIDGET, studio.submit_spots(event, phone=f"+49309{number:05d}"))
        for number in range(200)
    ]
    await asyncio.gather(*(studio.deliver(records[part::4]) for part in range(4)))
    rows = await studio.database.pool.fetch(
        "SELECT coalesce(problem ->> 'type', state), count(*) FROM operations"
        " WHERE result ? 'booking_id' OR problem IS NOT NULL GROUP BY 1"
    )
    assert dict(map(tuple, rows)) == {"done": 20, "/problems/event-full": 180}
    assert await studio.database.pool.fetchval("SELECT spots_taken FROM events") == 20


@pytest.mark.rule("X2")
async def test_a_second_batch_that_waited_for_the_lock_sees_what_the_first_one_took(
    studio: Studio,
) -> None:
    massage = await studio.service()
    anna = await studio.team_member(massage)
    async with studio.database.transaction() as transaction:
        await transaction.execute(
            "SELECT 1 FROM team_members WHERE team_member_id = $1 FOR NO KEY UPDATE", anna
        )
        waiting = asyncio.create_task(studio.refused(Role.WIDGET, studio.submit(massage)))
        await until_somebody_waits(studio)
        await transaction.execute(
            "INSERT INTO slot_cells SELECT $1, $2, gen_random_uuid()",
            anna,
            int(MONDAY.timestamp()) // 300 + 11,
        )
    assert (await waiting)[0] == "slot-taken"


@pytest.mark.rule("G2")
async def test_settings_that_change_at_the_same_time_agree_with_each_other(
    studio: Studio,
) -> None:
    service = ServiceForm(
        name="Massage",
        kind="individual",
        duration_minutes=60,
        price=5_000,
        membership_booking=True,
        online_prepayment=True,
    )
    both = CreateService(service_id=uuid4(), location_id=studio.location_id, service=service)
    async with studio.database.transaction() as transaction:
        await transaction.execute(
            "UPDATE locations SET individual_payment = 'mandatory' WHERE location_id = $1",
            studio.location_id,
        )
        waiting = asyncio.create_task(studio.refused(Role.OPERATOR, both))
        await until_somebody_waits(studio)
    assert (await waiting)[0] == "settings-conflict"


async def test_batches_that_speak_of_the_same_appointments_in_other_orders_do_not_deadlock(
    studio: Studio,
) -> None:
    first, second, last = [await studio.appointment() for _ in range(3)]
    before = deadlocks()
    async with studio.database.transaction() as transaction:
        # Nobody gets past the last one until both batches are under way.
        await transaction.execute(
            "SELECT 1 FROM appointments WHERE appointment_id = $1 FOR UPDATE", last.appointment_id
        )
        racing = asyncio.gather(
            studio.hear(settled(first, 1, uuid4()), settled(last, 1, None), billed(second, 1, 0)),
            studio.hear(settled(second, 1, uuid4()), settled(last, 2, None), billed(first, 1, 0)),
        )
        await until_somebody_waits(studio, count=2)
    await racing
    paid = "SELECT count(*) FROM appointments WHERE debit_status = 'debited' AND owed = 0"
    assert await studio.database.pool.fetchval(paid) == 2
    assert deadlocks() == before


@pytest.mark.rule("X2", "G11")
async def test_two_who_exchange_their_times_and_events_do_not_deadlock(studio: Studio) -> None:
    massage = await studio.service()
    anna, ben = await studio.team_member(massage), await studio.team_member(massage)
    yoga = await studio.service("group")
    here, there = [await studio.event(yoga, capacity=40) for _ in range(2)]
    commands: list[list[Command]] = [[], []]
    for number in range(8):
        start = MONDAY + timedelta(hours=number)
        one, other = [
            (await studio.booked(command)).appointments[0]
            for command in (
                studio.submit(massage, start=start, team_member_id=anna if number % 2 else ben),
                studio.submit_spots(here if number % 2 else there),
            )
        ]
        later = start + timedelta(days=1)
        commands[number % 2] += [
            rescheduling(studio, one, later, team_member_id=ben if number % 2 else anna),
            rescheduling(studio, other, event_id=there if number % 2 else here),
        ]
    before = deadlocks()
    racing = [studio.ask(Role.OPERATOR, each) for part in commands for each in part]
    whole = [studio.ask(Role.OPERATOR, moving(studio, here, MONDAY + timedelta(days=2)))]
    answers = await asyncio.gather(*racing, *whole)
    assert {answer.state for [answer] in answers} == {"done"}
    assert deadlocks() == before


def deadlocks() -> float:
    """Return how often this process began a batch anew because of a deadlock."""
    reason = {"reason": "DeadlockDetectedError"}
    return REGISTRY.get_sample_value("messaging_retries_total", reason) or 0


async def until_somebody_waits(studio: Studio, count: int = 1) -> None:
    waiting = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
    """
    async with asyncio.timeout(30):
        while await studio.database.pool.fetchval(waiting) < count:  # noqa: ASYNC110 — nothing tells
            await asyncio.sleep(0.01)
