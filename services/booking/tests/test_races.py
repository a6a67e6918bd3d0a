"""Two replicas decide about the same things at the same time."""

import asyncio
from datetime import timedelta

import pytest

from contracts.booking import CancelAppointment, CancellationForm
from web import Role

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


@pytest.mark.rule("X2")
async def test_batches_that_take_and_free_the_same_slots_in_other_orders_never_deadlock(
    studio: Studio,
) -> None:
    massage = await studio.service()
    team = [await studio.team_member(massage) for _ in range(6)]
    hours = [MONDAY + timedelta(hours=hour) for hour in range(4)]
    for _ in range(3):
        bookings = [
            await studio.booked(studio.submit(massage, start=start, team_member_id=who))
            for start, who in zip(hours, team, strict=False)
        ]
        cancels = [
            CancelAppointment(
                appointment_id=booking.appointments[0].appointment_id,
                location_id=studio.location_id,
                cancellation=CancellationForm(),
            )
            for booking in bookings
        ]
        again = [
            studio.submit(massage, start=start, team_member_id=who)
            for start, who in zip(hours, team, strict=False)
        ]
        forth = [cancels[0], cancels[1], again[2], again[3]]
        back = [again[1], again[0], cancels[3], cancels[2]]
        await asyncio.gather(studio.ask(Role.OPERATOR, *forth), studio.ask(Role.OPERATOR, *back))
        await cancel_all(studio)
    waited = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    assert await studio.database.pool.fetchval(waited) == 0


async def until_somebody_waits(studio: Studio) -> None:
    waiting = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
    """
    async with asyncio.timeout(30):
        while await studio.database.pool.fetchval(waiting) == 0:  # noqa: ASYNC110 — nothing tells
            await asyncio.sleep(0.01)


async def cancel_all(studio: Studio) -> None:
    rows = await studio.database.pool.fetch(
        "SELECT appointment_id FROM appointments WHERE state = 'accepted'"
    )
    commands = [
        CancelAppointment(
            appointment_id=row["appointment_id"],
            location_id=studio.location_id,
            cancellation=CancellationForm(),
        )
        for row in rows
    ]
    await studio.ask(Role.OPERATOR, *commands)
    assert await studio.database.pool.fetchval("SELECT count(*) FROM slot_cells") == 0
